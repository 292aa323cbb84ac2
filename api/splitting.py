"""Listens that are told apart by files: some to learn from, others to be found."""

from pathlib import Path
from typing import TYPE_CHECKING

from tastegraph.api.connection import Connection
from tastegraph.errors import UsageError

if TYPE_CHECKING:
    from tastegraph.models.data.dataset import Dataset
    from tastegraph.models.evaluation.split import Split

SHARE = 0.2
"""Share of the listens that is held out unless told."""

RANDOM, TIME = SPLITS = ("random", "time")
"""What is held out: listens drawn at random, or each user's latest."""


class Splitting(Connection):
    """Reads what models are measured on, and splits its listens as files say."""

    def _dataset(self, *, times: bool) -> "Dataset":
        """All of the graph with tag assignments, on demand with times."""
        from tastegraph.models.storage.read_graph import read_dataset

        return read_dataset(self.store, self.progress, taggings=True, times=times)

    def _split_by_files(
        self, data: "Dataset", train: Path | str | None, test: Path | str | None
    ) -> "Split | None":
        """``data`` split by the pairs of both files, saying what is dropped; None without files.

        UsageError for one of them alone, InputError for a file that can't be used.
        """
        from tastegraph.loaders.readers.pairs import read_test, read_train
        from tastegraph.models.evaluation.split import split_by_pairs

        require_both(train, test)
        if train is None or test is None:
            return None
        pairs, notes = read_test(Path(test))
        split = split_by_pairs(data, read_train(Path(train)), pairs)
        self._say_all([*notes, *split.notes])
        return split


def check_split(split: str) -> None:
    """Raise UsageError for what is none of SPLITS."""
    if split not in SPLITS:
        raise UsageError(f"There is no split {split!r}: choose {' or '.join(SPLITS)}.")


def require_both(train: Path | str | None, test: Path | str | None) -> None:
    """Raise UsageError for one of the two files without the other."""
    if (train is None) != (test is None):
        raise UsageError("--train and --test belong together: give both, or neither.")
