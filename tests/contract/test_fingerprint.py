"""Whether the model is older than the data."""

from pathlib import Path

import pytest

from tastegraph.graph.fingerprint import fingerprint
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.models.storage.model_card import is_stale, read_card
from tests.contract.frames import frames
from tests.contract.trained import load_and_train, small_frames

CHANGES = {
    "a user": frames([901]),
    "an artist": frames([], [(901, "New")]),
    "a listen": frames([901], [(901, "New")], [], [(901, 901, 3)]),
    "other plays": frames([901], [(901, "New")], [], [(901, 901, 4)]),
    "a friendship": frames([1, 901], friendships=[(1, 901)]),
    "a tag": frames([901], [(901, "New")], [(901, "new")], taggings=[(901, 901, 901, "")]),
}


@pytest.mark.holds(make=load_and_train)
def test_nothing_new_leaves_it_fresh(store: GraphStore) -> None:
    card = read_card(store)
    assert not is_stale(store, card)
    ingest(store, small_frames())
    ingest(store, small_frames(), replace=True)
    assert not is_stale(store, card)


def test_every_change_makes_it_stale(store: GraphStore) -> None:
    ingest(store, small_frames())
    seen = {fingerprint(store): "the data as it was"}
    for name, change in CHANGES.items():
        ingest(store, change)
        now = fingerprint(store)
        assert now not in seen, f"{name} looks like {seen[now]}"
        seen[now] = name
    ingest(store, small_frames(), replace=True)
    assert seen[fingerprint(store)] == "the data as it was"


def test_an_empty_graph_has_one(store: GraphStore) -> None:
    store.dialect.create_schema(store)
    assert fingerprint(store) == fingerprint(store)


def test_all_stores_agree(tmp_path: Path, store: GraphStore) -> None:
    with open_store(Settings.of(tmp_path / "other")) as other:
        for source in (frames(), small_frames()):
            ingest(store, source)
            ingest(other, source)
            assert fingerprint(store) == fingerprint(other)
