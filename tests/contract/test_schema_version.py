"""Graphs of an earlier version, as it has written them, brought up to date without a loss.

``earlier/schema-1.tar.gz`` is the folder of an embedded store that the version before schemas had
versions left behind ``generate --users 12 --artists 20 --seed 1``, ``load`` and ``train
--dimensions 4``; ``schema-1.json`` is what its ``recommend 3 -k 3 --why --format json`` printed.
"""

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tastegraph.api.graph import Graph
from tastegraph.errors import SchemaVersionError
from tastegraph.graph.content import read_content
from tastegraph.graph.schema import NODES, RELATIONS, TRAINING
from tastegraph.graph.schema_version import VERSION, migrate, schema_version
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings

EARLIER = Path(__file__).parent / "earlier"
LABELS = (*(kind.label for kind in NODES), "Model", "KeptModel", "KeptVectors")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The store of the earlier version."""
    with tarfile.open(EARLIER / "schema-1.tar.gz") as packed:
        packed.extractall(tmp_path, filter="data")
    return tmp_path / "store"


@pytest.fixture
def earlier(kind: str, folder: Path, settings: Settings) -> Iterator[Settings]:
    """Where a graph of the earlier version is: its folder, or a server with the same graph."""
    if kind == "embedded":
        yield Settings.of(folder)
        return
    with open_store(Settings.of(folder)) as source, open_store(settings) as store:
        copy(source, store)
    yield settings


def copy(source: GraphStore, target: GraphStore) -> None:
    for label in LABELS:
        rows = source.values(f"MATCH (n:{label}) RETURN properties(n)")
        target.write(
            f"UNWIND $rows AS row CREATE (n:{label}) SET n = row",
            {"rows": [row[0] for row in rows]},
        )
    for kind in RELATIONS:
        ends = f"(s:{kind.start})-[r:{kind.type}]->(e:{kind.end})"
        found = source.values(f"MATCH {ends} RETURN s.id, e.id, properties(r)")
        target.write(
            f"UNWIND $rows AS row MATCH (s:{kind.start} {{id: row[0]}}) "
            f"MATCH (e:{kind.end} {{id: row[1]}}) CREATE (s)-[r:{kind.type}]->(e) SET r = row[2]",
            {"rows": found},
        )
    target.dialect.create_vector_indexes(target, 4)


def graph_of(settings: Settings) -> Graph:
    return Graph(settings, quiet=True)


def assert_up_to_date(settings: Settings) -> None:
    """Everybody gets the list, and the reasons, that the earlier version gave."""
    wanted = json.loads((EARLIER / "schema-1.json").read_text(encoding="utf-8"))
    with graph_of(settings) as graph:
        found = graph.recommend(3, k=3, why=True).to_dict("records")
        assert [row["artist"] for row in found] == [row["artist"] for row in wanted]
        for row, before in zip(found, wanted, strict=True):
            assert row["score"] == pytest.approx(before["score"], abs=1e-6)
            told = {(part.kind, part.id): part.value for part in row["why"]}
            assert told == pytest.approx(
                {(part["kind"], part["id"]): part["value"] for part in before["why"]}, abs=1e-6
            )
        # Nothing has changed since the training, as far as the hashes tell.
        assert graph.update()["changed"].tolist() == [0, 0]
        store = graph.store
        assert schema_version(store) == VERSION
        left = "MATCH (n) WHERE n.influence IS NOT NULL OR n.taught IS NOT NULL RETURN count(n)"
        assert store.values(left) == [[0]]
        assert store.dialect.has_vector_indexes(store)
        indexes = {name for (name,) in store.values("SHOW INDEXES YIELD name RETURN name")}
        assert {"artist_embedding", "user_embedding", "artist_name", "tag_name"} <= indexes


def test_nobody_reads_half_of_it(earlier: Settings) -> None:
    with graph_of(earlier) as graph:
        with pytest.raises(SchemaVersionError, match="'tastegraph migrate' brings it up to date"):
            graph.recommend(3)
        findings = graph.doctor().set_index("check")
        assert findings.loc["schema", "status"] == "problem"


def test_the_named_command(earlier: Settings) -> None:
    for _ in range(2):
        with graph_of(earlier) as graph:
            assert graph.migrate().to_dict("records") == [{"kind": "schema", "count": VERSION}]
    assert_up_to_date(earlier)
    with graph_of(earlier) as graph:
        findings = graph.doctor()
        assert findings.loc[findings["status"] == "problem", "check"].tolist() == []


def test_an_interrupted_migration_goes_on(earlier: Settings) -> None:
    with open_store(earlier) as store:
        before = read_content(store)
        store.dialect.create_schema(store)
        store.write(
            "MATCH (n:User) WITH n ORDER BY n.id LIMIT 5 MERGE (t:UserTraining {id: n.id}) "
            "SET t.foldInColumn = n.influence, t.trainingHash = n.taught "
            "REMOVE n.influence, n.taught"
        )
        assert schema_version(store) == 1
        assert migrate(store) == 1
        assert read_content(store) == before
    assert_up_to_date(earlier)


def test_a_training_brings_it_up_to_date(earlier: Settings) -> None:
    with graph_of(earlier) as graph:
        graph.train(algorithm="als", dimensions=4, tune="off")
        assert schema_version(graph.store) == VERSION
        # The model of the earlier version is kept, and can be used again.
        graph.use_model("2")
    assert_up_to_date(earlier)


def test_a_newer_one_is_refused_and_left_alone(store: GraphStore, settings: Settings) -> None:
    store.write(f"CREATE (:Schema {{id: 'graph', version: {VERSION + 1}}})")
    with graph_of(settings) as graph:
        for ask in (graph.info, graph.migrate, graph.train):
            with pytest.raises(SchemaVersionError, match="update Tastegraph"):
                ask()
    assert schema_version(store) == VERSION + 1


def test_an_empty_graph_has_the_present_schema(store: GraphStore) -> None:
    assert schema_version(store) == VERSION
    assert migrate(store) == VERSION


def test_people_read_everything_on_users_and_artists(trained) -> None:
    """Whatever stands there beside the vector is text, a number or a truth value of 53 bits."""
    store = trained.store
    for label in TRAINING:
        for (properties,) in store.values(f"MATCH (n:{label}) RETURN properties(n)"):
            readable = {name: properties[name] for name in properties if name != "embedding"}
            assert json.loads(json.dumps(readable)) == readable
            numbers = [value for value in readable.values() if isinstance(value, int)]
            assert all(abs(number) < 2**53 for number in numbers)
        assert store.values(f"MATCH (t:{TRAINING[label]}) RETURN count(t) > 0") == [[True]]
