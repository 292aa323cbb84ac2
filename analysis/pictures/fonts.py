"""Fonts for every letter that a name may have."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text

# Fonts of boxes instead of letters, and of pictures that matplotlib can't draw.
_DRAWS_NO_LETTERS = re.compile("last ?resort|color", re.IGNORECASE).search

# Comes with matplotlib: Latin, Greek, Cyrillic and many signs.
STANDARD = "DejaVu Sans"

# Points at which letters are measured.
_SIZE = 12.0


def settle(figure: Figure) -> bool:
    """Give each text of ``figure`` the fonts that its letters take, where the machine has them.

    Returns whether any takes other fonts than the standard one.
    """
    changed = False
    for text in _texts(figure):
        found = families(text.get_text())
        if found != [STANDARD]:
            text.set_fontfamily(found)
            changed = True
    return changed


def families(text: str) -> list[str]:
    """The standard font and, for letters that it lacks, others that have them."""
    found = [STANDARD]
    if text.isascii():
        return found
    for letter in _lacking(text, STANDARD):
        if not any(ord(letter) in _letters(_paths()[name]) for name in found):
            found += [name for name in [_font_with(letter)] if name]
    return found


def width(text: str) -> float:
    """How wide ``text`` is, in widths of the standard font's "n"."""
    return sum(_advance(letter) for letter in text) / _advance("n")


@cache
def _advance(letter: str) -> float:
    """The width of ``letter`` in the standard font, in pixels of no meaning by themselves."""
    if ord(letter) not in _letters(_paths()[STANDARD]):
        # What other fonts have is about a square; marks stand over the letter before.
        return 0.0 if unicodedata.category(letter)[0] in "CM" else float(_SIZE)
    return float(_face().load_char(ord(letter)).linearHoriAdvance) / 65536


@cache
def _face() -> FT2Font:
    face = FT2Font(_paths()[STANDARD])
    face.set_size(_SIZE, 72)
    return face


def in_words(letters: str) -> str:
    """What to say of letters that no font has, such as ``unseen`` finds."""
    return (
        f"no font of this machine has {letters}: boxes stand in their place; fonts such as Noto "
        "Sans CJK and Noto Emoji have most letters"
    )


def unseen(figure: Figure) -> str:
    """The letters of ``figure`` that no font of this machine has, in order."""
    letters = {letter for text in _texts(figure) for letter in _lacking(text.get_text(), STANDARD)}
    return "".join(sorted(letter for letter in letters if _font_with(letter) is None))


def _texts(figure: Figure) -> Iterable[Text]:
    return (text for text in figure.findobj(Text) if isinstance(text, Text))


def _lacking(text: str, name: str) -> list[str]:
    known = _letters(_paths()[name])
    return [
        letter
        for letter in dict.fromkeys(text)
        if ord(letter) not in known and unicodedata.category(letter)[0] not in "CZ"
    ]


@cache
def _font_with(letter: str) -> str | None:
    """The first font, by name, that has ``letter``; None where none has."""
    for name, path in _paths().items():
        if ord(letter) in _letters(path):
            return name
    return None


@cache
def _paths() -> dict[str, str]:
    """Files of the upright fonts by family, sans first: also those installed since matplotlib
    last looked.
    """
    manager = font_manager.fontManager
    known = {Path(entry.fname).resolve() for entry in manager.ttflist}
    for file in font_manager.findSystemFonts():
        if Path(file).resolve() not in known:
            try:
                manager.addfont(file)
            except (OSError, RuntimeError, UnicodeError):
                continue
    paths: dict[str, str] = {}
    for entry in sorted(manager.ttflist, key=_preference):
        if entry.style == "normal" and _weight(entry) <= 500 and not _DRAWS_NO_LETTERS(entry.name):
            paths.setdefault(entry.name, entry.fname)
    return paths


def _preference(entry: font_manager.FontEntry) -> tuple[bool, int, str]:
    """Sans before others, regular before light and bold, then by name."""
    return "sans" not in entry.name.lower(), abs(_weight(entry) - 400), entry.name


def _weight(entry: font_manager.FontEntry) -> int:
    return entry.weight if isinstance(entry.weight, int) else 400


@cache
def _letters(path: str) -> frozenset[int]:
    """Code points that a font file has; none where it can't be read."""
    try:
        return frozenset(FT2Font(path).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()
