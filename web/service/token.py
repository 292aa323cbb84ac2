"""The one secret that lets people and programs in who are not on this machine."""

import hmac
from hashlib import sha256
from pathlib import Path

from tastegraph.errors import InputError
from tastegraph.runtime.environment import TOKEN

COOKIE = "tastegraph"
"""The name of the cookie that stands for the token."""

# Fewer letters can be guessed.
_SHORTEST = 16


class Token:
    """A token, which is compared in constant time and never shown."""

    def __init__(self, text: str) -> None:
        """InputError for one that is too short, or holds what no header can."""
        if len(text) < _SHORTEST or not text.isascii() or not text.isprintable():
            raise InputError(
                f"the token is too short or holds blanks and letters that no header takes: give "
                f"{_SHORTEST} letters and digits or more, as 'openssl rand -hex 24' makes them"
            )
        self._text = text.encode()

    @property
    def cookie(self) -> str:
        """What a browser keeps: it lets in, and does not tell the token."""
        return hmac.new(self._text, COOKIE.encode(), sha256).hexdigest()

    def is_in_header(self, authorization: str) -> bool:
        """Whether the header Authorization has the token, as ``Bearer TOKEN``."""
        scheme, _, given = authorization.partition(" ")
        return scheme.lower() == "bearer" and self.is_given(given.strip())

    def is_given(self, text: str) -> bool:
        """Whether ``text`` is the token."""
        return hmac.compare_digest(text.encode(), self._text)

    def is_cookie(self, text: str) -> bool:
        """Whether ``text`` is the cookie."""
        return hmac.compare_digest(text.encode(), self.cookie.encode())


def read_token(file: Path | None) -> Token | None:
    """The token in ``file`` or, without one, in TASTEGRAPH_TOKEN; None where there is neither.

    InputError for a file that can't be read, and for what is no token.
    """
    if file is None:
        return Token(TOKEN.value) if TOKEN.value else None
    try:
        return Token(file.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"the token in {file} can't be read ({error}): give a text file"
        ) from error
