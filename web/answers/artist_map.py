"""The map of artists: as bytes that a browser draws, as names in blocks, as rows to read."""

import struct
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tastegraph.api.graph import Graph
from tastegraph.errors import NotFoundError
from tastegraph.web.answers.named import ID, identified
from tastegraph.web.answers.rows import Row, pairs, records

COLOURS = 7
"""Tags that have a colour of their own; behind them come other tags, and no tag."""

BLOCK = 2_048
"""Names in one answer."""

# Artists that a person plays and might like, which are laid over the map.
_PLAYED, _LIKED = 100, 50

# Artists that stand for a tag.
_FOR_A_TAG = 5

# The first bytes, by which a program knows the file.
_MAGIC = b"TGM1"


@dataclass(frozen=True)
class ArtistMap:
    """Artists on a map, the best known first: a row each in ``frame``, and in every answer."""

    frame: pd.DataFrame

    @classmethod
    def of(cls, graph: Graph) -> "ArtistMap":
        """The map of ``graph``; ModelError where there is none."""
        return _LATEST.of(graph.artist_map())

    @cached_property
    def tags(self) -> list[Row]:
        """The main tags of most artists, which have colours: tag, name, artists, best_known."""
        tagged = self.frame[self.frame["tag"].notna()]
        counts = tagged.groupby("tag", sort=True).size().sort_values(ascending=False, kind="stable")
        return [self._tag(tagged, tag, int(count)) for tag, count in counts[:COLOURS].items()]

    def _tag(self, tagged: pd.DataFrame, tag: Any, count: int) -> Row:
        own = tagged[tagged["tag"] == tag].head(_FOR_A_TAG)
        name = records(own[["tag_name"]])[0]["tag_name"]
        best = records(own[["artist", "name"]])
        return {"tag": tag, "name": name, "artists": count, "best_known": best}

    @cached_property
    def colours(self) -> NDArray[np.uint8]:
        """Of each artist the place of its main tag among ``tags``; COLOURS for another tag, and
        one more for none.
        """
        place = {tag["tag"]: at for at, tag in enumerate(self.tags)}
        tags = self.frame["tag"]
        found = [place.get(tag, COLOURS) for tag in tags]
        return np.where(tags.notna(), found, COLOURS + 1).astype(np.uint8)

    @cached_property
    def content(self) -> bytes:
        """Little-endian: TGM1 and how many artists (uint32); of all of them listeners (uint32),
        x and y (float32), colour (uint8).
        """
        columns = (
            self.frame["listeners"].to_numpy().astype("<u4"),
            self.frame["x"].to_numpy().astype("<f4"),
            self.frame["y"].to_numpy().astype("<f4"),
            self.colours,
        )
        head = _MAGIC + struct.pack("<I", len(self.frame))
        return head + b"".join(column.tobytes() for column in columns)

    @cached_property
    def version(self) -> str:
        """Another for every other map."""
        names = self.frame[["artist", "name"]].to_csv(index=False)
        return sha256(self.content + names.encode("utf-8", "replace")).hexdigest()[:16]

    @cached_property
    def rows(self) -> dict[Any, int]:
        """The row of each artist that is on the map."""
        return {id_: row for row, id_ in enumerate(self.frame["artist"].tolist())}


class _Latest:
    """The map that was asked for last, so that what is made of it is made once."""

    def __init__(self) -> None:
        self._made: ArtistMap | None = None

    def of(self, frame: pd.DataFrame) -> ArtistMap:
        """The map that ``frame`` holds."""
        made = self._made
        if made is None or made.frame is not frame:
            made = self._made = ArtistMap(frame)
        return made


_LATEST = _Latest()


def artist_map(graph: Graph, k: int) -> Row:
    """What is on the map, its colours, and the ``k`` best known artists."""
    found = ArtistMap.of(graph)
    best = found.frame.head(k)
    return {
        "model": pairs(graph.model_card())["model"],
        "version": found.version,
        "artist_count": len(found.frame),
        "block": BLOCK,
        "tags": found.tags,
        "artists": [{"row": row} | each for row, each in enumerate(records(best))],
    }


def names(graph: Graph, block: int) -> Row:
    """Ids and names of the artists of a block, in the order of the map."""
    part = ArtistMap.of(graph).frame.iloc[block * BLOCK : (block + 1) * BLOCK]
    rows = records(part[["artist", "name", "tag_name"]])
    columns = {name: [row[key] for row in rows] for name, key in _NAMES.items()}
    return {"block": block} | columns


_NAMES = {"artists": "artist", "names": "name", "tag_names": "tag_name"}


def place(graph: Graph, id_: str) -> Row:
    """Where an artist stands; NotFoundError where it is not on the map."""
    artist = identified(graph, "artist", id_)
    found = ArtistMap.of(graph)
    row = found.rows.get(artist)
    if row is None:
        raise NotFoundError(f"artist {artist} is not on the map: the model knows nothing of it")
    return {"row": row} | records(found.frame.iloc[[row]])[0]


def of_person(graph: Graph, id_: str) -> Row:
    """What a person plays and might like, each with its row on the map or None."""
    user = identified(graph, "user", id_)
    found = ArtistMap.of(graph)
    played = records(graph.run_query("user-listens", userId=user, k=_PLAYED))
    liked = records(graph.recommend(f"{ID}{user}", k=_LIKED).drop(columns="user"))
    lists = {
        "plays": [{name: row[name] for name in ("artist", "name", "plays")} for row in played],
        "might_like": [{name: row[name] for name in ("artist", "name", "score")} for row in liked],
    }
    for rows in lists.values():
        for row in rows:
            row["row"] = found.rows.get(row["artist"])
    return {"id": user, **lists}
