"""How names are compared: without case and accents."""

import unicodedata


def name_key(name: str) -> str:
    """``name`` without case, accents and outer blanks: the same for all its spellings.

    A name that is nothing but marks keeps them, so that no key is empty.
    """
    if name.isascii():
        return " ".join(name.casefold().split()) or name.strip()
    folded = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return " ".join(bare.split()) or name.strip()
