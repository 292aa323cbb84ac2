"""Rows as a table for people."""

import textwrap
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from tastegraph.runtime.printable import on_one_line

if TYPE_CHECKING:
    import pandas as pd

# The column that is sentences rather than a value; so is a last one whose values have lines.
_REASONS = "why"

# A name is cut to no fewer letters than these.
_LEAST = 10

# Blanks between two columns.
_GAP = 2

# The column of chances, of which the small ones tell most.
_CHANCE = "p_value"

# Columns of shares of a whole that is everybody's: four digits that tell, wherever they begin.
_SHARES = ("pagerank", "betweenness")

# A cell wider than this sticks out of its column, and makes no other line longer.
_WIDEST = 100


def write_table(frame: "pd.DataFrame", file: Any) -> None:
    """Write rows in columns: folded on a terminal, in whole lines elsewhere."""
    values = [list(row.values()) for row in records(frame)]
    rows = [list(map(_cell_of, frame.columns, row)) for row in values]
    numeric = [_is_numeric(column) for column in zip(*values, strict=True)]
    numeric = numeric or [False] * len(frame.columns)
    names = [on_one_line(str(name)) for name in frame.columns]
    if not file.isatty():
        file.writelines(line + "\n" for line in _whole_lines(names, rows, numeric))
    elif names[-1:] == [_REASONS] or any(hasattr(row[-1], "lines") for row in values):
        _write_reasons_below(names, rows, numeric, file, [_sentences(row[-1]) for row in values])
    else:
        _write_folded(names, rows, numeric, file)


def _is_numeric(cells: tuple[Any, ...]) -> bool:
    """Whether ``cells`` are numbers, or numbers and nothing."""
    there = [cell for cell in cells if cell is not None]
    return bool(there) and all(isinstance(cell, int | float) for cell in there)


def _write_folded(names: list[str], rows: list[list[str]], numeric: list[bool], file: Any) -> None:
    """Fit the table to the terminal by folding its wide columns.

    Numbers are never cut: where they do not fit side by side, the columns go on below, beside
    the first one again.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=file, highlight=False)
    for place, chosen in enumerate(_side_by_side(names, rows, numeric, console.width)):
        table = Table(box=None, pad_edge=False, header_style="bold")
        for at in chosen:
            table.add_column(
                Text(names[at]),
                justify="right" if numeric[at] else "left",
                no_wrap=numeric[at],
                overflow="fold",
            )
        for row in rows:
            table.add_row(*(Text(row[at]) for at in chosen))
        if place:
            console.print()
        console.print(table)


def _side_by_side(
    names: list[str], rows: list[list[str]], numeric: list[bool], width: int
) -> list[list[int]]:
    """Columns that fit beside each other; the first one stands in every group."""
    from rich.cells import cell_len

    full = [max(map(cell_len, column)) for column in zip(names, *rows, strict=True)]
    least = [
        wide if is_number else min(wide, _LEAST)
        for wide, is_number in zip(full, numeric, strict=True)
    ]
    groups = [[0]] if names else [[]]
    for at in range(1, len(names)):
        if sum(least[each] + _GAP for each in groups[-1]) + least[at] > width and groups[-1] != [0]:
            groups.append([0])
        groups[-1].append(at)
    return groups


def _write_reasons_below(
    names: list[str],
    rows: list[list[str]],
    numeric: list[bool],
    file: Any,
    reasons: list[list[str]],
) -> None:
    """Give the reasons of a row lines of their own, since a column for them is too narrow."""
    from rich.console import Console

    width = Console(file=file).width
    indent = "      "
    cells = [row[:-1] for row in rows]
    lines = list(_whole_lines(names[:-1], cells, numeric[:-1]))
    excess = max(map(len, lines)) - width
    if rows and excess > 0 and not all(numeric[:-1]):
        cells = _shortened(cells, numeric[:-1], excess)
        lines = list(_whole_lines(names[:-1], cells, numeric[:-1]))
    for line, sentences in zip(lines, [[], *reasons], strict=True):
        folded = [
            textwrap.wrap(sentence, width, initial_indent=indent, subsequent_indent=indent)
            for sentence in sentences
        ]
        file.writelines(f"{each}\n" for each in (line, *chain.from_iterable(folded)))


def _shortened(rows: list[list[str]], numeric: list[bool], excess: int) -> list[list[str]]:
    """Cut the column of the longest texts, so that lines become shorter by ``excess``."""
    texts = [at for at, is_number in enumerate(numeric) if not is_number]
    widths = {at: max(len(row[at]) for row in rows) for at in texts}
    longest = max(texts, key=lambda at: widths[at])
    room = max(_LEAST, widths[longest] - excess)
    return [
        [
            f"{cell[: room - 1].rstrip()}…" if at == longest and len(cell) > room else cell
            for at, cell in enumerate(row)
        ]
        for row in rows
    ]


def _whole_lines(names: list[str], rows: list[list[str]], numeric: list[bool]) -> Iterator[str]:
    """Lines as long as their own cells need: a pipe has no width."""
    from rich.cells import cell_len

    lines = [names, *rows]
    widths = [min(max(map(cell_len, column)), _WIDEST) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (
            " " * (width - cell_len(cell)) + cell
            if is_number
            else cell + " " * (width - cell_len(cell))
            for cell, width, is_number in zip(line, widths, numeric, strict=True)
        )
        yield "  ".join(cells).rstrip()


def _sentences(value: Any) -> list[str]:
    """``value`` in words, each of its lines by itself where it has some."""
    return [on_one_line(line) for line in getattr(value, "lines", [_cell(value)])]


def _cell_of(column: str, value: Any) -> str:
    """``value`` as ``_cell``, but a small chance or share is no 0."""
    if column in _SHARES and isinstance(value, float):
        return f"{value:.4g}"
    if column == _CHANCE and isinstance(value, float):
        return f"{value:.4f}" if value >= 0.0001 else f"{value:.0e}" if value else "<1e-300"
    return _cell(value)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}"
    # A list of reasons says itself in words.
    if type(value) is list:
        # A list in a list, such as a pair, stays one.
        return ", ".join(f"[{_cell(one)}]" if type(one) is list else _cell(one) for one in value)
    return on_one_line(str(value))


def records(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Rows as dictionaries; what is missing is None."""
    plain = frame.astype(object).where(frame.notna(), None)
    names = list(frame.columns)
    return [dict(zip(names, row, strict=True)) for row in plain.itertuples(index=False, name=None)]
