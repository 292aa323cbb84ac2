"""A folder of tables in place of a database: the same answers, and what needs a database."""

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import tastegraph
from tastegraph.api.folder_graph import FolderGraph
from tastegraph.api.graph import Graph
from tastegraph.errors import InputError, ModelError, NotFoundError
from tastegraph.graph.fingerprint import fingerprint
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.files.manifest import MANIFEST
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.runtime.progress import silent
from tests.contract.agreement import assert_same
from tests.contract.trained import load_and_train, small_frames

SMALL = {"algorithm": "als", "dimensions": 4, "epochs": 2, "tune": "off"}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """A small graph with its model, in an embedded store."""
    place = Settings.of(tmp_path_factory.mktemp("database") / "store")
    with Graph(place, quiet=True) as graph:
        graph.open(create=True)
        load_and_train(graph.store)
        graph.hide(2, ["id:7"])
        graph.store.write("MATCH (a:Artist {id: 7}) SET a.country = 'IS'")
        yield graph


@pytest.fixture(scope="module")
def exported(database: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "x"
    database.export(folder)
    return folder


@pytest.fixture
def folder(exported: Path, tmp_path: Path) -> Path:
    """A folder of tables with a model, to be changed."""
    return Path(shutil.copytree(exported, tmp_path / "tables"))


@pytest.fixture
def tables(folder: Path) -> Graph:
    graph = tastegraph.connect(folder, quiet=True)
    assert isinstance(graph, FolderGraph)
    return graph


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, rtol=0, atol=1e-9)


def test_everybody_gets_the_same(database: Graph, tables: Graph) -> None:
    same(tables.recommend(k=5, why=True), database.recommend(k=5, why=True))
    options = {"k": 4, "novelty": 0.5, "include_known": True, "signals": ["friends", "tags"]}
    same(tables.recommend(**options), database.recommend(**options))


def test_one_gets_the_same(database: Graph, tables: Graph) -> None:
    # From matrices, and by the database's own query.
    database.keep_in_memory(wait=True)
    for user in (2, 3, "id:4"):
        same(tables.recommend(user, why=True), database.recommend(user, why=True))
        assert_same(tables.recommend(user, exact=True), database.recommend(user, exact=True))
    tag = database.run_cypher("MATCH (t:Tag) RETURN t.name AS name ORDER BY t.artists DESC LIMIT 1")
    named = tag["name"][0]
    assert_same(
        tables.recommend(2, tag=[named.upper()]), database.recommend(2, tag=[named], exact=True)
    )


def test_info_counts_the_same(database: Graph, tables: Graph) -> None:
    pd.testing.assert_frame_equal(tables.info(), database.info())
    kinds = ["User", "TAGGED"]
    pd.testing.assert_frame_equal(tables.info(kinds=kinds), database.info(kinds=kinds))
    pd.testing.assert_frame_equal(tables.model_card(), database.model_card())


@pytest.mark.parametrize("split", ["random", "time"])
def test_measures_are_the_same(tmp_path: Path, split: str) -> None:
    frames = small_frames()
    days = [f"20{10 + at % 9}-01-0{1 + at % 9}T00:00:00Z" for at in range(len(frames.listens))]
    timed = replace(frames, listens=frames.listens.assign(first_heard=days, last_heard=days))
    with Graph(Settings.of(tmp_path / "store"), quiet=True) as graph:
        ingest(graph.open(create=True), timed)
        graph.export(tmp_path / "x")
        asked = {"models": "popularity,als:dimensions=4:epochs=2:half_life=90", "split": split}
        measured, expected = (
            each.evaluate(**asked).drop(columns="fit_seconds")
            for each in (tastegraph.connect(tmp_path / "x", quiet=True), graph)
        )
        same(measured, expected)


def test_a_training_gives_the_model_of_a_database(folder: Path, tmp_path: Path) -> None:
    tables = tastegraph.connect(folder, quiet=True)
    with Graph(Settings.of(tmp_path / "store"), quiet=True) as graph:
        graph.load(folder)
        trained, expected = (
            each.train(**SMALL).set_index("metric")["value"] for each in (tables, graph)
        )
        for name in ("algorithm", "users", "artists", "listens", "training_loss"):
            assert trained[name] == expected[name]
        same(tables.recommend(k=5, why=True), graph.recommend(k=5, why=True))
        assert not tables.model_card().set_index("what")["value"]["stale"]
    # What others read of it is the new model, too.
    with Graph(Settings.of(tmp_path / "other"), quiet=True) as graph:
        graph.load(folder)
        assert graph.model_card()["value"][0] == trained["model"]
        assert (
            fingerprint(graph.store) == json.loads((folder / MANIFEST).read_text())["fingerprint"]
        )


def test_a_model_takes_the_place_of_another_at_once(folder: Path) -> None:
    notes: list[str] = []
    tables = tastegraph.connect(folder)
    tables.note = notes.append
    before = tables.model_card()["value"][0]
    tables.train(**SMALL)
    assert tables.model_card()["value"][0] != before
    assert [each.name for each in folder.glob("model-*")] == [
        json.loads((folder / MANIFEST).read_text())["model"]
    ]
    assert "a folder holds one model: the one before is gone" in notes


def test_a_reader_meets_one_whole_model(folder: Path, tables: Graph) -> None:
    assert isinstance(tables, FolderGraph)
    place = tables._place_of_training()
    model = place.model()
    assert model is not None
    known, card = model.known, model.card

    def train() -> None:
        for seed in range(30):
            place.write(known, card | {"id": f"model {seed}", "seed": seed}, 1, silent)

    writer = threading.Thread(target=train)
    writer.start()
    met = set()
    while writer.is_alive():
        found = tables._place_of_training().model()
        assert found is not None
        assert found.described.id in (f"model {found.described.seed}", card["id"])
        assert len(found.known) == len(known)
        met.add(found.described.id)
    writer.join()
    assert len(met) > 1
    assert tables.model_card()["value"][0] == "model 29"
    assert len([*folder.glob("*model-*")]) == 1


def test_settings_are_searched_in_tables(tables: Graph) -> None:
    found = tables.tune(algorithm="als", trials=1, slices=1, ranges={"epochs": "1:2"})
    assert found["trial"].tolist() == [0]


def test_a_training_that_fails_leaves_the_model(
    folder: Path, tables: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(folder.rglob("*")), tables.model_card()["value"][0]
    (folder / MANIFEST).chmod(0o444)
    if os.access(folder / MANIFEST, os.W_OK):
        # Root may write what is read-only: nobody may where a folder is.
        (folder / MANIFEST).chmod(0o644)
        monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError, match="can't be written"):
        tables.train(**SMALL)
    monkeypatch.undo()
    assert (sorted(folder.rglob("*")), tables.model_card()["value"][0]) == before


def test_tables_without_a_model(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    shutil.rmtree(folder / manifest["model"])
    for name in ("model", "modelFiles", "fingerprint"):
        del manifest[name]
    (folder / MANIFEST).write_text(json.dumps(manifest))
    tables = tastegraph.connect(folder, quiet=True)
    with pytest.raises(ModelError, match="run 'tastegraph train'"):
        tables.recommend(2)
    assert tables.info()["count"].iloc[-1] is None
    tables.train(**SMALL)
    assert len(tables.recommend(2)) == 10


NEEDS_DATABASE: list[Callable[[Graph], object]] = [
    lambda graph: graph.recommend(2, where=["listeners>=5"]),
    lambda graph: graph.recommend([2, 3], group="mean"),
    lambda graph: graph.similar_artists("id:7"),
    lambda graph: graph.why_not(2, "id:7"),
    lambda graph: graph.update(),
    lambda graph: graph.list_models(),
    lambda graph: graph.hide(2, ["id:7"]),
    lambda graph: graph.doctor(),
    lambda graph: graph.run_query("top-tags"),
    lambda graph: graph.run_cypher("RETURN 1"),
    lambda graph: graph.load(small_frames()),
    lambda graph: graph.keep_in_memory(),
    lambda graph: graph.evaluate_knobs(save=True),
]


@pytest.mark.parametrize("ask", NEEDS_DATABASE)
def test_all_else_needs_a_database(tables: Graph, ask: Callable[[Graph], object]) -> None:
    with pytest.raises(InputError, match=r"tables, and this needs a database: .* load .* makes"):
        ask(tables)


def test_nobody_of_that_name(tables: Graph) -> None:
    with pytest.raises(NotFoundError, match="no user nobody"):
        tables.recommend("nobody")
    with pytest.raises(NotFoundError, match="no tag 'nothing'"):
        tables.recommend(2, tag=["nothing"])


def test_half_an_export(folder: Path, tables: Graph) -> None:
    model = folder / json.loads((folder / MANIFEST).read_text())["model"]
    (model / "user_vectors.parquet").unlink()
    with pytest.raises(InputError, match=r"half an export: user_vectors\.parquet is not there"):
        tables.recommend(2)
    (folder / "friends.parquet").unlink()
    with pytest.raises(InputError, match="half an export: the table friends is not there"):
        tastegraph.connect(folder, quiet=True).info()


def test_an_export_of_a_later_version(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(manifest | {"version": 9}))
    for ask in ("info", "recommend", "train"):
        with pytest.raises(InputError, match="of version 9, which is not known here"):
            getattr(tastegraph.connect(folder, quiet=True), ask)()


def test_vectors_of_other_tables_are_refused(folder: Path) -> None:
    listens = pd.read_parquet(folder / "listens.parquet")
    users = pd.read_parquet(folder / "users.parquet")
    gone = users["user"].iloc[0]
    listens[listens["user"] != gone].to_parquet(folder / "listens.parquet")
    users[users["user"] != gone].to_parquet(folder / "users.parquet")
    with pytest.raises(InputError, match="a user of whom the tables say nothing"):
        tastegraph.connect(folder, quiet=True).recommend(2)


def test_other_folders_are_stores_as_ever(tmp_path: Path) -> None:
    assert not isinstance(tastegraph.connect(tmp_path / "new", quiet=True), FolderGraph)
