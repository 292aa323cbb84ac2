"""What can be wrong with a store, its data and its model, and what mends it."""

from dataclasses import dataclass

from tastegraph.graph.counts import counts
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
    ]
    if held["LISTENED"]:
        return [*findings, Finding("data", OK, text)]
    fix = "'tastegraph load PATH' or 'tastegraph demo' puts some in"
    return [*findings, Finding("data", PROBLEM, f"no listens ({text}): {fix}")]


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
        detail = "not online (a training that was interrupted?): 'tastegraph train' makes them"
        findings.append(Finding("vector indexes", PROBLEM, detail))
    return findings
