"""What came of one model on one split, and where it is kept until the evaluation is done."""

import dataclasses
import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self, TypeVar
from zipfile import BadZipFile

import numpy as np
import pandas as pd
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from tastegraph.models.algorithms.base import Model
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.evaluation.ranking import RankHeldOut, Ranking, rank
from tastegraph.models.evaluation.split import Split
from tastegraph.runtime.cache_folder import cache_folder
from tastegraph.runtime.notes import Note, unsaid
from tastegraph.runtime.progress import Progress, silent
from tastegraph.runtime.whole_file import whole_file

Made = TypeVar("Made")


@dataclass(frozen=True)
class Run:
    """One model's lists for the tested users of one split.

    ranking      what it recommends
    fit_seconds  how long it took to learn; NaN where an earlier run has learned it
    notes        what the model has to say
    """

    ranking: Ranking
    fit_seconds: float
    notes: list[str]


def run_model(
    model: Model[Any],
    split: Split,
    seed: int,
    *,
    k: int,
    correlate: bool = False,
    progress: Progress = silent,
    rank_by: RankHeldOut = rank,
) -> Run:
    """Fit ``model`` to the training part of ``split`` and rank for the tested users."""
    start = time.perf_counter()
    model.fit(split.data, seed, progress)
    seconds = time.perf_counter() - start
    ranking = rank_by(model, split, k, correlate, progress=progress)
    return Run(ranking, seconds, list(model.notes))


class ResultCache:
    """What is measured of an evaluation that is not done, so that a run that is killed can go on.

    It lies in files of the user's cache folder (or in TASTEGRAPH_CACHE), one for each model,
    its settings, seed and split, in a folder of each owner: a store, and where it is evaluated
    from. As a context manager it keeps others of the same owner away, which begin from nothing
    then; it says through ``note`` what it had, and throws everything away when the evaluation
    has come to its end.
    """

    def __init__(
        self,
        folder: Path | None = None,
        owner: str = "",
        note: Note = unsaid,
    ) -> None:
        mark = hashlib.sha256(owner.encode()).hexdigest()[:16]
        self.folder = (folder or cache_folder()) / "evaluate" / mark
        self._lock = FileLock(self.folder.with_suffix(".lock"))
        self._files: list[Path] = []
        self._note = note
        self.found: list[str] = []

    def __enter__(self) -> Self:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            self.folder = Path(tempfile.mkdtemp(dir=self.folder.parent, prefix="beside-"))
            self._note(
                "another evaluation of this store runs from this folder: this one is not kept if "
                "it is interrupted"
            )
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self._end(well=kind is None)
        finally:
            if self._lock.is_locked:
                self._lock.release()
            else:
                shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, *, well: bool) -> None:
        if well:
            if self.found:
                found = ", ".join(dict.fromkeys(self.found))
                self._note(f"taken from the run that was interrupted: {found}")
            self.done()

    def get(self, label: str, key: str, make: Callable[[], Run]) -> Run:
        """The run ``key`` of an earlier run, or else a new one from ``make``, kept.

        How long another run took to learn says nothing of this one.
        """
        return self._kept(label, f"{key}.npz", make, _read, _write)

    def rows(self, label: str, key: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """The rows ``key`` of an earlier run, or else new ones from ``make``, kept."""
        return self._kept(label, f"{key}.parquet", make, _read_rows, _write_rows)

    def done(self) -> None:
        """Throw away what was kept for this evaluation."""
        for file in self._files:
            file.unlink(missing_ok=True)
        # Another evaluation of the same owner may still have files there.
        with suppress(OSError):
            self.folder.rmdir()

    def _kept(
        self,
        label: str,
        name: str,
        make: Callable[[], Made],
        read: Callable[[Path], Made | None],
        write: Callable[[Path, Made], None],
    ) -> Made:
        file = self.folder / name
        self._files.append(file)
        kept = read(file)
        if kept is not None:
            self.found.append(label)
            return kept
        made = make()
        self.folder.mkdir(parents=True, exist_ok=True)
        write(file, made)
        return made


def key_of(model: Model[Any], seen: Split | Dataset, *asked: object) -> str:
    """A mark of all that is measured of ``model`` depends on: what it sees, and what is asked."""
    parts = [
        model.name,
        dataclasses.asdict(model.config),
        seen.fingerprint,
        *asked,
        version("tastegraph"),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _write(file: Path, made: Run) -> None:
    correlations = made.ranking.correlations
    with whole_file(file) as unfinished, unfinished.open("wb") as stream:
        np.savez_compressed(
            stream,
            top=made.ranking.top,
            correlations=np.empty((0, 2)) if correlations is None else correlations,
            notes=np.array(made.notes, dtype=np.str_),
        )


def _read(file: Path) -> Run | None:
    """What is in the file; None where there is none or it can't be read."""
    try:
        with file.open("rb") as stream, np.load(stream) as kept:
            correlations: NDArray[np.float64] = kept["correlations"]
            ranking = Ranking(kept["top"], correlations if len(correlations) else None)
            return Run(ranking, float("nan"), kept["notes"].tolist())
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def _write_rows(file: Path, made: pd.DataFrame) -> None:
    with whole_file(file) as unfinished:
        made.to_parquet(unfinished)


def _read_rows(file: Path) -> pd.DataFrame | None:
    """What is in the file; None where there is none or it can't be read."""
    try:
        return pd.read_parquet(file)
    except (OSError, ValueError):
        return None
