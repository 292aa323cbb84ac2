"""Cypher of somebody's own: it only reads unless it may write, and gives graphs."""

from collections.abc import Iterator

import networkx as nx
import pytest

from tastegraph.api.graph import Graph
from tastegraph.errors import InputError, StoreError, StoreQueryError
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.loaders.ingest.ingest import ingest
from tests.contract.conftest import empty_place
from tests.contract.frames import frames

SOURCE = frames(
    users=[1, 2, 3],
    artists=[(1, "Air"), (2, "Beck"), (3, 'The "Can"')],
    tags=[(1, "mellow")],
    listens=[(1, 1, 5), (1, 2, 1), (2, 2, 7), (3, 3, 2)],
    friendships=[(1, 2), (2, 3)],
    taggings=[(1, 1, 1, "")],
)

WRITES = [
    "CREATE (:User {id: 99})",
    "CREATE (:Brand {id: 99}) RETURN 1 AS one",
    "MATCH (u:User) SET u.age = 3 RETURN u.id AS id",
    "match (u:User {id: 1}) set u.age = 3",
    "MATCH (u:User {id: 1}) REMOVE u.id",
    "MATCH (u:User) DETACH DELETE u",
    "MERGE (:User {id: 98})",
    "MERGE (u:User {id: 1}) ON MATCH SET u.age = 3",
    "UNWIND [1] AS x CALL (x) { CREATE (:User {id: 97}) } RETURN x",
    "MATCH (u:User) FOREACH (x IN [1] | SET u.age = x)",
    "/* a comment */ CREATE (:User {id: 96}) // and one",
    "PROFILE CREATE (:User {id: 95})",
    "CREATE INDEX own IF NOT EXISTS FOR (n:User) ON (n.age)",
    "CREATE CONSTRAINT own IF NOT EXISTS FOR (n:Brand) REQUIRE n.id IS UNIQUE",
    "DROP CONSTRAINT user_id IF EXISTS",
    "DROP INDEX artist_norm IF EXISTS",
    "MATCH (u:User {id: 1})-[r:FRIEND]-() DELETE r RETURN 1 AS one",
    "MATCH (n) RETURN 1 AS one LIMIT 1 UNION CREATE (:User {id: 94}) RETURN 1 AS one",
]


@pytest.fixture(scope="module")
def small(request: pytest.FixtureRequest, kind: str) -> Iterator[Graph]:
    """A graph of three people that no test changes."""
    with empty_place(request, kind) as place:
        with open_store(place) as store:
            ingest(store, SOURCE)
        with Graph(place, quiet=True) as opened:
            yield opened


def everything(store: GraphStore) -> list[list[object]]:
    """All nodes and relationships, and the schema."""
    nodes = store.values("MATCH (n) RETURN labels(n), properties(n)")
    links = store.values("MATCH (n)-[r]->(m) RETURN n.id, type(r), m.id, properties(r)")
    indexes = store.values("SHOW INDEXES YIELD name RETURN name")
    labels = store.values("CALL db.labels() YIELD label RETURN label")
    return [sorted(map(str, rows)) for rows in (nodes, links, indexes, labels)]


def test_rows_have_the_columns_that_are_returned(small: Graph) -> None:
    cypher = "MATCH (a:Artist) RETURN a.id AS artist, a.name AS name ORDER BY artist"
    rows = small.run_cypher(cypher)
    assert list(rows.columns) == ["artist", "name"]
    assert rows.to_numpy().tolist() == [[1, "Air"], [2, "Beck"], [3, 'The "Can"']]
    none = small.run_cypher("MATCH (a:Artist {id: 9}) RETURN a.id AS artist, a.name AS name;")
    assert list(none.columns) == ["artist", "name"]
    assert none.empty


def test_parameters_are_given_or_marked_as_examples(small: Graph) -> None:
    marked = "MATCH (a:Artist {id: 2 /* $artistId */}) RETURN a.name AS name, $more AS more"
    assert small.run_cypher(marked, {"more": [1, {"a": "b"}]}).to_numpy().tolist() == [
        ["Beck", [1, {"a": "b"}]]
    ]
    assert small.run_cypher(marked, {"artistId": 1, "more": None})["name"].tolist() == ["Air"]
    with pytest.raises(InputError, match=r"asks for \$more, which has no value"):
        small.run_cypher(marked)
    with pytest.raises(InputError, match="has no parameter 'most'; it has artistId, more"):
        small.run_cypher(marked, {"most": 1})
    assert small.run_cypher("RETURN '$text' AS text /* $comment */")["text"].tolist() == ["$text"]
    with pytest.raises(InputError, match="there is no query"):
        small.run_cypher(" // nothing but a comment\n;")


@pytest.mark.parametrize("cypher", WRITES)
def test_a_query_that_writes_is_refused_before_it_does(small: Graph, cypher: str) -> None:
    before = everything(small.store)
    with pytest.raises(StoreQueryError) as refused:
        small.run_cypher(cypher)
    assert "--write" in str(refused.value)
    assert everything(small.store) == before


def test_one_that_joins_the_store_may_not_write_either(small: Graph) -> None:
    before = everything(small.store)
    with Graph(small.settings, quiet=True) as joined:
        for cypher in WRITES:
            with pytest.raises(StoreQueryError, match="--write"):
                joined.run_cypher(cypher)
    assert everything(small.store) == before


def test_a_wrong_query_is_said(small: Graph) -> None:
    for cypher in ("MATCH (n RETURN n", "RETURN nothing", "hello"):
        with pytest.raises(StoreError):
            small.run_cypher(cypher)


def test_what_is_returned_is_a_graph(small: Graph) -> None:
    rows = small.run_cypher(
        "MATCH path = (u:User {id: 1})-[:LISTENED]->(a:Artist) "
        "MATCH (u)-[f:FRIEND]-(v) RETURN path, {friends: [v, f]} AS more ORDER BY a.id"
    )
    graph = small.as_networkx(rows)
    assert dict(graph.nodes(data="label")) == {
        "User:1": "User 1",
        "Artist:1": "Air",
        "Artist:2": "Beck",
        "User:2": "User 2",
    }
    assert graph.nodes["Artist:1"]["listeners"] == 1
    assert "embedding" not in graph.nodes["Artist:1"]
    edges = {
        (start, end, data["kind"]): data["weight"] for start, end, data in graph.edges(data=True)
    }
    assert edges == {
        ("User:1", "Artist:1", "LISTENED"): 5.0,
        ("User:1", "Artist:2", "LISTENED"): 1.0,
        ("User:1", "User:2", "FRIEND"): 1.0,
    }
    with pytest.raises(InputError, match="made of nodes"):
        small.as_networkx(small.run_cypher("RETURN 1 AS one, 'User' AS two"))


def test_the_graph_is_written_as_its_suffix_says(small: Graph, tmp_path) -> None:
    rows = small.run_cypher("MATCH path = (:User)-[:LISTENED]->(:Artist) RETURN path")
    for suffix in (".graphml", ".gexf", ".cyjs", ".dot"):
        file = small.write_graph(rows, tmp_path / f"around{suffix}")
        assert 'The \\"Can\\"' in file.read_text(encoding="utf-8") or suffix in (
            ".graphml",
            ".gexf",
        )
    read = nx.read_graphml(tmp_path / "around.graphml")
    assert sorted(read) == ["Artist:1", "Artist:2", "Artist:3", "User:1", "User:2", "User:3"]
    assert read.nodes["Artist:3"]["label"] == 'The "Can"'


def test_what_a_graph_can_name(small: Graph) -> None:
    known = small.vocabulary()
    assert {"User", "Artist", "Tag"} <= {*known.labels}
    assert {"LISTENED", "FRIEND", "TAGGED", "HAS_TAG", "USES_TAG"} <= {*known.types}
    assert {"id", "name", "plays", "listeners", "count", "idf"} <= {*known.properties}
    assert "WriteLease" not in known.labels


def test_times_and_points_are_text_and_numbers(small: Graph) -> None:
    rows = small.run_cypher(
        "RETURN date('2024-02-29') AS day, duration('P1DT2H') AS time, point({x: 1, y: 2}) AS place"
    )
    day, time, _place = rows.iloc[0]
    assert day == "2024-02-29"
    assert time == "P1DT2H"
