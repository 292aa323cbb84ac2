"""Files for Neo4j's own import: the database that they make is the graph that was exported."""

import shlex
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tastegraph.api.graph import Graph
from tastegraph.errors import InputError, UsageError
from tastegraph.graph.frames import GraphFrames
from tastegraph.graph.load_mark import begin_load
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.files.neo4j_csv import DELIMITERS
from tastegraph.loaders.ingest.ingest import ingest
from tests.contract.agreement import assert_same
from tests.contract.frames import frames
from tests.contract.trained import load_and_train, small_frames
from tests.loaders.graphs import AWKWARD, NUMERALS
from tests.neo4j_packages import NEO4J_5, NEO4J_2026, Release, UnavailableError
from tests.neo4j_server import Neo4jServer

STOPPED = "with the server stopped, import into a database that holds nothing: "


@pytest.fixture
def graph(settings: Settings) -> Iterator[Graph]:
    with Graph(settings, quiet=True) as opened:
        opened.open(create=True)
        yield opened


@pytest.fixture
def release(kind: str) -> Release:
    """Where files of each store go: what is in them is the same, and one import takes long."""
    return {"embedded": NEO4J_2026, "neo4j": NEO4J_5}[kind]


@contextmanager
def imported(graph: Graph, folder: Path, release: Release = NEO4J_5) -> Iterator[Graph]:
    """What the command that an export names makes of its files, in a server of its own."""
    notes: list[str] = []
    graph.note = notes.append
    graph.export(folder, neo4j_import=True)
    (command,) = [note.removeprefix(STOPPED) for note in notes if note.startswith(STOPPED)]
    change, place, _, _, *arguments = shlex.split(command)
    assert (change, Path(place)) == ("cd", folder.resolve())
    try:
        server = Neo4jServer(release)
    except UnavailableError as reason:
        pytest.skip(str(reason))
    with ExitStack() as stack:
        # It is to start when all is there, and to go in any case.
        stack.push(server)
        done = server.admin(*arguments, folder=folder)
        assert done.returncode == 0, done.stdout + done.stderr
        server.start()
        yield stack.enter_context(Graph(Settings(server.uri), quiet=True))


def everything(graph: Graph) -> tuple[list[str], list[str]]:
    """All nodes and relationships, but the lease; a list of one empty text is none."""
    asked = "MATCH (s)-[r]->(e) RETURN type(r), s.id, e.id, properties(r)"
    relationships = [
        (*ends, sorted((name, plain(value)) for name, value in properties.items()))
        for *ends, properties in graph.store.values(asked)
    ]
    return all_nodes(graph), sorted(map(repr, without_nothing(relationships)))


def all_nodes(graph: Graph) -> list[str]:
    """All nodes but the lease."""
    return sorted(
        repr((label, sorted((name, plain(value)) for name, value in properties.items())))
        for (label,), properties in graph.store.values("MATCH (n) RETURN labels(n), properties(n)")
        if label != "WriteLease"
    )


def plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, bytearray) else value


def without_nothing(relationships: list[Any]) -> list[Any]:
    return [(*row[:-1], [each for each in row[-1] if each[1] != [""]]) for row in relationships]


def odd_frames() -> GraphFrames:
    """Names and ids that files are known to change."""
    return frames(
        users=sorted(NUMERALS),
        artists=list(enumerate([*AWKWARD, *NUMERALS, "nul\0", "unit\x1f"], 1)),
        tags=[("1,a", "rock"), ('2"b\n', "rock"), ("3;|", "\\")],
        listens=sorted((user, 1, 3) for user in NUMERALS),
        friendships=[("007", "1")],
        taggings=[
            ("1", 1, "1,a", "2010-01-01"),
            ("1", 1, '2"b\n', ""),
            ("1", 2, "3;|", ""),
            ("1", 3, "3;|", "2011-12-31"),
        ],
    )


@pytest.mark.slow
def test_odd_data_without_a_model(graph: Graph, tmp_path: Path, release: Release) -> None:
    ingest(graph.store, odd_frames())
    graph.hide("007", ["id:2"])
    graph.store.write(
        "MATCH (a:Artist {id: 7}) SET a.country = '', a.years = [1993, 2024], a.rate = 0.1, "
        "a.big = 9007199254740993, a.live = false, a.`born in` = 'x', a.`a:b,c` = 1"
    )
    # What a header can't say: values of several types.
    graph.store.write("MATCH (a:Artist {id: 8}) SET a.country = 5, a.years = ['a;b', ''], a.rate=1")
    with imported(graph, tmp_path / "it's here", release) as copy:
        assert everything(copy) == everything(graph)
        copy.migrate()
        changes = ingest(copy.store, odd_frames())
        assert (changes.added, changes.changed, changes.removed) == (0, 0, 0)
        assert (
            copy.info(kinds=["User", "TAGGED"]).to_dict()
            == graph.info(kinds=["User", "TAGGED"]).to_dict()
        )


def check_same_answers(graph: Graph, copy: Graph, source: GraphFrames) -> None:
    assert not copy.store.dialect.has_vector_indexes(copy.store)
    copy.migrate()
    assert set(copy.doctor()["status"]) == {"ok"}
    assert copy.info().to_dict() == graph.info().to_dict()
    assert copy.list_models().to_dict() == graph.list_models().to_dict()
    # From matrices, and by each database's own queries.
    everybody = [each.recommend(k=5) for each in (copy, graph)]
    pd.testing.assert_frame_equal(*everybody, rtol=0, atol=1e-9)
    assert_same(*(each.recommend(2, exact=True) for each in (copy, graph)))
    changes = ingest(copy.store, source)
    assert (changes.added, changes.changed, changes.removed) == (0, 0, 0)
    assert not copy.model_card().set_index("what")["value"]["stale"]


@pytest.mark.slow
@pytest.mark.holds(make=load_and_train)
def test_a_graph_with_its_model(graph: Graph, tmp_path: Path, release: Release) -> None:
    with imported(graph, tmp_path / "x", release) as copy:
        assert everything(copy) == everything(graph)
        check_same_answers(graph, copy, small_frames())


@pytest.mark.slow
def test_the_real_data_with_a_model(tmp_path: Path, real_data: Path) -> None:
    """From the embedded store alone: from a server it takes longer than all else here.

    That the load changes nothing says that every relationship is there as it was.
    """
    weights = {"embedding": 1.0}
    with Graph(Settings.of(tmp_path / "store"), quiet=True) as graph:
        graph.load(real_data / "hetrec2011-lastfm-2k")
        graph.train(algorithm="als", tune="off", dimensions=4, epochs=2, weights=weights)
        with imported(graph, tmp_path / "x") as copy:
            assert all_nodes(copy) == all_nodes(graph)
            copy.migrate()
            assert set(copy.doctor()["status"]) == {"ok"}
            assert copy.info().to_dict() == graph.info().to_dict()
            notes: list[str] = []
            copy.note = notes.append
            copy.load(real_data / "hetrec2011-lastfm-2k")
            assert "0 nodes and relationships added, 0 changed, 0 removed" in notes[-1]


def test_each_label_and_type_is_a_row(graph: Graph, tmp_path: Path) -> None:
    ingest(graph.store, frames([1], [(7, "Air")], listens=[(1, 7, 3)]))
    rows = graph.export(tmp_path / "x", neo4j_import=True)
    assert rows.to_numpy().tolist() == [
        ["User", 1, "User.csv"],
        ["Artist", 1, "Artist.csv"],
        ["Schema", 1, "Schema.csv"],
        ["LISTENED", 1, "LISTENED.csv"],
    ]
    header = (tmp_path / "x" / "LISTENED-header.csv").read_text()
    assert header.startswith('":START_ID(User)",":END_ID(Artist)","plays:long"')
    assert (tmp_path / "x" / "LISTENED.csv").read_text() == '"1","7",3,,\n'


def test_a_character_in_a_list_is_not_what_parts_it(graph: Graph, tmp_path: Path) -> None:
    ingest(graph.store, frames([1], [(7, "Air")], listens=[(1, 7, 3)]))
    graph.store.write("MATCH (a:Artist) SET a.x = $x", {"x": ["a\x1fb", "c"]})
    notes: list[str] = []
    graph.note = notes.append
    graph.export(tmp_path / "x", neo4j_import=True)
    assert any("--array-delimiter=U+001E" in note for note in notes)
    assert "a\x1fb\x1ec" in (tmp_path / "x" / "Artist.csv").read_text()
    graph.store.write("MATCH (a:Artist) SET a.x = $x", {"x": ["".join(DELIMITERS), "c"]})
    with pytest.raises(InputError, match="hold each of the characters that could part them"):
        graph.export(tmp_path / "y", neo4j_import=True)
    assert not (tmp_path / "y").exists()


def test_what_files_cannot_hold_is_named(graph: Graph, tmp_path: Path) -> None:
    ingest(graph.store, frames([1], [(7, "Air")], listens=[(1, 7, 3)]))
    graph.store.write("MATCH (a:Artist) SET a.x = [], a.y = [''], a.z = ['', ''], a.`a{b}` = 1")
    notes: list[str] = []
    graph.note = notes.append
    graph.export(tmp_path / "x", neo4j_import=True)
    assert notes[0] == "no file can hold the values of Artist.a{b}, Artist.x, Artist.y: left out"


def test_places_that_are_refused(graph: Graph, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing in .* to export"):
        graph.export(tmp_path / "x", neo4j_import=True)
    assert not (tmp_path / "x").exists()
    ingest(graph.store, frames([1], [(7, "Air")], listens=[(1, 7, 3)]))
    with pytest.raises(UsageError, match="give one of them"):
        graph.export(tmp_path / "x", csv=True, neo4j_import=True)
    graph.export(tmp_path / "x", neo4j_import=True)
    with pytest.raises(InputError, match="--force replaces it"):
        graph.export(tmp_path / "x", neo4j_import=True)
    with pytest.raises(InputError, match="holds something else than an export"):
        graph.export(tmp_path / "x", force=True)
    graph.export(tmp_path / "x", neo4j_import=True, force=True)
    (tmp_path / "x" / "letter.txt").write_text("x")
    with pytest.raises(InputError, match=r"also holds letter\.txt"):
        graph.export(tmp_path / "x", neo4j_import=True, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_half_a_load_is_not_exported(graph: Graph, tmp_path: Path) -> None:
    ingest(graph.store, frames([1], [(7, "Air")], listens=[(1, 7, 3)]))
    with graph.store.writing("load") as writer:
        begin_load(writer)
    with pytest.raises(InputError, match=r"has not ended.*load again, then export"):
        graph.export(tmp_path / "x", neo4j_import=True)
