"""The model beside the tables of an export, and what a load makes of it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tastegraph.api.graph import Graph
from tastegraph.errors import InputError, ModelError
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.files.manifest import MANIFEST
from tastegraph.loaders.ingest.ingest import ingest
from tests.contract.frames import frames
from tests.contract.trained import load_and_train, small_frames, train_small

pytestmark = pytest.mark.holds(make=load_and_train)


@pytest.fixture
def graph(settings: Settings) -> Iterator[Graph]:
    with Graph(settings, quiet=True) as opened:
        yield opened


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Graph]:
    with Graph(Settings.of(tmp_path / "other"), quiet=True) as opened:
        yield opened


def said(graph: Graph) -> list[str]:
    notes: list[str] = []
    graph.note = notes.append
    return notes


def test_a_load_into_an_empty_store_answers_at_once(
    graph: Graph, other: Graph, tmp_path: Path
) -> None:
    rows = graph.export(tmp_path / "x").set_index("table")
    assert rows.loc["user_vectors", "file"].endswith("/user_vectors.parquet")
    assert rows.loc["model", "rows"] == 1
    notes = said(other)
    other.load(tmp_path / "x")
    assert "of the export is in use" in notes[-1]
    pd.testing.assert_frame_equal(
        other.recommend(k=5, why=True), graph.recommend(k=5, why=True), rtol=0, atol=1e-9
    )
    pd.testing.assert_frame_equal(other.model_card(), graph.model_card())
    assert other.list_models()["model"].tolist() == graph.list_models()["model"].tolist()[:1]
    assert set(other.doctor()["status"]) == {"ok"}
    assert other.update()["changed"].sum() == 0
    other.load(tmp_path / "x")
    assert notes[-1].startswith("0 nodes and relationships added, 0 changed, 0 removed")
    other.export(tmp_path / "y")
    for name in rows["file"]:
        assert (tmp_path / "y" / name).read_bytes() == (tmp_path / "x" / name).read_bytes()


def test_a_model_of_other_data_is_left_out(graph: Graph, other: Graph, tmp_path: Path) -> None:
    graph.export(tmp_path / "x")
    ingest(
        other.open(create=True), frames([10**6], [(10**6, "New")], listens=[(10**6,) * 2 + (1,)])
    )
    notes = said(other)
    other.load(tmp_path / "x")
    assert "holds other data than the export" in notes[-1]
    with pytest.raises(ModelError):
        other.model_card()


def test_a_graph_keeps_the_model_that_it_has(graph: Graph, other: Graph, tmp_path: Path) -> None:
    graph.export(tmp_path / "x")
    ingest(other.open(create=True), small_frames())
    own = train_small(other.store, 2).card.id
    notes = said(other)
    other.load(tmp_path / "x")
    assert notes[-1].startswith(f"the graph has the model {own}, so that ")
    assert other.model_card()["value"][0] == own


def test_csv_has_no_model(graph: Graph, tmp_path: Path) -> None:
    notes = said(graph)
    assert "model" not in set(graph.export(tmp_path / "x", csv=True)["table"])
    assert "without vectors and models" in notes[-1]
    assert "model" not in json.loads((tmp_path / "x" / MANIFEST).read_text())


def test_an_export_with_a_model_is_replaced(graph: Graph, tmp_path: Path) -> None:
    graph.export(tmp_path / "x")
    graph.export(tmp_path / "x", csv=True, force=True)
    assert not list((tmp_path / "x").glob("*.parquet"))


def model_in(folder: Path) -> Path:
    return folder / json.loads((folder / MANIFEST).read_text())["model"]


def without_file(folder: Path) -> None:
    (model_in(folder) / "artist_vectors.parquet").unlink()


def not_parquet(folder: Path) -> None:
    (model_in(folder) / "user_vectors.parquet").write_text("x")


def without_column(folder: Path) -> None:
    file = model_in(folder) / "user_vectors.parquet"
    pq.write_table(pq.read_table(file).drop_columns(["vector"]), file)


def with_a_hole(folder: Path) -> None:
    file = model_in(folder) / "user_vectors.parquet"
    table = pq.read_table(file)
    vectors = pa.array([None, *table["vector"].to_pylist()[1:]], table["vector"].type)
    pq.write_table(table.set_column(table.column_names.index("vector"), "vector", vectors), file)


def no_numbers(folder: Path) -> None:
    file = model_in(folder) / "user_vectors.parquet"
    table = pq.read_table(file)
    width = table["vector"].type.list_size
    flat = pa.array(np.full(table.num_rows * width, np.nan, np.float32))
    vectors = pa.FixedSizeListArray.from_arrays(flat, width)
    pq.write_table(table.set_column(table.column_names.index("vector"), "vector", vectors), file)


def empty_card(folder: Path) -> None:
    pq.write_table(pa.table({"id": ["x"]}), model_in(folder) / "model.parquet")


def foreign_folder(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(manifest | {"model": "../elsewhere"}))


def foreign_names(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["modelFiles"] = ["model", "../secret"]
    (folder / MANIFEST).write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        (without_file, r"half an export: artist_vectors\.parquet is not there"),
        (not_parquet, r"user_vectors\.parquet can't be read"),
        (without_column, "a column is missing, or holds no vectors"),
        (with_a_hole, "a column is missing, or holds no vectors"),
        (no_numbers, "a column is missing, or holds no vectors"),
        (empty_card, "it lacks what a model says of itself"),
        (foreign_folder, "no manifest of an export"),
        (foreign_names, r"its manifest names model, \.\./secret"),
    ],
)
def test_damaged_models_are_refused_before_anything_is_loaded(
    graph: Graph, other: Graph, tmp_path: Path, damage: Callable[[Path], None], error: str
) -> None:
    graph.export(tmp_path / "x")
    damage(tmp_path / "x")
    with pytest.raises(InputError, match=error):
        other.load(tmp_path / "x")
    assert not other.settings.exists
