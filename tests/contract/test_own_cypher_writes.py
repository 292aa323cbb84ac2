"""Cypher of somebody's own that may write: it does, and says what it changed."""

from collections.abc import Iterator

import pytest

from tastegraph.api.graph import Graph
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.ingest.ingest import ingest
from tests.contract.test_own_cypher import SOURCE


@pytest.fixture
def graph(settings: Settings) -> Iterator[Graph]:
    """A graph of three people that a test may change."""
    with open_store(settings) as store:
        ingest(store, SOURCE)
        with Graph(settings, quiet=True) as opened:
            yield opened


def test_it_may_write_where_it_is_let(graph: Graph) -> None:
    made = "CREATE (u:User {id: $id})-[:LISTENED {plays: 3}]->(:Artist {id: 9}) RETURN u.id AS id"
    assert graph.run_cypher(made, {"id": 9}, write=True)["id"].tolist() == [9]
    assert graph.store.values("MATCH (u:User {id: 9})-[l:LISTENED]->(a) RETURN l.plays, a.id") == [
        [3, 9]
    ]
    assert graph.store.other_writer() is None


def test_what_was_changed_is_said(settings: Settings) -> None:
    notes: list[str] = []
    with Graph(settings, note=notes.append) as graph:
        graph.open(create=True)
        graph.run_cypher("CREATE (:Brand {id: 1}), (:Brand {id: 2})", write=True)
        assert any("nodes created 2" in note for note in notes)
        rows = graph.run_cypher("MATCH (b:Brand) RETURN count(b) AS brands")
    assert rows["brands"].tolist() == [2]


def test_the_schema_changes_with_write(graph: Graph) -> None:
    graph.run_cypher("CREATE INDEX own FOR (n:User) ON (n.age)", write=True)
    names = [name for (name,) in graph.store.values("SHOW INDEXES YIELD name RETURN name")]
    assert any("own" in name or "age" in name for name in names)


def test_other_peoples_nodes_have_no_id(graph: Graph) -> None:
    graph.run_cypher(
        "CREATE (:Film {title: 'Heat', year: 1995}), (:Film {title: 'Heat', year: 1995})"
        "<-[:ACTED_IN {roles: ['Neil', 'x']}]-(:Person {name: 'Bob'})",
        write=True,
    )
    rows = graph.run_cypher("MATCH path = (:Person)-[:ACTED_IN]->(:Film) RETURN path")
    assert "Bob" in str(rows["path"].iloc[0])
    drawn = graph.as_networkx(rows)
    assert sorted(data["kind"] for _, data in drawn.nodes(data=True)) == ["Film", "Person"]
    ((_, _, edge),) = drawn.edges(data=True)
    assert edge["roles"] == '["Neil", "x"]'
    films = graph.run_cypher("MATCH (f:Film) RETURN f")
    assert len(graph.as_networkx(films)) == 2
    assert str(films["f"].iloc[0]) == "(Film {'title': 'Heat', 'year': 1995})"
    assert films["f"].iloc[0].as_dict()["properties"] == {"title": "Heat", "year": 1995}
