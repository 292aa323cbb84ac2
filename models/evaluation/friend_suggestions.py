"""How well friends are suggested: friendships are hidden, and should be told from other pairs.

The hidden friendships are taken away before the vectors are trained, since these are learned
from friendships, too. Nothing is written to the graph.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, triu
from scipy.stats import rankdata

from tastegraph.errors import InputError, ModelError
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.algorithms.base import Model
from tastegraph.models.algorithms.factory import DEFAULT, create
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import Rows
from tastegraph.models.data.sparse_rows import unit_rows
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.evaluation.metrics import precision
from tastegraph.models.ranking.top_k import top_rows
from tastegraph.models.storage.model_card import read_card
from tastegraph.models.storage.read_graph import read_dataset
from tastegraph.runtime.progress import Progress, silent

Pairs = NDArray[np.intp]
"""Pairs of user rows, shape (pairs, 2), the smaller row first."""

Scores = Callable[[Rows], Matrix]
"""Scores of everybody for some user rows, shape (len(rows), users)."""

SUGGESTED, ADAMIC, SIMILARITY, POPULARITY = (
    "suggest-friends",
    "adamic-adar",
    "similarity",
    "popularity",
)
COLUMNS = ("method", "auc", "precision", "k", "users", "friendships")

WEIGHTS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
"""Weights of similarity that are tried on the slice."""

# Of the friendships that are left for training, the slice that the weight is chosen on.
SLICE = 0.1

# With fewer, every figure is an accident.
_FEWEST = 50
_BLOCK = 256


@dataclass(frozen=True)
class Split:
    """Friendships to learn from, to choose on and to be measured on.

    train         (users, users)  symmetric, without those of ``slice`` and ``held``
    slice, held                   hidden friendships
    slice_others, held_others     as many pairs who are no friends, drawn at random
    """

    train: csr_array
    slice: Pairs
    slice_others: Pairs
    held: Pairs
    held_others: Pairs


def split_friendships(friends: csr_array, holdout: float, seed: int) -> Split:
    """Hide the share ``holdout`` of ``friends``, and SLICE of what is left.

    Raises InputError where there are too few friendships, or too few who are no friends.
    """
    upper = triu(friends, 1).tocoo()
    pairs = np.column_stack([upper.row, upper.col]).astype(np.intp)
    if len(pairs) < _FEWEST:
        raise InputError(
            f"{len(pairs)} friendships are too few to hide some and measure: {_FEWEST} are needed"
        )
    rng = np.random.default_rng(seed)
    pairs = rng.permutation(pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))])
    held = max(1, round(holdout * len(pairs)))
    sliced = held + max(1, round(SLICE * (len(pairs) - held)))
    others = _strangers(friends, sliced, rng)
    train = _adjacency(pairs[sliced:], friends.shape[0])
    return Split(train, pairs[held:sliced], others[held:], pairs[:held], others[:held])


def _strangers(friends: csr_array, count: int, rng: np.random.Generator) -> Pairs:
    """``count`` distinct pairs who are no friends."""
    users = friends.shape[0]
    if users * (users - 1) // 2 - friends.nnz // 2 < count:
        raise InputError("nearly everybody is everybody's friend: nobody is left to compare with")
    coo = friends.tocoo()
    taken = set((coo.row.astype(np.int64) * users + coo.col).tolist())
    found: list[int] = []
    while len(found) < count:
        for one, other in np.sort(rng.integers(users, size=(count, 2)), axis=1).tolist():
            pair = one * users + other
            if one != other and pair not in taken:
                taken.add(pair)
                found.append(pair)
    return np.column_stack(np.divmod(np.array(found[:count], dtype=np.intp), users))


def _adjacency(pairs: Pairs, users: int) -> csr_array:
    one_way = csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(users, users))
    return csr_array(one_way + one_way.T)


class Closeness:
    """What speaks for a friendship of two users, from ``friends`` and users' ``vectors``.

    Computes for many users the numbers of the query suggest-friends.
    """

    def __init__(self, friends: csr_array, vectors: Matrix) -> None:
        self._friends = friends
        self._unit: Matrix = unit_rows(vectors).astype(np.float32)

    @cached_property
    def _degrees(self) -> NDArray[np.float64]:
        return np.asarray(self._friends.sum(axis=1), dtype=np.float64)

    def adamic(self, rows: Rows) -> Matrix:
        """Sum of 1 / ln(number of friends) over the friends in common (Adamic and Adar 2003)."""
        # Nobody with one friend is a friend in common.
        tells = np.where(self._degrees > 1, 1.0 / np.log(np.maximum(self._degrees, 2.0)), 0.0)
        return _dense(self._friends[rows] @ diags_array(tells) @ self._friends)

    def similarity(self, rows: Rows) -> Matrix:
        """Cosine of the vectors, 0 where it is negative or a user has none."""
        cosines: Matrix = np.maximum(self._unit[rows] @ self._unit.T, np.float32(0.0))
        return cosines

    def popularity(self, rows: Rows) -> Matrix:
        """Product of the numbers of friends: what telling friends from others is worth without
        knowing who they are.
        """
        product: Matrix = np.outer(self._degrees[rows], self._degrees).astype(np.float32)
        return product

    def suggested(self, rows: Rows, similarity_weight: float) -> Matrix:
        """A / (1 + a) with a = ``adamic``, + ``similarity_weight`` times ``similarity``."""
        adamic = self.adamic(rows)
        score: Matrix = adamic / (1.0 + adamic) + np.float32(similarity_weight) * self.similarity(
            rows
        )
        return score


def _dense(sparse: csr_array) -> Matrix:
    dense: Matrix = sparse.toarray().astype(np.float32)
    return dense


def auc(friends: NDArray[np.float32], others: NDArray[np.float32]) -> float:
    """How likely a friendship scores above a pair who are no friends, ties counting half.

    The Mann-Whitney statistic over the number of pairs of the two, from their ranks.
    """
    ranks = rankdata(np.concatenate([friends, others]))
    least = len(friends) * (len(friends) + 1) / 2
    return float((ranks[: len(friends)].sum() - least) / (len(friends) * len(others)))


def pair_scores(scores: Scores, pairs: Pairs) -> NDArray[np.float32]:
    """The scores of ``pairs``, in their order."""
    found = np.empty(len(pairs), dtype=np.float32)
    order = np.argsort(pairs[:, 0], kind="stable")
    for start in range(0, len(order), _BLOCK):
        part = order[start : start + _BLOCK]
        found[part] = scores(pairs[part, 0])[np.arange(len(part)), pairs[part, 1]]
    return found


def precision_at(scores: Scores, split: Split, k: int) -> NDArray[np.float64]:
    """For each user with hidden friends the share of them among the ``k`` best of all others.

    Others are all but the user's friends of train and slice; the share is hits / k.
    """
    users = split.train.shape[0]
    known = csr_array(split.train + _adjacency(split.slice, users))
    held = _adjacency(split.held, users)
    asked = np.flatnonzero(np.diff(held.indptr))
    top = np.full((len(asked), k), -1, dtype=np.intp)
    for start in range(0, len(asked), _BLOCK):
        rows = asked[start : start + _BLOCK]
        ranked = scores(rows)
        mine = known[rows].tocoo()
        ranked[mine.row, mine.col] = -np.inf
        ranked[np.arange(len(rows)), rows] = -np.inf
        best = top_rows(ranked, k)
        top[start : start + len(rows), : best.shape[1]] = best
    return precision(top, held[asked])


@dataclass(frozen=True)
class Evaluation:
    """``frame`` has one row a method, with COLUMNS; ``similarity_weight`` did best on the slice,
    where the AUC of each weight was ``slice_auc``.
    """

    frame: pd.DataFrame
    algorithm: str
    similarity_weight: float
    slice_auc: dict[float, float]


def evaluate(
    data: Dataset,
    model: Model[Any],
    *,
    holdout: float = 0.2,
    k: int = 10,
    seed: int = 0,
    weights: Sequence[float] = WEIGHTS,
    progress: Progress = silent,
) -> Evaluation:
    """Measure suggestions on hidden friendships, beside Adamic-Adar, taste alone and popularity.

    ``model`` is fitted without the hidden friendships. The weight of taste is the one of
    ``weights`` with the best AUC on the slice; the slice is not given back afterwards, so that
    one fit does. auc compares the hidden friendships with as many random pairs who are no
    friends; precision is the mean over the users who have hidden friends. Raises InputError as
    ``split_friendships``, ModelError for a model without vectors.
    """
    split = split_friendships(data.friends, holdout, seed)
    model.fit(replace(data, friends=split.train), seed, progress)
    if model.vectors is None:
        raise ModelError(f"{model.name} has no vectors to compare taste by: train another one")
    closeness = Closeness(split.train, model.vectors.users)
    slice_auc = {
        weight: _auc_of(_suggested(closeness, weight), split.slice, split.slice_others)
        for weight in weights
    }
    best = max(weights, key=lambda weight: slice_auc[weight])
    methods: dict[str, Scores] = {
        SUGGESTED: _suggested(closeness, best),
        ADAMIC: closeness.adamic,
        SIMILARITY: closeness.similarity,
        POPULARITY: closeness.popularity,
    }
    rows = []
    with progress("measuring suggestions", len(methods)) as advance:
        for name, scores in methods.items():
            hits = precision_at(scores, split, k)
            area = _auc_of(scores, split.held, split.held_others)
            rows.append((name, area, float(hits.mean()), k, len(hits), len(split.held)))
            advance(1)
    return Evaluation(pd.DataFrame(rows, columns=list(COLUMNS)), model.name, best, slice_auc)


def _suggested(closeness: Closeness, similarity_weight: float) -> Scores:
    return lambda rows: closeness.suggested(rows, similarity_weight)


def _auc_of(scores: Scores, friends: Pairs, others: Pairs) -> float:
    return auc(pair_scores(scores, friends), pair_scores(scores, others))


def evaluate_in(
    store: GraphStore,
    *,
    holdout: float = 0.2,
    k: int = 10,
    seed: int = 0,
    weights: Sequence[float] = WEIGHTS,
    progress: Progress = silent,
) -> Evaluation:
    """``evaluate`` on the graph in ``store``, with its model's algorithm and parameters.

    The default algorithm where no model has been trained.
    """
    return evaluate(
        read_dataset(store, progress),
        _untrained(store),
        holdout=holdout,
        k=k,
        seed=seed,
        weights=weights,
        progress=progress,
    )


def _untrained(store: GraphStore) -> Model[Any]:
    try:
        card = read_card(store)
    except ModelError:
        return create(DEFAULT, {})
    return create(card.algorithm, {name: str(value) for name, value in card.parameters.items()})
