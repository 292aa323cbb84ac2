"""What no table of listens holds, and is refused before it fills the memory."""

MOST_PLAYS = 100_000_000
MOST_LETTERS_OF_ID = 1_000
MOST_LETTERS_OF_NAME = 10_000

# Text of listens packs to a tenth or so; what packs far better is made to fill a disk.
_MOST_RATIO, _SMALL = 200, 100 * 2**20


def is_bomb(packed: int, unpacked: int) -> bool:
    """Whether so many bytes unpack to more than listens do."""
    return unpacked > _SMALL and unpacked > _MOST_RATIO * max(packed, 1)
