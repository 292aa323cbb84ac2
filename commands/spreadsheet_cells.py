"""Cells that a spreadsheet shows rather than runs."""

import re
from typing import TYPE_CHECKING, Any

from tastegraph.runtime.printable import printable

if TYPE_CHECKING:
    import pandas as pd

# What a spreadsheet takes for the start of a formula, in the widths of East Asia, too
# (https://owasp.org/www-community/attacks/CSV_Injection).
_STARTS_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


def inert(text: str) -> str:
    """``text`` without control characters, behind an apostrophe where it would be a formula.

    A number stays as it is.
    """
    # A carriage return in front is taken off by some spreadsheets, and what follows is run.
    is_formula = text.startswith(_STARTS_FORMULA) and not _NUMBER.fullmatch(text)
    return f"'{printable(text)}" if is_formula else printable(text)


def inert_cells(frame: "pd.DataFrame") -> tuple["pd.DataFrame", int]:
    """``frame`` with all its texts inert, names of columns among them, and how many changed."""
    changed = 0

    def shown(cell: Any) -> Any:
        nonlocal changed
        if not isinstance(cell, str):
            return cell
        made = inert(cell)
        changed += made != cell
        return made

    texts: dict[Any, Any] = {
        name: [shown(cell) for cell in frame[name]]
        for name in frame.columns
        if any(isinstance(cell, str) for cell in frame[name])
    }
    return frame.assign(**texts).rename(columns=shown), changed
