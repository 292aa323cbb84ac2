"""The last few models, to roll back to: kept when trained, listed, used again, removed."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from tastegraph.errors import InputError, NotFoundError
from tastegraph.graph.schema import NODES
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.version_parts import READ_PARTS, VersionPart
from tastegraph.models.storage.artist_map import forget_lost_map, take_lost_places
from tastegraph.models.storage.batched_switch import is_kept_large
from tastegraph.models.storage.kept_parts import parts_of, remove_orphans, table_of
from tastegraph.models.storage.vector_rows import Table
from tastegraph.models.storage.write_vectors import publish, publish_kept
from tastegraph.runtime.nearest_names import did_you_mean
from tastegraph.runtime.progress import Progress, silent

KEPT = 3
"""Models that a training leaves, its own included."""

COLUMNS = ("place", "model", "algorithm", "dimensions", "seed", "trained_at", "current")

# How many models were put into the graph before, and this one: the order of those that are kept,
# whatever the clock said. By parameter, so that nobody is warned of a property that models of an
# earlier version lack.
_NUMBER = {"number": "number"}
_LAST = "MATCH (m:KeptModel) RETURN max(m[$number])"

_WITHOUT_HASHES = (
    "MATCH (v:KeptVectors {model: $id}) WHERE v.label <> 'Tag' AND v.hashes IS NULL RETURN count(v)"
)

_LACKING = (
    "this model was kept by an earlier version, without its reasons: a score's embedding is one "
    "part, and newcomers and update wait for 'tastegraph train'"
)


def numbered(store: GraphStore, card: dict[str, Any]) -> dict[str, Any]:
    """``card`` of a model that is about to be published, with its place in the order of models."""
    return card | {"number": (store.values(_LAST, _NUMBER)[0][0] or 0) + 1}


def keep(store: GraphStore, known: Sequence[Table], card: dict[str, Any], most: int = KEPT) -> None:
    """Keep a model as it has just been published beside the ``most`` - 1 before it.

    One that is too large for one transaction has been kept by its publishing; all others in one
    transaction. With 0 none is kept, and those kept before are removed.
    """

    def replace(transaction: GraphStore) -> None:
        kept = _ids(transaction)
        others = [id_ for id_ in kept if id_ != card["id"]]
        for id_ in others[max(most - 1, 0) :] if most else kept:
            _remove(transaction, id_)
        if most and card["id"] not in kept:
            transaction.write("CREATE (m:KeptModel) SET m = $card", {"card": card})
            for table in known:
                for part in parts_of(card["id"], table):
                    part.write(transaction)
        forget_lost_map(transaction)

    with store.writing("train") as writer:
        writer.transact(replace)
        _sweep(writer)


def list_models(store: GraphStore) -> pd.DataFrame:
    """The kept models, first the one that came into the graph last; columns COLUMNS."""
    current = [row[0] for row in store.values("MATCH (m:Model) RETURN m.id")]
    rows = store.rows(
        "MATCH (m:KeptModel) RETURN m.id AS model, m.algorithm AS algorithm, "
        "m.dimensions AS dimensions, m.seed AS seed, m.trainedAt AS trained_at "
        "ORDER BY coalesce(m[$number], 0) DESC, trained_at DESC, model DESC",
        _NUMBER,
    )
    placed = [{"place": place} | row for place, row in enumerate(rows, 1)]
    frame = pd.DataFrame(placed, columns=list(COLUMNS[:-1]))
    return frame.assign(current=frame["model"].isin(current))


def use_model(store: GraphStore, named: str, progress: Progress = silent) -> tuple[str, list[str]]:
    """Put a kept model as it was trained in the place of the current one.

    It is ``named`` by its id or its place in ``list_models``; gives the id and notes for the
    person who asked. What is newer than the model has no vector then, and like all that has
    changed since its training waits for ``update``. NotFoundError for a model that is not kept.
    """
    with store.writing("models use") as writer:
        id_ = _kept(writer, named)
        kept = "MATCH (m:KeptModel {id: $id}) RETURN properties(m)"
        (card,) = writer.values(kept, {"id": id_})[0]
        if is_kept_large(writer, id_):
            publish_kept(writer, card, progress)
        else:
            with progress("reading the kept model", 1) as advance:
                parts = [VersionPart.of(row) for row in writer.values(READ_PARTS, {"model": id_})]
                advance(1)
            publish(writer, [table_of(kind.label, parts) for kind in NODES], card, progress)
        writer.dialect.create_vector_indexes(writer, card["dimensions"], progress)
        lacks = writer.values(_WITHOUT_HASHES, {"id": id_})[0][0]
    return id_, [_LACKING] if lacks else []


def remove_model(store: GraphStore, named: str) -> str:
    """Remove a kept model, ``named`` as for ``use_model``; gives its id.

    InputError for the current one, NotFoundError for one that is not kept.
    """

    def remove(transaction: GraphStore) -> str:
        id_ = _kept(transaction, named)
        if transaction.values("MATCH (m:Model {id: $id}) RETURN m.id", {"id": id_}):
            raise InputError(
                f"{id_} is the model in use: 'tastegraph models use' another one before"
            )
        _remove(transaction, id_)
        forget_lost_map(transaction)
        return id_

    with store.writing("models remove") as writer:
        removed = writer.transact(remove)
        _sweep(writer)
        return removed


def _remove(transaction: GraphStore, id_: str) -> None:
    """Remove a kept model; the parts of a large one are left to ``_sweep``."""
    if not is_kept_large(transaction, id_):
        transaction.write("MATCH (v:KeptVectors {model: $id}) DELETE v", {"id": id_})
    transaction.write("MATCH (m:KeptModel {id: $id}) DELETE m", {"id": id_})


def _sweep(writer: GraphStore) -> None:
    """Remove, some in a transaction, what is of nothing that is kept."""
    remove_orphans(writer)
    take_lost_places(writer)


def _ids(store: GraphStore) -> list[str]:
    return [str(id_) for id_ in list_models(store)["model"]]


def _kept(store: GraphStore, named: str) -> str:
    """The id of the model that is ``named`` by id or place."""
    known = _ids(store)
    places = dict(zip(map(str, range(1, len(known) + 1)), known, strict=True))
    if named in places:
        return places[named]
    if named not in known:
        kept = f"kept are {', '.join(known)}" if known else "none is kept ('train --keep' keeps)"
        raise NotFoundError(f"there is no model {named!r}{did_you_mean(named, known)}; {kept}")
    return named
