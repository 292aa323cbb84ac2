"""Lists of an evaluation: blocks of tested users on workers that have the model."""

import pickle
from dataclasses import replace
from typing import Any

import numpy as np

from tastegraph.models.algorithms.base import Model
from tastegraph.models.evaluation.ranking import BLOCK, Ranking, check_k, rank
from tastegraph.models.evaluation.split import Split
from tastegraph.runtime.notes import Note
from tastegraph.runtime.progress import Progress, silent
from tastegraph.spark.cluster import LIMIT, Cluster, pickled_size


class SpreadHeldOut:
    """``ranking.rank`` on a cluster: the same lists.

    A model that can't be sent ranks here, which ``note`` gets.
    """

    def __init__(self, cluster: Cluster, note: Note) -> None:
        self._cluster = cluster
        self._note = note

    def __call__(
        self,
        model: Model[Any],
        split: Split,
        k: int,
        correlate: bool = False,
        *,
        progress: Progress = silent,
    ) -> Ranking:
        """Rank for the users tested by ``split``; InputError as of ``rank``."""
        check_k(k, split.data)
        if why := _unsendable(model):
            self._note(f"{model.name} ranks on this machine: {why}")
            return rank(model, split, k, correlate, progress=progress)
        users = split.users
        pieces = [users[start:stop] for start, stop in self._cluster.pieces(len(users), BLOCK)]
        needed = (model, _without_taggings(split), k, correlate)
        with self._cluster.shared(needed, f"{model.name} and the listens") as shared:
            found = self._cluster.each(
                lambda block: _ranked(shared, block),
                self._cluster.spread(pieces),
                len(pieces),
                f"ranking by {model.name}",
                progress,
            )
        correlations = [each.correlations for each in found if each.correlations is not None]
        return Ranking(
            np.concatenate([each.top for each in found]),
            np.concatenate(correlations) if correlations else None,
        )


def _ranked(shared: Any, users: Any) -> Ranking:
    model, split, k, correlate = shared.value
    chosen = np.zeros(split.held.shape[0], dtype=bool)
    chosen[users] = True
    return rank(model, split.of_users(chosen), k, correlate)


def _without_taggings(split: Split) -> Split:
    """What ranking looks at: a model has all else."""
    none = np.empty((0, 3), dtype=np.intp)
    return replace(split, data=replace(split.data, taggings=none, tagged_on=np.empty(0)))


def _unsendable(model: Model[Any]) -> str | None:
    """Why ``model`` can't be sent to workers; None where it can."""
    try:
        size = pickled_size(model)
    except (pickle.PicklingError, TypeError, AttributeError, ValueError) as error:
        return f"it can't be sent to workers ({error})"
    return f"it is {size / 2**30:.1f} GB" if size > LIMIT else None
