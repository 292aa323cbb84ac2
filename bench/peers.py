"""Other people's models, tuned with as many trials on the same slice as ours.

Each is drawn settings at random where its good ones lie on the data of the tables (the first
trial has its package's own, or those that suit HetRec); the best of them on the slice is fitted
again to all listens of the training part.
"""

import contextlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, csr_matrix

from bench.solver import ALPHA, REGULARIZATION
from tastegraph.models.algorithms.factory import create
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.scalings import log_user_mean
from tastegraph.models.data.search_space import Range
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.evaluation.ranking import ndcg_of_scores
from tastegraph.models.evaluation.split import Split
from tastegraph.models.solver.ease import Ease

K = 10

TRIALS = 12

MOST_EASE_ARTISTS = 5_000
"""EASE inverts artists by artists: where there are more users, on the most heard so many."""

MOST_EASE_USERS = 3_000

Score = Callable[[NDArray[np.intp]], Matrix]
Settings = Mapping[str, float]


@dataclass(frozen=True)
class Peer:
    """A model by name: what is searched, what is tried first, and how it is fitted."""

    name: str
    fit: Callable[[Dataset, Settings], Score]
    space: Mapping[str, Range] = field(default_factory=dict)
    first: Settings = field(default_factory=dict)


def implicit_als(data: Dataset, settings: Settings) -> Score:
    """AlternatingLeastSquares of the package ``implicit``, by conjugate gradients."""
    from implicit.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(
            factors=int(settings["factors"]),
            alpha=settings["alpha"],
            regularization=settings["regularization"],
            iterations=15,
            random_state=0,
        )
        model.fit(csr_matrix(log_user_mean(data.plays)), show_progress=False)
    return partial(_products, model.user_factors, model.item_factors)


def irspack_ials(data: Dataset, settings: Settings) -> Score:
    """IALSRecommender of the package ``irspack``, by conjugate gradients."""
    from irspack import IALSRecommender

    model = IALSRecommender(
        csr_matrix(log_user_mean(data.plays)),
        n_components=int(settings["n_components"]),
        alpha0=settings["alpha0"],
        reg=settings["reg"],
        train_epochs=12,
        random_seed=0,
    )
    with contextlib.redirect_stdout(io.StringIO()):
        model.learn()
    return partial(_products, model.get_user_embedding(), model.get_item_embedding())


def ease(data: Dataset, settings: Settings) -> Score:
    """EASE, of all artists or of the most heard."""
    binary = csr_array(data.plays > 0).astype(np.float32)
    users, artists = binary.shape
    if users <= MOST_EASE_USERS:
        solved = Ease.solve(binary, np.full(artists, settings["reg"]))
        return lambda rows: solved.block(rows, slice(None))
    heard = np.sort(np.argsort(-data.listeners, kind="stable")[:MOST_EASE_ARTISTS])
    listens = csr_array(binary[:, heard])
    gram = (listens.T @ listens).toarray().astype(np.float64)
    gram.flat[:: len(gram) + 1] += settings["reg"]
    inverse = np.linalg.inv(gram)
    weights = (-inverse / inverse.diagonal()).astype(np.float32)
    weights.flat[:: len(weights) + 1] = 0.0
    return partial(_some_columns, listens, weights, heard, artists)


def ours(algorithm: str, data: Dataset, settings: Settings) -> Score:
    """A model of this project."""
    whole = ("dimensions", "neighbours", "epochs")
    texts = {name: str(int(value) if name in whole else value) for name, value in settings.items()}
    model = create(algorithm, texts)
    model.fit(data)
    return model.score


PEERS = (
    Peer(
        "`implicit` ALS",
        implicit_als,
        {
            "factors": Range(64, 256, log=True),
            "alpha": Range(1.0, 60.0, log=True),
            "regularization": Range(1.0, 200.0, log=True),
        },
        {"factors": 64, "alpha": ALPHA, "regularization": REGULARIZATION},
    ),
    Peer(
        "`irspack` iALS",
        irspack_ials,
        {
            "n_components": Range(64, 256, log=True),
            "alpha0": Range(0.003, 0.5, log=True),
            "reg": Range(0.0005, 0.1, log=True),
        },
        {"n_components": 64, "alpha0": 0.1, "reg": 0.003},
    ),
    Peer("EASE", ease, {"reg": Range(1.0, 1_000.0, log=True)}, {"reg": 75.0}),
    Peer(
        "`item-knn`",
        partial(ours, "item-knn"),
        {"neighbours": Range(20, 2_000, log=True), "shrinkage": Range(0.5, 500.0, log=True)},
        {"neighbours": 800, "shrinkage": 3.0},
    ),
)


@dataclass(frozen=True)
class Tuned:
    """The best settings of a peer on the slice, and NDCG@10 of each tested user of the test."""

    name: str
    settings: Settings
    by_user: NDArray[np.float64]


def tuned(peer: Peer, slice_: Split, test: Split, trials: int = TRIALS, seed: int = 0) -> Tuned:
    """Search ``peer`` on ``slice_``, then fit the best to the training part of ``test``."""
    best, highest = peer.first, -np.inf
    for settings in drawn(peer, trials, seed) if peer.space else ():
        value = float(ndcg_of_scores(peer.fit(slice_.data, settings), slice_, K).mean())
        if value > highest:
            best, highest = settings, value
    return Tuned(peer.name, best, ndcg_of_scores(peer.fit(test.data, best), test, K))


def drawn(peer: Peer, trials: int, seed: int) -> list[Settings]:
    """What is tried: ``peer.first``, then random settings of its space."""
    rng = np.random.default_rng(seed)
    others = [
        {name: _draw(wanted, rng) for name, wanted in peer.space.items()} for _ in range(trials - 1)
    ]
    return [peer.first, *others]


def our_search(algorithm: str, **others: Range) -> Peer:
    """``algorithm`` with the settings that training chooses, searched as a peer is."""
    space = {
        "unobserved": Range(0.005, 0.2, log=True),
        "reg": Range(0.02, 1.0, log=True),
        "friend_weight": Range(0.1, 2.0, log=True),
        **others,
    }
    default: Any = create(algorithm, {}).config
    first = {name: getattr(default, name) for name in space}
    return Peer(f"`{algorithm}`, tuned alike", partial(ours, algorithm), space, first)


def popularity() -> Peer:
    """The most heard artists, which has nothing to tune."""
    return Peer("`popularity`", partial(ours, "popularity"))


def listens_alone(split: Split) -> Split:
    """``split`` without friendships and tags."""
    data = split.data
    users, artists = data.plays.shape
    bare = replace(
        data,
        friends=csr_array((users, users)),
        tag_counts=csr_array((artists, len(data.tags))),
        taggings=np.empty((0, 3), dtype=np.intp),
    )
    return replace(split, data=bare)


def _draw(wanted: Range, rng: np.random.Generator) -> float:
    value = float(np.exp(rng.uniform(np.log(wanted.low), np.log(wanted.high))))
    return round(value) if wanted.is_whole else float(f"{value:.4g}")


def _products(users: Matrix, artists: Matrix, rows: NDArray[np.intp]) -> Matrix:
    product: Matrix = users[rows] @ artists.T
    return product


def _some_columns(
    listens: csr_array,
    weights: Matrix,
    columns: NDArray[np.intp],
    size: int,
    rows: NDArray[np.intp],
) -> Matrix:
    scores = np.zeros((len(rows), size), dtype=np.float32)
    scores[:, columns] = listens[rows] @ weights
    return scores
