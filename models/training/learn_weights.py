"""How much each signal of the hybrid score counts: learned on a slice of the listens.

The model is fitted once more without the slice, and the weights are those whose ranking finds
most of it again. Where friends and tags add nothing to what the vectors know already, the
search says so with weights of 0.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tastegraph.errors import InputError, ModelError
from tastegraph.models.algorithms.base import Model
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.vectors import Matrix, Vectors
from tastegraph.models.evaluation.metrics import discounts, ideal_gain, ndcg
from tastegraph.models.evaluation.ranking import ndcg_of_scores
from tastegraph.models.evaluation.split import Split, split_at_random
from tastegraph.models.ranking.signals import Signals
from tastegraph.models.ranking.top_k import top_rows
from tastegraph.models.ranking.weights import EMBEDDING_ALONE, SIGNALS, SignalWeights
from tastegraph.runtime.progress import Advance, Progress, silent

K = 10
"""Length of the lists whose NDCG is maximised."""

SHARE = 0.2
"""Share of the listens in the slice."""

MOST = 2_000
"""Users who are tested at most: each takes all scores by three signals, twice."""

# Weights of a signal beside another's 1 that are tried.
_STEPS = (0.0, *(round(float(step), 4) for step in np.geomspace(0.002, 5.0, 18)))

# Artists that each signal puts up, among which blends are compared while searching.
_CANDIDATES = (300, 100, 100)

# Users whose three signals are held in memory at once, for all artists.
_BLOCK = 256


@dataclass(frozen=True)
class Blend:
    """Weights of SIGNALS, and what they were chosen by.

    users  who were tested; 0 where nothing was learned
    found  NDCG@10 on the slice, over all artists: of each signal alone, and of the blend
    """

    weights: SignalWeights
    users: int = 0
    found: tuple[tuple[str, float], ...] = ()

    @property
    def gain(self) -> float | None:
        """NDCG@10 of the blend over that of the embedding alone."""
        found = dict(self.found)
        return found["blend"] - found["embedding"] if found else None

    @property
    def notes(self) -> list[str]:
        """For the person who trains: that no blend was better than one signal."""
        counting = [name for name, weight in zip(SIGNALS, self.weights, strict=True) if weight]
        if not self.users or len(counting) > 1:
            return []
        return [
            f"no blend ranks the slice of the listens better than {counting[0]} alone, which has "
            "all the weight"
        ]

    def as_metrics(self) -> dict[str, Any]:
        """What the (:Model) says of it."""
        return {"sliceUsers": self.users, "sliceNdcg": dict(self.found), "blendGain": self.gain}


def learn_blend(data: Dataset, model: Model[Any], seed: int, progress: Progress = silent) -> Blend:
    """Learn the weights for ``model``, which is not touched: a second one is fitted to the rest.

    The embedding alone without friendships and tags, without listens enough to leave some out, and
    where ``data`` does not tell who gave which tag: no slice of it is free of leaks.
    """
    untold = data.tag_counts.nnz and not len(data.taggings)
    if untold or not (data.friends.nnz or data.tag_counts.nnz):
        return Blend(EMBEDDING_ALONE)
    try:
        split = split_at_random(data, SHARE, seed)
    except InputError:
        return Blend(EMBEDDING_ALONE)
    split = _some(split, seed)
    again = type(model)(model.config)
    again.fit(split.data, seed, progress)
    if again.vectors is None:
        raise ModelError(f"{model.name} has learned no vectors")
    return blend_for(split, again.vectors, progress)


def _some(split: Split, seed: int) -> Split:
    """``split`` with the held-out listens of at most MOST users, drawn at random."""
    if len(split.users) <= MOST:
        return split
    chosen = np.zeros(split.held.shape[0], dtype=bool)
    chosen[np.random.default_rng(seed).permutation(split.users)[:MOST]] = True
    return split.of_users(chosen)


def blend_for(split: Split, vectors: Vectors, progress: Progress = silent) -> Blend:
    """The weights whose ranking has the highest NDCG@10 on what ``split`` holds out.

    The embedding alone where no other signal has data.
    """
    signals, there = Signals(split.data, vectors), _signals_there(split.data)
    if not there:
        return Blend(EMBEDDING_ALONE)
    with progress("learning weights", 2 * len(split.users)) as advance:
        pool = _Pool.of(split, signals, advance)
        weights = pool.search(there)
        values = _exact(split, signals, [*_alone(), weights], advance)
    found = [float(each.mean()) for each in values]
    usable = [0, *(SIGNALS.index(name) for name in there)]
    best = max(usable, key=lambda at: found[at])
    if found[-1] < found[best]:
        # The candidates promised more than all artists keep.
        best = 0 if _as_good(values[0], values[best]) else best
        weights, found = _alone()[best], [*found[:-1], found[best]]
    return Blend(weights, len(split.users), tuple(zip((*SIGNALS, "blend"), found, strict=True)))


def blended_ndcg(split: Split, vectors: Vectors, weights: SignalWeights) -> NDArray[np.float64]:
    """NDCG@10 of each tested user by the signals' ``weights``, over all artists."""
    signals = Signals(split.data, vectors)

    def score(users: NDArray[np.intp]) -> Matrix:
        counting = [(name, getattr(weights, name)) for name in SIGNALS if getattr(weights, name)]
        parts = [np.float32(weight) * signals.of(name, users) for name, weight in counting]
        return np.asarray(sum(parts), dtype=np.float32)

    return ndcg_of_scores(score, split, K)


def _signals_there(data: Dataset) -> list[str]:
    """The signals beside the embedding that have data."""
    entries = {"friends": data.friends.nnz, "tags": data.tag_counts.nnz}
    return [name for name, count in entries.items() if count]


def _as_good(values: NDArray[np.float64], best: NDArray[np.float64]) -> bool:
    """Whether users' ``values`` are within one standard error of ``best``, user by user."""
    behind = best - values
    return bool(behind.mean() <= behind.std() / np.sqrt(len(behind)))


def _alone() -> list[SignalWeights]:
    """Weights of each signal by itself."""
    nothing = SignalWeights(0.0)
    return [nothing._replace(**{signal: 1.0}) for signal in SIGNALS]


@dataclass(frozen=True)
class _Pool:
    """The tested users' candidates.

    parts  (signals, users, candidates)  -inf for an artist that is there twice
    hits   (users, candidates)           1 for a held-out listen
    most   (users,)                      highest sum of discounts that a list can have
    """

    parts: Matrix
    hits: Matrix
    most: NDArray[np.float64]

    @classmethod
    def of(cls, split: Split, signals: Signals, advance: Advance) -> "_Pool":
        """Gather candidates, a block of users at a time."""
        parts, hits = [], []
        for users in _blocks(split):
            scored = _signals(split, signals, users)
            chosen = np.concatenate(
                [top_rows(part, k) for part, k in zip(scored, _CANDIDATES, strict=True)], axis=1
            )
            chosen.sort(axis=1)
            taken = np.stack([np.take_along_axis(part, chosen, axis=1) for part in scored])
            # An artist is there once, and -1 stands where a signal has no more of them.
            usable = np.diff(chosen, axis=1, prepend=-1) > 0
            parts.append(np.where(usable, taken, -np.inf))
            held = split.held[users].toarray() > 0
            hits.append(np.take_along_axis(held, chosen, axis=1) & usable)
            advance(len(users))
        return cls(
            np.concatenate(parts, axis=1),
            np.concatenate(hits).astype(np.float32),
            ideal_gain(np.diff(split.held.indptr)[split.users], K),
        )

    def ndcg(self, weights: SignalWeights) -> NDArray[np.float64]:
        """NDCG@10 of a blend among each user's candidates, (users,)."""
        scores = _blended(self.parts, weights)
        top = top_rows(scores, K)
        found = np.take_along_axis(self.hits, np.maximum(top, 0), axis=1) * (top >= 0)
        values: NDArray[np.float64] = found @ discounts(K) / self.most
        return values

    def search(self, there: Sequence[str]) -> SignalWeights:
        """Weights that are as good as the best: their mean, or the embedding alone if it is.

        Only signals that are ``there`` beside the embedding, for which there is data, can count.

        The best are looked for on a coarse grid first, then one by one in finer steps. As good
        is what is within one standard error of them, user by user (Breiman et al. 1984):
        weights that this slice likes by luck cost elsewhere, and their mean does not.
        """
        coarse = [_STEPS[::3] if name in there else (0.0,) for name in SIGNALS[1:]]
        starts = [SignalWeights(1.0, *steps) for steps in itertools.product(*coarse)]
        alone = [SignalWeights(0.0)._replace(**{name: 1.0}) for name in there]
        found = {weights: self.ndcg(weights) for weights in [*alone, *starts]}
        best, before = max(found, key=lambda weights: found[weights].mean()), None
        while best != before:
            before = best
            for signal, step in itertools.product(there, _STEPS):
                tried = best._replace(**{signal: step})
                if any(tried) and tried not in found:
                    found[tried] = self.ndcg(tried)
                    best = max(best, tried, key=lambda weights: found[weights].mean())
        if _as_good(found[EMBEDDING_ALONE], found[best]):
            return EMBEDDING_ALONE
        as_good = [
            weights
            for weights, values in found.items()
            if weights.embedding == best.embedding and _as_good(values, found[best])
        ]
        means = (round(float(np.mean(column)), 4) for column in zip(*as_good, strict=True))
        return SignalWeights(*means)


def _exact(
    split: Split, signals: Signals, choices: Sequence[SignalWeights], advance: Advance
) -> list[NDArray[np.float64]]:
    """NDCG@10 of each tested user over all artists by each of ``choices``."""
    found: list[list[NDArray[np.float64]]] = [[] for _ in choices]
    for users in _blocks(split):
        parts = np.stack(_signals(split, signals, users))
        for values, weights in zip(found, choices, strict=True):
            scores = _blended(parts, weights)
            values.append(ndcg(top_rows(scores, K), split.held[users]))
        advance(len(users))
    return [np.concatenate(values) for values in found]


def _blended(parts: Matrix, weights: SignalWeights) -> Matrix:
    """The weighted sum; what is excluded stays so, even by signals that count nothing."""
    blended = sum(
        np.float32(weight) * part for part, weight in zip(parts, weights, strict=True) if weight
    )
    return np.asarray(blended, dtype=np.float32)


def _signals(split: Split, signals: Signals, users: NDArray[np.intp]) -> list[Matrix]:
    """Each signal for ``users`` and all artists; -inf for what they listen to."""
    heard = split.data.plays[users].tocoo()
    scored = [signals.of(name, users) for name in SIGNALS]
    for part in scored:
        part[heard.row, heard.col] = -np.inf
    return scored


def _blocks(split: Split) -> list[NDArray[np.intp]]:
    users = split.users
    return [users[start : start + _BLOCK] for start in range(0, len(users), _BLOCK)]
