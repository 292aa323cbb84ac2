"""Mutations of the corpus that a seed chooses."""

import random
from collections.abc import Iterator
from pathlib import Path

from maintenance.fuzz.readers import CORPUS

# What has broken readers before, here and elsewhere.
_TOKENS = (
    *(b"\0", b"\xff", b"\xed\xa0\x80", b"\r", b"\n", b"\t", b",", b'"', b"'", b";", b"|"),
    *(b"nan", b"1e999", b"-1", b"9" * 20, b"9" * 5_000, b"0x", b"null", b"{}", b"[]", b"[" * 2_000),
    *(b"\\ud800", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"\xff\xfe", b"PK\x03\x04", b"\x1f\x8b"),
)


def inputs(reader: str, count: int, seed: int) -> Iterator[bytes]:
    """The corpus of ``reader`` and then mutations of it, ``count`` in all."""
    corpus = [path.read_bytes() for path in sorted(Path(CORPUS, reader).iterdir())]
    chosen = random.Random(f"{reader} {seed}")
    yield from corpus[:count]
    for _ in range(count - len(corpus)):
        data = bytearray(chosen.choice(corpus))
        for _ in range(chosen.randint(1, 4)):
            _mutate(data, corpus, chosen)
        yield bytes(data)


def _mutate(data: bytearray, corpus: list[bytes], chosen: random.Random) -> None:
    """Change ``data`` in one place."""
    at = chosen.randint(0, len(data))
    end = min(len(data), at + chosen.choice((1, 2, 4, 16, 64)))
    match chosen.randrange(6):
        case 0:
            data[at:at] = chosen.choice(_TOKENS)
        case 1:
            data[at:end] = chosen.choice(_TOKENS)
        case 2:
            del data[at:end]
        case 3:
            data[at:end] = data[at:end] * chosen.choice((2, 3, 50))
        case 4:
            other = chosen.choice(corpus)
            start = chosen.randint(0, len(other))
            data[at:end] = other[start : start + chosen.choice((1, 8, 64))]
        case _:
            data[at:end] = chosen.randbytes(end - at)
