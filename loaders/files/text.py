"""Bytes of a file to text, never guessing silently."""

import codecs
import re
from pathlib import Path

from tastegraph.errors import InputError

_NOT_LATIN_1 = re.compile(r"[\x80-\x9f]")
_ESCAPED = re.compile("[\udc80-\udcff]+")
_NOT_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_bytes(path: Path) -> bytes:
    """Return the content of a file, or raise InputError where there is none to read."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"There is no file {path}. Check the path.") from error
    except IsADirectoryError as error:
        raise InputError(f"{path} is a folder; name a file in it.") from error
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}. Check its rights.") from error
    if not data:
        raise InputError(f"{path.name} is empty; it needs a header line. Fetch or write it again.")
    return data


def listing(folder: Path) -> list[str]:
    """Return the sorted names in a folder, none where it is no folder."""
    try:
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        raise InputError(f"{folder} can't be read: {error.strerror}. Check its rights.") from error


def read_text(path: Path) -> tuple[str, list[str]]:
    """Return the text of a file and notes on how it was decoded.

    UTF-8 (with or without byte order mark) is tried first, then Latin-1 and Windows-1252, which
    is noted. InputError where the file is missing, empty, damaged UTF-8 or no text in any of these.
    """
    return decode(read_bytes(path), path.name)


def decode(data: bytes, name: str, encoding: str | None = None) -> tuple[str, list[str]]:
    """Return ``data`` as text and notes; ``name`` is the file that messages speak of.

    With ``encoding`` it is that or an InputError.
    """
    if encoding is not None:
        return _told(data, name, encoding), []
    if data.startswith(_UTF_16):
        raise InputError(f"{name} is UTF-16 text. Save it as UTF-8 and load again.")
    if b"\0" in data:
        line = _line_at(data, data.index(b"\0"))
        raise InputError(
            f"{name}, line {line}: a NUL byte, so this is no text file (packed, or damaged?). "
            "Unpack it or fetch it again."
        )
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        return _decode_other(data, name, error)


def _told(data: bytes, name: str, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except LookupError as error:
        raise InputError(
            f"There is no encoding {encoding}. Name one such as utf-8, latin-1 or utf-16."
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name}, line {_line_at(data, error.start)}: the byte 0x{data[error.start]:02x} is "
            f"not {encoding}. Name another encoding, or correct the line."
        ) from error


def _decode_other(data: bytes, name: str, error: UnicodeDecodeError) -> tuple[str, list[str]]:
    """Text that is no flawless UTF-8: damaged UTF-8 is refused, anything else is of one byte."""
    text = data.decode("utf-8", errors="surrogateescape")
    broken = len(_ESCAPED.findall(text))
    letters = len(_NOT_ASCII.findall(text))
    line = _line_at(data, error.start)
    # In text of one byte a letter, what reads as UTF-8 is a rare accident and no majority.
    if letters >= broken:
        raise InputError(
            f"{name}, line {line}: the byte 0x{data[error.start]:02x} is not UTF-8, as the rest of "
            f"the file is ({letters:,} letters beyond ASCII are; broken places: {broken:,}). "
            "Correct the line and load again."
        )
    return _decode_single_bytes(data, name, line)


def _decode_single_bytes(data: bytes, name: str, first: int) -> tuple[str, list[str]]:
    text, encoding = data.decode("latin-1"), "Latin-1"
    control = _NOT_LATIN_1.search(text)
    if control:
        encoding = "Windows-1252"
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as error:
            line = _line_at(data, error.start)
            raise InputError(
                f"{name} is neither UTF-8 (line {first}) nor Latin-1 or Windows-1252 text "
                f"(line {line} holds the byte 0x{data[error.start]:02x}). "
                "Save it as UTF-8 and load again."
            ) from error
    lines = sum(not line.isascii() for line in text.split("\n"))
    note = (
        f"{name} is not UTF-8 (first at line {first}); it was read as {encoding}. Lines with "
        f"accented letters: {lines:,}; if they look wrong, save the file as UTF-8."
    )
    return text, [note]


def _line_at(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1
