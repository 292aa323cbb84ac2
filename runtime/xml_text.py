"""Text that a file of XML, or of lines, can hold whatever is in it."""

import re

NOT_XML = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
"""What XML does not allow in a text, as signs between the brackets of a regular expression."""

_BREAKS = "\t\n\r\x7f-\x9f\u2028\u2029"
_TO_BLANK = re.compile(f"[{NOT_XML}{_BREAKS}]+")


def one_line(text: str) -> str:
    """``text`` with a blank for every control sign, line break and what XML does not allow."""
    return _TO_BLANK.sub(" ", text).strip()
