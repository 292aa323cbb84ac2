"""Graphs that lack something, page by page: each says what is missing, and how to get it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path

import httpx
import pytest

from tastegraph.api.graph import Graph
from tastegraph.graph.frames import GraphFrames
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.ingest.ingest import ingest
from tests.contract.trained import small_frames, train_small
from tests.web.serving import serving

TRAIN = "tastegraph train"
TAGS, FRIENDS = "load data that have them (table tags)", "load data that have them (table friends)"
LISTENS = "'tastegraph load PATH'"
NOBODY = "the graph holds nobody yet; 'tastegraph load' fills it"

# Every page, with what it says of a graph without model, friends and tags; without these two, but
# with a model; without model and listens; and of an empty one.
BARE = {
    "/": ("tastegraph train", "table tags"),
    "/search?q=2": ("person",),
    "/users/2": (TRAIN, TAGS, FRIENDS),
    "/users/2/why-not?artist=id:7": (TRAIN,),
    "/users/2/compare?other=5": (TRAIN,),
    "/artists/7": (TRAIN, TAGS),
    "/tags/1": ("there is no tag '1'",),
    "/what-if": (TRAIN,),
    "/what-if?likes=id:7&friends=2": (TRAIN,),
    "/map": (TRAIN,),
    "/map?user=2": (TRAIN,),
    "/graph": ("Draw",),
    "/graph?user=2": (TAGS, FRIENDS),
    "/graph?user=2&artist=7": (TRAIN,),
    "/graph?user=2&other=5": (FRIENDS,),
    "/graph?artist=7&other=9": ("Dairemel",),
    "/model": (TRAIN,),
    "/api": ("/recommendations",),
}
UNTAGGED = {
    "/": ("table tags",),
    "/users/2": (TAGS, FRIENDS, "because they play"),
    "/users/2/why-not?artist=id:7": ("stands at",),
    "/users/2/compare?other=5": ("might like",),
    "/artists/7": (TAGS, "No artist shares a tag"),
    "/what-if?likes=id:7&friends=2": ("which is the score",),
    "/map?user=2": ("no tag", "'tastegraph map'"),
    "/graph?user=2": (TAGS, FRIENDS),
    "/graph?user=2&artist=7": ("of all their taste",),
    "/model": ("knows the graph as it is now",),
}
SILENT = {
    "/": ("The graph holds no listens yet", TRAIN),
    "/users/2": (LISTENS, TRAIN, "They play nothing"),
    "/users/2/compare?other=5": (TRAIN, "They share no artist"),
    "/artists/7": (LISTENS, TRAIN, "Nobody in the graph plays it"),
    "/tags/1": ("carry it",),
    "/what-if": (TRAIN,),
    "/map": (TRAIN,),
    "/graph?user=2": (LISTENS,),
    "/model": (TRAIN,),
}
EMPTY = {
    "/": ("The graph holds no listens yet", TRAIN, "Nobody is in the graph"),
    "/users/2": (NOBODY,),
    "/what-if": (TRAIN,),
    "/what-if?friends=2": (NOBODY,),
    "/map": (TRAIN,),
    "/graph?user=2": (NOBODY,),
    "/model": (TRAIN,),
}


def without(*names: str) -> GraphFrames:
    """The small data without some of its frames."""
    frames = small_frames()
    return replace(frames, **{name: getattr(frames, name)[:0] for name in names})


@contextmanager
def asking(
    place: Path, frames: GraphFrames | None, trained: bool = False
) -> Iterator[httpx.Client]:
    """A program that asks a server of a graph with these data."""
    settings = Settings.of(place)
    with open_store(settings) as store:
        if frames:
            ingest(store, frames)
        if trained:
            train_small(store)
    with Graph(settings, quiet=True) as graph:
        graph.keep_in_memory()
        with serving(graph) as address, httpx.Client(base_url=address, timeout=30) as client:
            yield client


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    frames = without("friendships", "taggings", "tags")
    with asking(tmp_path_factory.mktemp("bare") / "store", frames) as client:
        yield client


@pytest.fixture(scope="module")
def untagged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    frames = without("friendships", "taggings", "tags")
    with asking(tmp_path_factory.mktemp("untagged") / "store", frames, trained=True) as client:
        yield client


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with asking(tmp_path_factory.mktemp("silent") / "store", without("listens")) as client:
        yield client


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with asking(tmp_path_factory.mktemp("empty") / "store", None) as client:
        yield client


def says(client: httpx.Client, expected: dict[str, tuple[str, ...]]) -> None:
    for path, sentences in expected.items():
        answer = client.get(path)
        text = re.sub(r"\s+", " ", unescape(answer.text))
        for sentence in sentences:
            assert sentence in text, path
        assert answer.status_code == (404 if "That is not here" in text else 200), path


def test_without_model_friends_and_tags(bare: httpx.Client) -> None:
    says(bare, BARE)
    for path in ("/users/2/recommendations", "/recommendations?user=2", "/model", "/map"):
        assert bare.get(f"/api{path}").status_code == 409
    assert bare.get("/api/metrics").status_code == 200


def test_without_friends_and_tags(untagged: httpx.Client) -> None:
    says(untagged, UNTAGGED)


def test_without_listens(silent: httpx.Client) -> None:
    says(silent, SILENT)


def test_an_empty_graph(empty: httpx.Client) -> None:
    says(empty, EMPTY)
    for path in ("/users", "/artists", "/tags", "/search?q=a"):
        assert empty.get(f"/api{path}").status_code == 200
