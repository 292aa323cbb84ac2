"""Small graphs: an artist among its neighbours, and the reasons of a user's recommendations."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tastegraph.analysis.figures.tags import main_tag_names
from tastegraph.analysis.source import Snapshot
from tastegraph.graph.frames import ARTIST, NAME
from tastegraph.models.data.sparse_rows import unit_rows
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.explain.parts import WHY, Part
from tastegraph.models.ranking.columns import SCORE

SIMILARITY = "similarity"
TAG_NAME = "tag"
KIND = "kind"
REASON = "reason"
VALUE = "value"
REST = "rest"

# Reasons of one recommendation that are told apart, and those of all others with them.
_SHOWN = 4
# Neighbours closer than this to each other are joined as well.
_JOINED = 0.6


def neighbourhood(
    snapshot: Snapshot, vectors: Matrix, row: int, k: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The artist ``row`` and the ``k`` nearest by cosine, as nodes and links.

    nodes  artist, name, tag (the main one), similarity   the artist itself first, similarity 1
    links  one, other, similarity   places in nodes; the artist to each neighbour, and neighbours
                                    to each other whose cosine is 0.6 or more
    """
    unit = unit_rows(vectors)
    cosines = unit @ unit[row]
    cosines[row] = np.inf
    known = np.flatnonzero(np.any(vectors, axis=1))
    order = known[np.lexsort((known, -cosines[known]))][: k + 1]
    near = unit[order] @ unit[order].T
    nodes = pd.DataFrame(
        {
            ARTIST: np.asarray(snapshot.data.artists.ids)[order],
            NAME: snapshot.artist_names[order],
            TAG_NAME: main_tag_names(snapshot)[order],
            SIMILARITY: near[0],
        }
    )
    links = [
        (one, other, near[one, other])
        for one in range(len(order))
        for other in range(one + 1, len(order))
        if one == 0 or near[one, other] >= _JOINED
    ]
    return nodes, pd.DataFrame(links, columns=["one", "other", SIMILARITY])


def reasons(recommended: pd.DataFrame) -> pd.DataFrame:
    """Recommendations with the column why, as links from reasons to artists.

    Columns kind, reason (in words), artist, name, value: the parts whose reason is among the four
    largest of any recommendation by size, the largest first, and what is left of each score as
    the kind REST.
    """
    told = {_reason(part) for why in recommended[WHY] for part in _by_size(why)[:_SHOWN]}
    rows = []
    for artist, name, score, why in zip(
        recommended[ARTIST], recommended[NAME], recommended[SCORE], recommended[WHY], strict=True
    ):
        parts = [part for part in _by_size(why) if _reason(part) in told]
        rows += [(*_reason(part), artist, name, part.value) for part in parts]
        if len(why) > len(parts):
            rest = score - sum(part.value for part in parts)
            rows.append((REST, "smaller parts", artist, name, rest))
    return pd.DataFrame(rows, columns=[KIND, REASON, ARTIST, NAME, VALUE])


def _by_size(why: Sequence[Part]) -> list[Part]:
    return sorted(why, key=lambda part: -abs(part.value))


def _reason(part: Part) -> tuple[str, str]:
    return part.kind, part.in_words
