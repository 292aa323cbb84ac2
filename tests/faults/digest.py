"""What a graph holds, put so that two graphs that hold the same give the same."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tastegraph.graph.content import Nodes, read_content
from tastegraph.graph.derived_counts import derive
from tastegraph.graph.load_mark import unfinished_load
from tastegraph.graph.schema import NODES, TRAINING
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.storage.versions import KEPT
from tests.same_content import assert_same

# Of a model, what is not of the moment it was trained at.
_MODEL = (
    "algorithm",
    "dimensions",
    "parameters",
    "seed",
    "weights",
    "dataFingerprint",
    "switching",
)
_ADDED = ("embedding", "norm", "community", "mapX", "mapY")
_TRAINING = ("foldInColumn", "trainingHash")


def digest(store: GraphStore) -> dict[str, str]:
    """A hash of each kind of thing in the graph: nodes, relationships, vectors, the model.

    Left out are the model's id and times, and the versions that are kept: a training that is
    repeated gives another one.
    """
    content = read_content(store)
    assert not content.doubled
    parts: dict[str, Iterable[Any]] = {}
    for kind in NODES:
        parts[kind.label] = _shortened(content.nodes[kind.label])
        wanted = ", ".join(f"n.{name}" for name in ("id", *_ADDED))
        parts[f"{kind.label} vectors"] = store.values(f"MATCH (n:{kind.label}) RETURN {wanted}")
    for label in TRAINING.values():
        wanted = ", ".join(f"t.{name}" for name in ("id", *_TRAINING))
        parts[label] = store.values(f"MATCH (t:{label}) RETURN {wanted}")
    for type_, relations in content.relations.items():
        parts[type_] = relations.items()
    parts["HIDES"] = store.values("MATCH (u:User)-[:HIDES]->(a:Artist) RETURN u.id, a.id")
    parts["Model"] = store.values(
        f"MATCH (m:Model) RETURN {', '.join(f'm.{name}' for name in _MODEL)}"
    )
    return {name: _hash(rows) for name, rows in parts.items()}


def _shortened(nodes: Nodes) -> Iterable[Any]:
    """Nodes whose floating point lacks its last places: Python and a database differ there."""
    for id_, properties in nodes.items():
        yield id_, [f"{each:.7g}" if isinstance(each, float) else each for each in properties]


def _hash(rows: Iterable[Any]) -> str:
    text = "\n".join(sorted(map(repr, rows)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def assert_sound(store: GraphStore) -> None:
    """Nothing is there twice, all counts are right, and no mark of unfinished work stands."""
    content = read_content(store)
    assert not content.doubled
    # Deriving puts other nodes and relationships in their place, and changes none.
    derived = replace(
        content,
        nodes=defaultdict(dict, content.nodes),
        relations=dict(content.relations),
    )
    derive(derived)
    assert_same(content, derived)
    doubled = "MATCH (a)-[r]->(b) WITH a, b, type(r) AS type, count(r) AS n WHERE n > 1"
    assert store.values(f"{doubled} RETURN count(*)") == [[0]]
    assert store.values("MATCH (m:KeptModel) RETURN count(m)")[0][0] <= KEPT
    models = store.values("MATCH (m:Model) RETURN m.switching")
    assert models in ([], [[False]])
    assert unfinished_load(store) is None
    assert store.other_writer() is None
