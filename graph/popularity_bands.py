"""How well-known an artist is: head, middle or tail of the listens."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tastegraph.graph.store.graph_store import GraphStore

BANDS = ("head", "middle", "tail")


def bands_of(listeners: ArrayLike) -> NDArray[np.intp]:
    """Band of each artist, as a place in BANDS, shape (artists,).

    From the most ``listeners`` to the fewest (ties by place), the first artists that together
    have a third of the listens are the head, the next third the middle, all others the tail.
    """
    counts = np.asarray(listeners, dtype=np.int64)
    order = np.lexsort((np.arange(len(counts)), -counts))
    before = np.cumsum(counts[order]) - counts[order]
    thirds = np.floor(before * len(BANDS) / max(int(counts.sum()), 1))
    bands = np.empty(len(counts), dtype=np.intp)
    bands[order] = np.minimum(thirds, len(BANDS) - 1).astype(np.intp)
    bands[counts == 0] = len(BANDS) - 1
    return bands


def renew_bands(store: GraphStore) -> None:
    """Write the bands that have become others, since some artists have other listeners now."""
    found = sorted(store.values("MATCH (a:Artist) RETURN a.id, a.listeners, a.band"))
    bands = bands_of([listeners or 0 for _, listeners, _ in found]).tolist()
    changed = [
        [id_, BANDS[now]]
        for (id_, _, before), now in zip(found, bands, strict=True)
        if before != BANDS[now]
    ]
    if changed:
        store.write(
            "UNWIND $rows AS row MATCH (a:Artist {id: row[0]}) SET a.band = row[1]",
            {"rows": changed},
        )
