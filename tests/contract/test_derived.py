"""Properties that follow from listens and tags, computed by hand."""

import pytest

from tastegraph.graph.content import read_content
from tastegraph.graph.counts import counts
from tastegraph.graph.query_files import query
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.loaders.ingest.ingest import ingest
from tests.contract.frames import frames

# ln(3 artists / 2 with tag 5), ln(3 / 1), and tag 7 that nobody gave.
IDF_5, IDF_6 = 0.405465108108, 1.098612288668

EARLIER = frames(
    users=[1],
    artists=[(10, "Air")],
    tags=[(5, "x")],
    listens=[(1, 10, 8)],
    taggings=[(1, 10, 5, "2001-01-01")],
)
SOURCE = frames(
    users=[1, 2, 3],
    artists=[(10, "Air"), (20, "Beck"), (30, "Can")],
    tags=[(5, "mellow"), (6, "French"), (7, "unused")],
    listens=[(1, 10, 3), (2, 10, 4), (2, 20, 1)],
    friendships=[(1, 3)],
    taggings=[(1, 10, 5, "2010-01-01"), (2, 10, 5, ""), (2, 10, 6, ""), (2, 20, 5, "2011-02-03")],
)


@pytest.fixture(params=["first load", "in two loads"])
def loaded(request: pytest.FixtureRequest, store: GraphStore) -> GraphStore:
    if request.param == "in two loads":
        ingest(store, EARLIER)
    ingest(store, SOURCE)
    return store


def test_what_follows_from_listens_and_tags(loaded: GraphStore) -> None:
    content = read_content(loaded)
    artists = {id_: properties[5:] for id_, properties in content.nodes["Artist"].items()}
    # sqrt((log(3) idf5)^2 + (log(2) idf6)^2), and log(2) idf5
    assert artists[10] == (2, 7, pytest.approx(0.8822171123), "head")
    assert artists[20] == (1, 1, pytest.approx(0.2810469965), "tail")
    assert artists[30] == (0, 0, 0.0, "tail")
    tags = content.nodes["Tag"]
    assert tags[5] == ("mellow", "mellow", 2, pytest.approx(IDF_5))
    assert tags[6] == ("French", "french", 1, pytest.approx(IDF_6))
    assert tags[7] == ("unused", "unused", 0, 0.0)
    relations = content.relations
    assert relations["HAS_TAG"] == {(10, 5): (2,), (10, 6): (1,), (20, 5): (1,)}
    assert relations["USES_TAG"] == {(1, 5): (1,), (2, 5): (2,), (2, 6): (1,)}
    assert relations["TAGGED"] == {
        (1, 10): ([5], ["2010-01-01"]),
        (2, 10): ([5, 6], ["", ""]),
        (2, 20): ([5], ["2011-02-03"]),
    }
    assert list(counts(loaded).values()) == [3, 3, 3, 3, 1, 3, 3, 3, 0]


def test_top_tags_are_those_given_most(loaded: GraphStore) -> None:
    rows = loaded.rows(query("top-tags").cypher, {"k": 10})
    assert [tuple(row.values()) for row in rows] == [(5, "mellow", 3, 2), (6, "French", 1, 1)]
