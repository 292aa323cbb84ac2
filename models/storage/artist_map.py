"""Where each artist stands on a map of the model: ``mapX`` and ``mapY`` of the artists.

``(:ArtistMap {model, seed})`` says of which model they are. Those of a model that is no longer in
use stay as long as it can be used again.
"""

from collections.abc import Iterable, Sequence

from tastegraph.graph.frames import Id
from tastegraph.graph.schema import in_blocks
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.storage.switch import require_model

_BATCH = 1_000

_OF = "MATCH (m:ArtistMap) RETURN m.model"
_MODELS = "MATCH (m:Model) RETURN m.id AS id UNION MATCH (m:KeptModel) RETURN m.id AS id"
_READ = in_blocks("Artist", ("id", "mapX", "mapY"), "n.mapX IS NOT NULL")

Place = tuple[Id, float, float]


def write_map(
    store: GraphStore, model: str, seed: int, ids: Sequence[Id], points: Iterable[Sequence[float]]
) -> None:
    """Give the artists ``ids`` their ``points``, and no other artist any, in one transaction.

    Raises ModelChangedError where ``model`` is not the graph's own any more.
    """
    rows = [[id_, *point] for id_, point in zip(ids, points, strict=True)]

    def replace(transaction: GraphStore) -> None:
        require_model(transaction, model)
        _clear(transaction)
        for start in range(0, len(rows), _BATCH):
            transaction.write(
                "UNWIND $rows AS row MATCH (a:Artist {id: row[0]}) "
                "SET a.mapX = row[1], a.mapY = row[2]",
                {"rows": rows[start : start + _BATCH]},
            )
        properties = {"model": model, "seed": seed}
        transaction.write("CREATE (m:ArtistMap) SET m = $properties", {"properties": properties})

    with store.writing("map") as writer:
        writer.transact(replace)


def mapped_model(store: GraphStore) -> str | None:
    """The model whose map is kept with the artists; None where there is no map."""
    rows = store.values(_OF)
    return str(rows[0][0]) if rows else None


def read_map(store: GraphStore) -> list[Place]:
    """Each artist that stands on the map that is kept, by id: id, x and y."""
    found = [(id_, x, y) for (block,) in store.values(_READ) for id_, x, y in block]
    return sorted(found, key=lambda place: place[0])


def forget_lost_map(transaction: GraphStore) -> None:
    """Take away the map of a model that is neither in use nor kept."""
    model = mapped_model(transaction)
    if model is not None and [model] not in transaction.values(_MODELS):
        _clear(transaction)


def _clear(transaction: GraphStore) -> None:
    transaction.write("MATCH (m:ArtistMap) DELETE m")
    transaction.write("MATCH (a:Artist) WHERE a.mapX IS NOT NULL REMOVE a.mapX, a.mapY")
