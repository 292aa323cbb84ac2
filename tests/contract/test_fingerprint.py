"""Whether the model is older than the data."""

from pathlib import Path

import pytest

from graph.fingerprint import fingerprint
from graph.frames import GraphFrames
from graph.settings import Settings
from graph.store import GraphStore, open_store
from loaders.ingest import ingest
from models.card import is_stale, read_card
from tests.contract.frames import frames
from tests.contract.trained import load_and_train, small_frames

CHANGES = {
    "a listen": frames([1, 901], [(1, "A")], [], [(901, 1, 3)]),
    "other plays": frames([1], [(1, "A")], [], [(1, 1, 123_456)]),
    "a user": frames([901]),
    "an artist": frames([], [(901, "New")]),
    "a friendship": frames([1, 901], friendships=[(1, 901)]),
    "a tag": frames([1], [(1, "A")], [(901, "new")], taggings=[(1, 1, 901, "")]),
}


def test_nothing_new_leaves_it_fresh(store: GraphStore) -> None:
    load_and_train(store)
    card = read_card(store)
    assert not is_stale(store, card)
    ingest(store, small_frames())
    ingest(store, small_frames(), replace=True)
    assert not is_stale(store, card)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_makes_it_stale(store: GraphStore, change: GraphFrames) -> None:
    ingest(store, small_frames())
    before = fingerprint(store)
    ingest(store, change)
    assert fingerprint(store) != before
    ingest(store, small_frames(), replace=True)
    assert fingerprint(store) == before


def test_an_empty_graph_has_one(store: GraphStore) -> None:
    store.dialect.create_schema(store)
    assert fingerprint(store) == fingerprint(store)


def test_all_stores_agree(tmp_path: Path, store: GraphStore) -> None:
    with open_store(Settings.of(tmp_path / "other")) as other:
        for source in (frames(), small_frames()):
            ingest(store, source)
            ingest(other, source)
            assert fingerprint(store) == fingerprint(other)
