"""Text from data without the signs that steer a terminal or turn a line around."""

import re

# Control characters, line and paragraph separators, and what reverses the letters after it
# (https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings).
_REVERSING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROL = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029{_REVERSING}]")
_CONTROL_BUT_LINES = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029{_REVERSING}]")

# Those that JSON leaves as they are within a text.
_NOT_ESCAPED = re.compile(f"[\x7f-\x9f\u2028\u2029{_REVERSING}]")


def on_one_line(text: str) -> str:
    """``text`` with a blank for each control character, ends of lines and tabs among them."""
    return _CONTROL.sub(" ", text)


def printable(text: str) -> str:
    """``text`` with a blank for each control character but line feeds and tabs."""
    return _CONTROL_BUT_LINES.sub(" ", text)


def printable_json(text: str) -> str:
    """JSON that means the same as ``text`` and has its control characters escaped."""
    return _NOT_ESCAPED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
