"""Graphs as files: GraphML and GEXF for Gephi, Cytoscape JSON, DOT for Graphviz."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import networkx as nx

from tastegraph.runtime.whole_file import whole_file
from tastegraph.runtime.xml_text import NOT_XML

Drawn: TypeAlias = "nx.Graph[str]"
"""A graph whose nodes have a label and a kind, and whose edges have a kind."""

_UNPRINTABLE, _ESCAPED = re.compile(f"[{NOT_XML}]"), re.compile(rf"[{NOT_XML}\\]")


def node_name(kind: str, id_: object) -> str:
    r"""A node's name in a file, "user:2": another one for each id.

    A backslash and what XML has no way to say are escaped (\u001f).
    """
    return f"{kind}:" + _ESCAPED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", str(id_))


def clean(text: str) -> str:
    """``text`` with blanks in place of what XML does not allow."""
    return _UNPRINTABLE.sub(" ", text)


def write_graph(graph: Drawn, file: Path) -> None:
    """Write ``graph`` in the form that the suffix of ``file`` names: the whole file or nothing.

    .graphml and .gexf are for Gephi and its like, .cyjs and .json for Cytoscape, .dot for
    Graphviz. Raises InputError where the file can't be written.
    """
    with whole_file(file) as unfinished:
        _WRITERS[file.suffix.lower()](graph, unfinished)


def graphml(graph: Drawn) -> str:
    """``graph`` as GraphML."""
    return "\n".join(nx.generate_graphml(graph)) + "\n"


def dot(graph: Drawn) -> str:
    """``graph`` in the language of Graphviz: labels, and kinds as the classes of SVG."""
    directed = graph.is_directed()
    arrow = "->" if directed else "--"
    lines = ["digraph {" if directed else "graph {"]
    for name, data in graph.nodes(data=True):
        lines.append(f"  {_quoted(name)} [{_attributes(data.get('label', name), data)}];")
    for start, end, data in graph.edges(data=True):
        attributes = _attributes(data["kind"], data)
        lines.append(f"  {_quoted(start)} {arrow} {_quoted(end)} [{attributes}];")
    return "\n".join([*lines, "}"]) + "\n"


def _attributes(label: str, data: dict[str, Any]) -> str:
    return f"label={_quoted(label)}, class={_quoted(data.get('kind', ''))}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{" ".join(escaped.splitlines())}"'


def _write_cytoscape(graph: Drawn, file: Path) -> None:
    data = nx.cytoscape_data(graph, name="label")
    file.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _write_dot(graph: Drawn, file: Path) -> None:
    file.write_text(dot(graph), encoding="utf-8")


_WRITERS: dict[str, Callable[[Drawn, Path], None]] = {
    ".graphml": nx.write_graphml,
    ".gexf": nx.write_gexf,
    ".cyjs": _write_cytoscape,
    ".json": _write_cytoscape,
    ".dot": _write_dot,
}
SUFFIXES = tuple(_WRITERS)
