"""Spellings that are the same to a person."""

from unicodedata import normalize


def bare(name: str) -> str:
    """``name`` without outer blanks and invisible marks, its Unicode composed (NFC)."""
    if name.isascii():
        return name.strip()
    return normalize("NFC", name.strip().strip("\u200b\ufeff").strip())


def spelling(name: str) -> str:
    """``name`` without what people do not see or mean: case, Unicode form, blanks."""
    return " ".join(bare(name).casefold().split())
