"""Whether there is a model, and whether it fits the data."""

from graph.errors import ModelError
from graph.health import OK, PROBLEM, Finding, check_vectors
from graph.store import GraphStore
from models.card import is_stale, read_card


def check_model(store: GraphStore) -> list[Finding]:
    """The model, its freshness and its vectors."""
    try:
        card = read_card(store)
    except ModelError as error:
        return [Finding("model", PROBLEM, str(error))]
    made = f"{card.id}: {card.algorithm}, {card.dimensions} dimensions, trained {card.trained_at}"
    findings = [Finding("model", OK, made)]
    if is_stale(store, card):
        detail = "the graph has changed since it was trained: 'tastegraph train' learns anew"
        findings.append(Finding("freshness", PROBLEM, detail))
    else:
        findings.append(Finding("freshness", OK, "the graph is as it was when it was trained"))
    return findings + check_vectors(store)
