"""Addresses of the page what-if, which hold all of its state."""

from urllib.parse import quote, urlencode

from tastegraph.web.answers.what_if import GROUPS, Chip, Taste

PAGE = "/what-if"
SHEET = "/what-if/sheet.csv"
KEEP = "/what-if/kept"

USUAL_K = 10
"""How many artists the page shows unless told."""


def address(taste: Taste, moved_by: Chip | None = None, k: int = USUAL_K, path: str = PAGE) -> str:
    """Where ``taste`` is shown."""
    query = urlencode(state(taste, moved_by, k), safe=":", quote_via=quote)
    return path + ("?" + query if query else "")


def state(taste: Taste, moved_by: Chip | None = None, k: int = USUAL_K) -> list[tuple[str, str]]:
    """Names and values of the parameters that say so."""
    fields = [(group, chip.argument) for group in GROUPS for chip in taste.of(group)]
    if k != USUAL_K:
        fields.append(("k", str(k)))
    if moved_by is not None:
        fields.append(("moved_by", moved_by.key))
    return fields
