"""Rows of separated text that end in a line feed, with whatever else would end a line quoted."""

from typing import Protocol

CRLF = "\r\n"
"""What writers that write to ``LineFeeds`` have to end rows with."""


class Text(Protocol):
    """What text can be written to."""

    def write(self, text: str, /) -> object:
        """Write ``text``."""


class LineFeeds:
    """Passes rows on to ``file`` with a line feed in place of CRLF.

    Python's csv quotes a cell that holds a sign of the row's end: a carriage return within a name
    would else be one.
    """

    def __init__(self, file: Text) -> None:
        self._file = file

    def write(self, text: str) -> object:
        """Write one row, or several of which none but the last ends in CRLF."""
        return self._file.write(text.removesuffix(CRLF) + "\n" if text.endswith(CRLF) else text)
