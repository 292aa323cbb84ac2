"""How large the data is, by which two states of it are told to be much the same."""

from dataclasses import asdict, dataclass

from tastegraph.models.data.dataset import Dataset

DRIFT = 0.1
"""Share by which each count may have changed for the data to be much the same."""


@dataclass(frozen=True)
class Shape:
    """Counts of what is learned from."""

    users: int
    artists: int
    tags: int
    listens: int
    friendships: int
    taggings: int

    @classmethod
    def of(cls, data: Dataset) -> "Shape":
        """Count ``data``."""
        return cls(
            len(data.users),
            len(data.artists),
            len(data.tags),
            data.plays.nnz,
            data.friends.nnz // 2,
            len(data.taggings),
        )

    def is_much_like(self, before: "Shape") -> bool:
        """Whether no count differs from that of ``before`` by more than DRIFT of it."""
        counts = asdict(self)
        return all(
            abs(counts[name] - count) <= DRIFT * count for name, count in asdict(before).items()
        )
