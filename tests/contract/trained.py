"""A small graph with a trained model, and the same model in memory to compare with."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from tastegraph.graph.frames import GraphFrames
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.loaders.synthetic.generate import generate
from tastegraph.models.algorithms.factory import create
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.explain.reasons import Explainer
from tastegraph.models.ranking.ranker import Recommender
from tastegraph.models.ranking.weights import SignalWeights
from tastegraph.models.storage.model_card import Card, read_card
from tastegraph.models.storage.read_graph import (
    read_dataset,
    read_fold_in,
    read_names,
    read_vectors,
)
from tastegraph.models.training.train import Training, train

# No signal is silent, so that every part of a score is seen.
WEIGHTS = SignalWeights(1.0, 0.05, 0.05)

# Enough of everything that the ids of the queries' examples are there.
USERS, ARTISTS, SEED = 60, 300, 7

MADE_UP_DIMENSIONS = 16


@dataclass(frozen=True)
class Trained:
    """A store and, read from it, what answers in memory."""

    store: GraphStore
    card: Card
    data: Dataset
    recommender: Recommender
    explainer: Explainer


@cache
def small_frames() -> GraphFrames:
    """The data that most tests load; nobody changes it."""
    return generate(USERS, ARTISTS, SEED)


def made_up_card(seed: int) -> dict[str, Any]:
    """The properties of a Model that nothing trained and only its seed tells from another."""
    return Card(
        id=f"made-up-{seed}",
        algorithm="made-up",
        dimensions=MADE_UP_DIMENSIONS,
        parameters={},
        seed=seed,
        weights=(1.0, 0.0, 0.0),
        metrics={},
        training_loss=None,
        trained_at="2024-01-01T00:00:00+00:00",
        data_fingerprint="",
        versions={},
    ).as_properties()


def train_small(store: GraphStore, seed: int = 1) -> Training:
    """Train the smallest model that still has something to say."""
    model = create("collective-als", {"dimensions": "8", "epochs": "3"})
    return train(store, model, seed, weights=WEIGHTS)


def load_small(store: GraphStore) -> None:
    """Fill an empty store with the data that most tests load."""
    ingest(store, small_frames())


def load_and_train(store: GraphStore) -> Trained:
    """Fill an empty store, train, and read all of it back."""
    load_small(store)
    train_small(store)
    return read_back(store)


def load_and_train_student(store: GraphStore) -> Trained:
    """The same data in an empty store, with the default model, small."""
    load_small(store)
    settings = {"dimensions": "8", "als_dimensions": "6", "epochs": "3", "tag_artists": "2"}
    train(store, create("collective", settings), 1, weights=WEIGHTS)
    return read_back(store)


def read_back(store: GraphStore) -> Trained:
    """What recommends in memory, from the graph in ``store``."""
    data = read_dataset(store)
    recommender = Recommender(
        data, read_vectors(store, data), read_names(store, "Artist", data.artists)
    )
    tags = read_names(store, "Tag", data.tags)
    explainer = Explainer(recommender, data, tags, read_fold_in(store, data))
    return Trained(store, read_card(store), data, recommender, explainer)
