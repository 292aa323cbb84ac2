"""Whole numbers as people and programs write them, read rightly or not at all."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal

_PLAIN = re.compile(r"\+?[0-9]{1,15}")
_EXPONENT = re.compile(r"(\+?[0-9]{1,15}(?:[.,][0-9]{1,15})?)[eE](\+?[0-9]{1,2}|-[0-9])")
_GROUPED = re.compile(
    r"[1-9][0-9]{0,2}(?:([ '\u2019\u00a0\u2009\u202f.,])[0-9]{3})(?:\1[0-9]{3}){0,4}"
)
_DECIMAL = re.compile(r"(.*[0-9])[.,](0*)")
_GROUPING = re.compile("[ '\u2019\u00a0\u2009\u202f.,]")

_THREE_ZEROS = 3


def reader(cells: Iterable[str]) -> Callable[[str], int | None]:
    """How the cells of one column are read: each as a whole number, or None where that is unsure.

    "1 234", "1'234", "1,234", "1.234" and "1.234,0" are 1234, "12.0" and "12,00" are 12, "1.5e3"
    is 1500. "1.000" may be either: it is 1000 where another cell, such as "1.234", shows that
    points group digits in this column, 1 where "1234.000" shows that they do not.
    """
    written = list(cells)
    signs = {sign: _meaning(written, sign) for sign in ".,"}

    def read(cell: str) -> int | None:
        return _read(cell.strip(), signs)

    return read


def _meaning(cells: Iterable[str], sign: str) -> str | None:
    """What a point or comma does in a column where it can be told: "groups" or "decimals"."""
    found = set()
    for cell in (cell.strip() for cell in cells if sign in cell):
        if _EXPONENT.fullmatch(cell):
            continue
        as_group, as_decimal = _group(cell, sign), _whole_part(cell, sign)
        if as_group is not None and as_decimal is None:
            found.add("groups")
        elif as_decimal is not None and as_group is None:
            # "5.0" shows nothing about "1.000", which no program writes beside it.
            zeros = len(cell) - cell.rindex(sign) - 1
            found.add("decimals" if zeros == _THREE_ZEROS else "few decimals")
    if "groups" in found and len(found) > 1:
        return "both"
    return "groups" if "groups" in found else "decimals" if "decimals" in found else None


def _read(cell: str, signs: dict[str, str | None]) -> int | None:
    if _PLAIN.fullmatch(cell):
        return int(cell)
    if match := _EXPONENT.fullmatch(cell):
        value = Decimal(match[1].replace(",", ".")).scaleb(int(match[2]))
        return int(value) if value == value.to_integral_value() else None
    sign = cell[max(cell.rfind("."), cell.rfind(","), 0)] if cell else ""
    as_group, as_decimal = _group(cell, None), _whole_part(cell, sign) if sign in ".," else None
    if sign not in signs or not sign:
        return as_group
    meaning = signs[sign]
    if as_group is not None and as_decimal is not None:
        return {"groups": as_group, "decimals": as_decimal}.get(meaning or "")
    if as_group is not None:
        return as_group if meaning == "groups" or cell.count(sign) > 1 else None
    return as_decimal


def _group(cell: str, sign: str | None) -> int | None:
    """``cell`` as a number whose digits are in groups of three, separated by ``sign`` or any."""
    match = _GROUPED.fullmatch(cell)
    if match is None or (sign is not None and match[1] != sign):
        return None
    return int(_GROUPING.sub("", cell))


def _whole_part(cell: str, sign: str) -> int | None:
    """``cell`` as a number with no more than zeros after the decimal ``sign``."""
    match = _DECIMAL.fullmatch(cell)
    if match is None or cell[len(match[1])] != sign:
        return None
    before = match[1]
    if _PLAIN.fullmatch(before):
        return int(before)
    return None if sign in before else _group(before, None)
