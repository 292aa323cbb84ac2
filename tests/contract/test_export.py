"""Exporting: what comes out of a store goes into another one as the same graph."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as tried

import tastegraph.graph.difference
from tastegraph.api.graph import Graph
from tastegraph.errors import InputError
from tastegraph.graph.content import GraphContent, read_content
from tastegraph.graph.frames import GraphFrames, OwnProperty
from tastegraph.graph.hidden_artists import all_hidden
from tastegraph.graph.own_properties import read_own_properties
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.loaders.ingest.target import target_content
from tastegraph.loaders.source import read_source
from tests.contract.frames import frames
from tests.contract.trained import small_frames, train_small
from tests.loaders.graphs import graphs


@pytest.fixture
def graph(settings: Settings) -> Iterator[Graph]:
    with Graph(settings, quiet=True) as opened:
        opened.open(create=True)
        yield opened


def everything(graph: Graph) -> tuple[Any, ...]:
    store = graph.store
    return read_content(store), all_hidden(store), repr(read_own_properties(store))


def there_and_back(graph: Graph, folder: Path, csv: bool) -> None:
    before = everything(graph)
    graph.export(folder, csv=csv)
    ingest(graph.store, frames(), replace=True)
    assert read_content(graph.store).is_empty
    graph.load(folder)
    assert everything(graph) == before
    again = ingest(graph.store, frames())
    assert (again.added, again.changed, again.removed) == (0, 0, 0)


@tried(
    max_examples=4,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(source=graphs(least=1))
def test_random_graphs_come_back(graph: Graph, source: GraphFrames) -> None:
    ingest(graph.store, source, replace=True)
    with TemporaryDirectory() as folder:
        there_and_back(graph, Path(folder) / "parquet", csv=False)
        there_and_back(graph, Path(folder) / "csv", csv=True)


def test_what_a_person_has_added_comes_back(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Many batches of everything that is written and deleted.
    monkeypatch.setattr(tastegraph.graph.difference, "BATCH", 100)
    ingest(graph.store, small_frames())
    train_small(graph.store)
    graph.hide(2, "7")
    graph.store.write("MATCH (a:Artist {id: 7}) SET a.country = 'IS', a.years = [1993, 2024]")
    graph.store.write("MATCH (u:User {id: 2}) SET u.age = 41, u.member = true")

    rows = graph.export(tmp_path / "x").set_index("table")["rows"]

    assert rows["properties"] == 4
    assert rows["hidden"] == 1
    assert rows["listens"] == len(small_frames().listens)
    there_and_back(graph, tmp_path / "y", csv=True)
    assert read_own_properties(graph.store)[0] == [
        OwnProperty("Artist", 7, "country", "IS"),
        OwnProperty("Artist", 7, "years", [1993, 2024]),
        OwnProperty("User", 2, "age", 41),
        OwnProperty("User", 2, "member", True),
    ]
    changes = ingest(graph.store, small_frames())
    assert (changes.added, changes.changed, changes.removed) == (0, 0, 0)


def test_loading_an_export_again_changes_nothing(graph: Graph, tmp_path: Path) -> None:
    source = small_frames()
    ingest(graph.store, source)
    graph.hide(2, "7")
    graph.store.write("MATCH (a:Artist {id: 7}) SET a.country = 'IS'")
    graph.export(tmp_path / "x")
    notes: list[str] = []
    graph.note = notes.append
    graph.load(tmp_path / "x")
    assert notes[-1].startswith("0 nodes and relationships added, 0 changed, 0 removed")


def test_an_empty_graph_is_not_exported(graph: Graph, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing in .* to export"):
        graph.export(tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_ids_that_are_text_stay_text(graph: Graph, tmp_path: Path) -> None:
    ingest(graph.store, frames(["1", "x"], [("7", "Air")], listens=[("1", "7", 3)]))
    graph.forget("x")
    there_and_back(graph, tmp_path / "x", csv=True)
    assert graph.store.values("MATCH (u:User) RETURN u.id") == [["1"]]


@pytest.mark.slow
def test_the_real_data_come_back(graph: Graph, tmp_path: Path, real_data: Path) -> None:
    folder = real_data / "hetrec2011-lastfm-2k"
    graph.load(folder)
    before = read_content(graph.store)
    assert target_content(GraphContent(), read_source(folder), replace=True) == before
    for csv in (False, True):
        graph.export(tmp_path / f"{csv}", csv=csv)
        source = read_source(tmp_path / f"{csv}")
        assert target_content(GraphContent(), source, replace=True) == before
    again = ingest(graph.store, source)
    assert (again.added, again.changed, again.removed) == (0, 0, 0)
