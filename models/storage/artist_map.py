"""Where each artist stands on a map of the model: ``mapX`` and ``mapY`` of the artists.

``(:ArtistMap {model, seed, written})`` says of which model they are. Those of a model that is no
longer in use stay as long as it can be used again. ``written`` is another each time: who finds the
same before and after has read one map. Without the node, places are of no whole map: those of more
artists than one transaction holds are written in several, and the node last.
"""

import secrets
from collections.abc import Iterable, Sequence
from functools import partial

from tastegraph.graph.frames import Id
from tastegraph.graph.schema import in_blocks
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.storage.switch import require_model

_BATCH = 1_000

# Artists whose places one transaction changes.
_ATOMIC = 50_000

# By parameter, so that nobody is warned of a property that no map has yet.
_WRITTEN = {"written": "written"}

_OF = "MATCH (m:ArtistMap) RETURN m.model, m[$written]"
_MODELS = "MATCH (m:Model) RETURN m.id AS id UNION MATCH (m:KeptModel) RETURN m.id AS id"
_READ = in_blocks("Artist", ("id", "mapX", "mapY"), "n.mapX IS NOT NULL")
_COUNT = "MATCH (a:Artist) WHERE a.mapX IS NOT NULL RETURN count(a)"
_TAKE = (
    "MATCH (a:Artist) WHERE a.mapX IS NOT NULL WITH a LIMIT $most "
    "REMOVE a.mapX, a.mapY RETURN count(a) AS taken"
)
_PLACE = "UNWIND $rows AS row MATCH (a:Artist {id: row[0]}) SET a.mapX = row[1], a.mapY = row[2]"

Place = tuple[Id, float, float]
Row = Sequence[Id | float]


def write_map(
    store: GraphStore, model: str, seed: int, ids: Sequence[Id], points: Iterable[Sequence[float]]
) -> None:
    """Give the artists ``ids`` their ``points``, and no other artist any.

    In one transaction, unless there are too many: then there is no map until all is written.
    Raises ModelChangedError where ``model`` is not the graph's own any more.
    """
    rows = [[id_, *point] for id_, point in zip(ids, points, strict=True)]
    mark = {"model": model, "seed": seed, "written": secrets.token_hex(8)}
    with store.writing("map") as writer:
        if max(len(rows), _count(writer)) > _ATOMIC:
            _write_in_batches(writer, mark, rows)
        else:
            writer.transact(lambda transaction: _write(transaction, mark, rows))


def _write(transaction: GraphStore, mark: dict[str, object], rows: Sequence[Row]) -> None:
    require_model(transaction, str(mark["model"]))
    _unmark(transaction)
    _take_all(transaction)
    _place(transaction, rows)
    _mark(transaction, mark)


def _write_in_batches(writer: GraphStore, mark: dict[str, object], rows: Sequence[Row]) -> None:
    def begin(transaction: GraphStore) -> None:
        require_model(transaction, str(mark["model"]))
        _unmark(transaction)

    writer.transact(begin)
    _take_all(writer)
    for start in range(0, len(rows), _ATOMIC):
        writer.transact(partial(_place, rows=rows[start : start + _ATOMIC]))
    _mark(writer, mark)


def _place(transaction: GraphStore, rows: Sequence[Row]) -> None:
    for start in range(0, len(rows), _BATCH):
        transaction.write(_PLACE, {"rows": rows[start : start + _BATCH]})


def _mark(writer: GraphStore, mark: dict[str, object]) -> None:
    writer.write("CREATE (m:ArtistMap) SET m = $mark", {"mark": mark})


def _unmark(writer: GraphStore) -> None:
    writer.write("MATCH (m:ArtistMap) DELETE m")


def _take_all(writer: GraphStore) -> None:
    """Take all places away, as many at once as one transaction holds."""
    while writer.write(_TAKE, {"most": _ATOMIC})[0]["taken"] == _ATOMIC:
        pass


def _count(store: GraphStore) -> int:
    return int(store.values(_COUNT)[0][0])


def mapped_model(store: GraphStore) -> str | None:
    """The model whose map is kept with the artists; None where there is no map."""
    found = _look(store)
    return found[0] if found else None


def _look(store: GraphStore) -> tuple[str, str | None] | None:
    rows = store.values(_OF, _WRITTEN)
    return (str(rows[0][0]), rows[0][1]) if rows else None


def read_map(store: GraphStore, model: str) -> list[Place]:
    """Each artist that stands on the map of ``model``, by id: id, x and y; none without a map."""
    while (mark := _look(store)) and mark[0] == model:
        found = [(id_, x, y) for (block,) in store.values(_READ) for id_, x, y in block]
        if _look(store) == mark:
            return sorted(found, key=lambda place: place[0])
    return []


def forget_lost_map(transaction: GraphStore) -> None:
    """Take away the map of a model that is neither in use nor kept.

    The places of a large one are left to ``take_lost_places``.
    """
    model = mapped_model(transaction)
    if model is not None and [model] not in transaction.values(_MODELS):
        _unmark(transaction)
        if _count(transaction) <= _ATOMIC:
            _take_all(transaction)


def take_lost_places(writer: GraphStore) -> None:
    """Take away places that are of no map, some in a transaction."""
    if mapped_model(writer) is None and _count(writer):
        _take_all(writer)
