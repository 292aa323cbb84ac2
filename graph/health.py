"""What can be wrong with a store, its data and its model, and what mends it."""

from collections import Counter
from dataclasses import dataclass

from tastegraph.graph.counts import counts
from tastegraph.graph.load_mark import unfinished_load
from tastegraph.graph.schema import RELATIONS, RelationKind
from tastegraph.graph.schema_version import schema_version
from tastegraph.graph.store.graph_store import GraphStore

OK = "ok"
PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One check: ``status`` is ok or problem, ``detail`` says what is, or what mends it."""

    check: str
    status: str
    detail: str


def check_store(store: GraphStore) -> list[Finding]:
    """Which database it is, and what it holds."""
    held = counts(store)
    text = ", ".join(f"{count:,} {kind}" for kind, count in held.items())
    findings = [
        Finding("store", OK, store.place),
        Finding("version", OK, store.version()),
        Finding("schema", OK, f"version {schema_version(store)}"),
    ]
    if not held["LISTENED"]:
        fix = "'tastegraph load PATH' or 'tastegraph demo' puts some in"
        findings.append(Finding("data", PROBLEM, f"no listens ({text}): {fix}"))
    else:
        findings.append(Finding("data", OK, text))
    return [*findings, *_check_loads(store)]


def _check_loads(store: GraphStore) -> list[Finding]:
    """Whether the last load has ended, who writes now, and whether anything is there twice."""
    findings = []
    if half := unfinished_load(store):
        findings.append(Finding("load", PROBLEM, half))
    if writer := store.other_writer():
        findings.append(Finding("writer", OK, f"just now {writer}"))
    doubled = {kind.type: _count_doubled(store, kind) for kind in RELATIONS}
    if any(doubled.values()):
        text = ", ".join(f"{count:,} {type_}" for type_, count in doubled.items() if count)
        detail = (
            f"there more than once: {text}. To load again the data that has them leaves one of each"
        )
        findings.append(Finding("relationships", PROBLEM, detail))
    else:
        findings.append(Finding("relationships", OK, "none is there twice"))
    return findings


def _count_doubled(store: GraphStore, kind: RelationKind) -> int:
    """Between how many pairs a relationship is there several times.

    Counted here: a database that groups by pairs holds all of them at once.
    """
    several = [ends for (ends,) in store.values(kind.read_ends) if len(set(ends)) < len(ends)]
    return sum(times > 1 for ends in several for times in Counter(ends).values())


def check_vectors(store: GraphStore) -> list[Finding]:
    """Whether every user and artist that could have a vector has one, and the indexes serve."""
    lacking = store.values(
        "MATCH (u:User) WHERE u.embedding IS NULL AND EXISTS { (u)-[:LISTENED]->() } "
        "RETURN count(u)"
    )[0][0]
    findings = []
    if lacking:
        detail = f"{lacking:,} users who listen have none: 'tastegraph train' gives them one"
        findings.append(Finding("vectors", PROBLEM, detail))
    else:
        findings.append(Finding("vectors", OK, "every user who listens has one"))
    if store.dialect.has_vector_indexes(store):
        findings.append(Finding("vector indexes", OK, "online"))
    else:
        detail = "not online (a training that was interrupted?): 'tastegraph migrate' makes them"
        findings.append(Finding("vector indexes", PROBLEM, detail))
    return findings
