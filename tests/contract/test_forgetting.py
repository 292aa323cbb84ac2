"""A person leaves the graph, and nothing that was counted remembers them."""

from dataclasses import replace

import pytest

from tastegraph.graph.content import read_content
from tastegraph.graph.forget_user import forget
from tastegraph.graph.hidden_artists import hide
from tastegraph.graph.store.graph_store import GraphStore, _InTransaction
from tastegraph.loaders.ingest.ingest import ingest
from tests.contract.frames import frames
from tests.contract.test_derived import SOURCE

FULL = replace(SOURCE, features=[(30, 10)])
WITHOUT_2 = frames(
    users=[1, 3],
    artists=[(10, "Air"), (20, "Beck"), (30, "Can")],
    tags=[(5, "mellow"), (6, "French"), (7, "unused")],
    listens=[(1, 10, 3)],
    friendships=[(1, 3)],
    taggings=[(1, 10, 5, "2010-01-01")],
)


@pytest.fixture
def loaded(store: GraphStore) -> GraphStore:
    ingest(store, FULL)
    return store


def test_the_graph_is_as_if_they_had_never_been_loaded(loaded: GraphStore) -> None:
    full = read_content(loaded)
    hide(loaded, 2, 30)
    changes = forget(loaded, 2)
    assert changes.removed > 0
    left = read_content(loaded)
    assert loaded.values("MATCH ()-[h:HIDES]->() RETURN count(h)") == [[0]]
    assert left.nodes["Artist"][20][5:] == (0, 0, 0.0, "tail")
    assert left.nodes["Tag"][6] == ("French", "french", 0, 0.0)
    assert left.relations["FEATURES"] == {(30, 10): ()}
    again = ingest(loaded, replace(WITHOUT_2, features=FULL.features), replace=True)
    assert (again.added, again.changed, again.removed) == (0, 0, 0)
    ingest(loaded, FULL)
    assert read_content(loaded) == full


def test_a_failure_leaves_everything(loaded: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    class BrokenError(Exception):
        pass

    def broken(self: object, cypher: str, parameters: object = None) -> None:
        if "MERGE (n:Artist" in cypher:
            raise BrokenError
        written(self, cypher, parameters)

    full = read_content(loaded)
    written = _InTransaction.write
    monkeypatch.setattr(_InTransaction, "write", broken)
    with pytest.raises(BrokenError):
        forget(loaded, 2)
    assert read_content(loaded) == full
