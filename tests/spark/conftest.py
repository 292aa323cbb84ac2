"""A Spark of two cores, started once; tables and a model to work on."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tastegraph.api.folder_graph import graph_in
from tastegraph.api.graph import Graph
from tastegraph.graph.content import GraphContent
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.ingest.target import target_content
from tastegraph.loaders.synthetic.generate import generate
from tastegraph.loaders.write_graph import graph_tables, kinds_of_ids, write_graph
from tastegraph.spark.engine import Spark
from tastegraph.spark.start import session

HERE = Spark("local[2]")


def graph_of(folder: Path) -> Graph:
    return graph_in(Settings.of(str(folder)), quiet=True)


@pytest.fixture(scope="session")
def spark() -> Iterator[Spark]:
    """What tests work on; without pyspark they are skipped."""
    pytest.importorskip("pyspark", reason="no pyspark here: pip install 'tastegraph[spark]'")
    with session(HERE):
        yield HERE


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of invented data with a model beside them."""
    folder = tmp_path_factory.mktemp("spark") / "tables"
    content = target_content(GraphContent(), generate(300, 500, 7), replace=True)
    write_graph(graph_tables(content), kinds_of_ids(content), folder)
    graph_of(folder).train(algorithm="als", dimensions=16, epochs=2, tune="off")
    return folder


@pytest.fixture
def tables(made: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(made, tmp_path / "tables"))
