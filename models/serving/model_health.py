"""Whether there is a model, and whether it fits the data."""

from tastegraph.errors import ModelError, StoreQueryError
from tastegraph.graph.health import OK, PROBLEM, Finding, check_vectors
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.serving.fast_query_recall import K, candidates_recall
from tastegraph.models.storage.model_card import Card, is_stale, read_card

# Less of the exact lists than this makes quick answers wrong ones.
_LEAST = 0.95


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
    findings += check_vectors(store)
    if store.dialect.has_vector_indexes(store):
        findings.append(_check_candidates(store, card))
    return findings


def _check_candidates(store: GraphStore, card: Card) -> Finding:
    try:
        recall = candidates_recall(store, card.weights)
    except StoreQueryError:
        if store.dialect.has_vector_indexes(store):
            raise
        detail = "the vector indexes have just gone: a training is writing the next model"
        return Finding("candidates", OK, detail)
    detail = f"recommend-fast finds {recall.share:.4f} of the exact top {K} of {recall.users} users"
    if recall.share < _LEAST:
        detail += ": 'recommend --exact' scores every artist"
        return Finding("candidates", PROBLEM, detail)
    return Finding("candidates", OK, detail)
