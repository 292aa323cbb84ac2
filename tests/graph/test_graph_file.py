"""Files of graphs are read again by what they are for."""

import json
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest

from tastegraph.errors import InputError
from tastegraph.graph.graph_file import SUFFIXES, dot, write_graph


@pytest.fixture
def drawn() -> nx.Graph:
    graph = nx.Graph()
    graph.add_node("user:2", kind="user", data_id="2", label="user 2", hops=0, community=3)
    graph.add_node("artist:7", kind="artist", data_id="7", label="Ólafur & <Co> 😀", tags="a, b")
    graph.add_edge("user:2", "artist:7", kind="listened", plays=5)
    return graph


@pytest.mark.parametrize("suffix", [suffix for suffix in SUFFIXES if suffix != ".dot"])
def test_graph_files_are_read_again(drawn: nx.Graph, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"around{suffix}"
    write_graph(drawn, file)
    read = {".graphml": nx.read_graphml, ".gexf": nx.read_gexf}.get(suffix, read_cytoscape)(file)
    assert dict(read.nodes(data="label")) == dict(drawn.nodes(data="label"))
    assert read.nodes["user:2"]["community"] == 3
    assert read.nodes["artist:7"]["tags"] == "a, b"
    assert [edge["plays"] for *_, edge in read.edges(data=True)] == [5]
    assert list(tmp_path.iterdir()) == [file]


def read_cytoscape(file: Path) -> nx.Graph:
    return nx.cytoscape_graph(json.loads(file.read_text(encoding="utf-8")))


def test_gexf_has_labels_of_its_own(drawn: nx.Graph, tmp_path: Path) -> None:
    write_graph(drawn, tmp_path / "a.gexf")
    nodes = ElementTree.parse(tmp_path / "a.gexf").iter("{http://www.gexf.net/1.2draft}node")
    assert {node.get("id"): node.get("label") for node in nodes}["user:2"] == "user 2"


def test_a_file_that_cant_be_written_leaves_nothing(drawn: nx.Graph, tmp_path: Path) -> None:
    (tmp_path / "a.graphml").mkdir()
    with pytest.raises(InputError, match="another place"):
        write_graph(drawn, tmp_path / "a.graphml")
    assert [path.name for path in tmp_path.iterdir()] == ["a.graphml"]


def test_dot_quotes_what_graphviz_would_read_otherwise() -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("a\\", label='say "hi"\nthere', kind="Artist")
    graph.add_node("b", label="b", kind="User")
    graph.add_edge("b", "a\\", kind="LISTENED")
    assert dot(graph).splitlines() == [
        "digraph {",
        r'  "a\\" [label="say \"hi\" there", class="Artist"];',
        '  "b" [label="b", class="User"];',
        r'  "b" -> "a\\" [label="LISTENED", class="LISTENED"];',
        "}",
    ]
    assert dot(nx.Graph(graph)).startswith("graph {")
    assert " -- " in dot(nx.Graph(graph))
