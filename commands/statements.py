"""Where one statement ends and the next begins, in what is typed or piped into the shell."""

import re

from tastegraph.graph.query_files import query_names

# A string, a comment or a name between backticks, whole or still open; or a semicolon.
_PART = re.compile(
    r"""'(?:[^'\\]|\\.)*(?:'|\Z)|"(?:[^"\\]|\\.)*(?:"|\Z)|`[^`]*(?:`|\Z)"""
    r"""|//[^\n]*|/\*.*?(?:\*/|\Z)|;""",
    re.DOTALL,
)


def statements(text: str) -> list[str]:
    """The statements of ``text``, which semicolons end; what is left is the last one."""
    found, start = [], 0
    for part in _PART.finditer(text):
        if part[0] == ";":
            found.append(text[start : part.start()])
            start = part.end()
    return [each.strip() for each in (*found, text[start:]) if each.strip()]


def is_complete(text: str) -> bool:
    """Whether Enter runs ``text``, rather than begin another line of it.

    It does behind a semicolon and on an empty line, and where one line says all: a command of
    the shell or a query of ours.
    """
    if not text.strip() or text.endswith("\n") or text.lstrip().startswith(":"):
        return True
    words = text.split()
    if words[0] in query_names():
        return True
    return _ends_with_semicolon(text)


def _ends_with_semicolon(text: str) -> bool:
    ends = [part.end() for part in _PART.finditer(text) if part[0] == ";"]
    return bool(ends) and not text[ends[-1] :].strip()
