"""What a cluster answers is what one machine answers."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from tastegraph.api.folder_graph import graph_in
from tastegraph.errors import UsageError
from tastegraph.graph.store.settings import Settings
from tastegraph.runtime.progress import silent
from tastegraph.spark.engine import Spark
from tests.spark.conftest import graph_of


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"k": 3, "novelty": 0.4, "diversity": 0.3, "weights": {"embedding": 1.0, "tags": 0.5}},
        {"why": True, "k": 2},
    ],
    ids=["as it is", "with options", "with reasons"],
)
def test_everybody_gets_the_same(spark: Spark, made: Path, asked: dict[str, object]) -> None:
    here, there = (graph_of(made).recommend(engine=engine, **asked) for engine in (None, spark))
    assert here["user"].nunique() == 300
    pd.testing.assert_frame_equal(here, there, rtol=1e-6)


def test_figures_are_the_same(spark: Spark, made: Path) -> None:
    models = "popularity,als:dimensions=16:epochs=2,item-knn"
    here, there = (
        graph_of(made).evaluate(models, correlation=True, engine=engine).drop(columns="fit_seconds")
        for engine in (None, spark)
    )
    assert here["ndcg"].gt(0).all()
    pd.testing.assert_frame_equal(here, there, rtol=1e-6)


@pytest.mark.parametrize("algorithm", ["als", "collective-als"])
def test_vectors_are_the_same(spark: Spark, tables: Path, tmp_path: Path, algorithm: str) -> None:
    """Those of users, artists and tags, and what friends and listens add to them."""
    other = shutil.copytree(tables, tmp_path / "other")
    how = {"dimensions": 24, "epochs": 3, "seed": 5, "tune": "off", "algorithm": algorithm}
    done = [
        graph_of(folder).train(**how, engine=engine).set_index("metric")["value"]
        for folder, engine in ((tables, None), (other, spark))
    ]
    assert done[0]["algorithm"] == done[1]["algorithm"] == algorithm
    assert done[0]["training_loss"] == pytest.approx(done[1]["training_loss"], rel=1e-6)
    for name in ("user_vectors", "artist_vectors"):
        here, there = (_matrices(folder, name) for folder in (tables, other))
        assert here.keys() == there.keys()
        for column, matrix in here.items():
            np.testing.assert_allclose(there[column], matrix, atol=1e-6)


def _matrices(folder: Path, name: str) -> dict[str, np.ndarray]:
    [file] = folder.glob(f"model-*/{name}.parquet")
    table = pq.read_table(file, partitioning=None)
    there = [column for column in ("vector", "fold_in") if column in table.column_names]
    return {column: np.stack(table[column].to_pylist()) for column in there}


def test_the_default_gives_way_and_says_so(spark: Spark, tables: Path) -> None:
    notes: list[str] = []
    settings = Settings.of(str(tables))
    with graph_in(settings, note=notes.append, progress=silent) as graph:
        done = graph.train(dimensions=8, epochs=1, tune="off", engine=spark)
    assert "takes collective-als" in notes[0]
    assert done.set_index("metric").at["algorithm", "value"] == "collective-als"


def test_what_one_machine_learns_is_refused(made: Path) -> None:
    with pytest.raises(UsageError, match="bpr is learned on one machine: leave out --engine"):
        graph_of(made).train(algorithm="bpr", engine=Spark("local[2]"))


def test_some_users_need_no_cluster(made: Path) -> None:
    with pytest.raises(UsageError, match="give --all"):
        graph_of(made).recommend(["1"], engine=Spark("local[2]"))
