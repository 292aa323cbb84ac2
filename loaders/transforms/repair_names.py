"""Repair of names that were UTF-8 and once read as Latin-1 or Windows-1252."""

from collections.abc import Sequence

import ftfy

_WRONG_READINGS = ("latin-1", "sloppy-windows-1252")


def repaired(name: str) -> str:
    """Return a name without its mojibake ("BallakÃ© Sissoko" -> "Ballaké Sissoko").

    Only a name that is wholly explained by one wrong reading is changed. Curly quotes,
    full-width letters, ligatures and decomposed accents are how artists write themselves.
    """
    if name.isascii():
        return name
    fixed = ftfy.fix_encoding(name)
    return fixed if any(_misread(fixed, codec) == name for codec in _WRONG_READINGS) else name


def raw_where_repaired(names: Sequence[str], fixed: Sequence[str]) -> list[str | None]:
    """Return the raw name where it was repaired, None elsewhere."""
    return [raw if raw != good else None for raw, good in zip(names, fixed, strict=True)]


def repair_note(file: str, names: Sequence[str], fixed: Sequence[str]) -> list[str]:
    """Return the sentence that says which names were repaired, if any were."""
    changed = [(raw, good) for raw, good in zip(names, fixed, strict=True) if raw != good]
    if not changed:
        return []
    shown = ", ".join(f"{raw} -> {good}" for raw, good in changed[:3])
    more = f" and {len(changed) - 3:,} more" if len(changed) > 3 else ""
    count = "1 name was" if len(changed) == 1 else f"{len(changed):,} names were"
    return [f"{file}: {count} repaired (UTF-8 once read as Latin-1): {shown}{more}."]


def _misread(name: str, codec: str) -> str:
    return name.encode("utf-8").decode(codec, errors="replace")
