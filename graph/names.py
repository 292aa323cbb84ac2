"""How names are compared: without case and accents, and which is near to a wrong one."""

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches


def name_key(name: str) -> str:
    """``name`` without case, accents and outer blanks: the same for all its spellings.

    A name that is nothing but marks keeps them, so that no key is empty.
    """
    if name.isascii():
        return " ".join(name.casefold().split()) or name.strip()
    folded = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return " ".join(bare.split()) or name.strip()


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` for the one of ``known`` that is nearest; empty where none is."""
    nearest = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {nearest[0]!r}?" if nearest else ""
