"""What figures and pictures are made from, each part read from the graph when it is needed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tastegraph.errors import ModelError, NotFoundError
from tastegraph.graph.frames import ARTIST, NAME, PICTURE_URL, PLAYS, RAW_NAME, TAG, URL, USER, Id
from tastegraph.graph.schema import ARTIST as ARTIST_NODES
from tastegraph.graph.schema import TAGGED
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import IdMap
from tastegraph.models.data.vectors import Vectors
from tastegraph.models.storage.model_card import Card, consistent_read, is_stale, read_card
from tastegraph.models.storage.read_graph import read_dataset, read_names, read_vectors
from tastegraph.runtime.progress import Progress, silent

EPOCH = "epoch"


@dataclass(frozen=True)
class Snapshot:
    """The graph's data in memory.

    data      matrices and id maps
    artists   artist, name, raw_name, url, picture_url  in the rows of data.artists
    tags      tag, name                                 in the rows of data.tags
    taggings  user, artist, tag                         one row an assignment
    """

    data: Dataset
    artists: pd.DataFrame
    tags: pd.DataFrame
    taggings: pd.DataFrame

    @cached_property
    def artist_names(self) -> NDArray[np.object_]:
        """A name for each artist row: the id where there is none."""
        return _named(self.artists[NAME], self.data.artists.ids)

    @cached_property
    def tag_names(self) -> NDArray[np.object_]:
        """A name for each tag row."""
        return _named(self.tags[NAME], self.data.tags.ids)

    @cached_property
    def listens(self) -> pd.DataFrame:
        """Columns user, artist, plays: one row a listen, by user and artist."""
        entries = self.data.plays.tocoo()
        users, artists = np.asarray(self.data.users.ids), np.asarray(self.data.artists.ids)
        frame = pd.DataFrame(
            {USER: users[entries.row], ARTIST: artists[entries.col], PLAYS: entries.data}
        )
        return frame.sort_values([USER, ARTIST], ignore_index=True)


@dataclass(frozen=True)
class Learned:
    """The model in the graph: its card, its vectors in the rows of the data, whether the data
    have changed since.
    """

    card: Card
    vectors: Vectors
    is_stale: bool


class Source:
    """The graph, read once and part by part."""

    def __init__(self, store: GraphStore, progress: Progress = silent) -> None:
        self.store = store
        self.progress = progress

    @cached_property
    def snapshot(self) -> Snapshot:
        """Listens, friendships, tags and names."""
        data = read_dataset(self.store, self.progress)
        with self.progress("reading names and tags", 2) as advance:
            artists = _artists(self.store, data)
            advance(1)
            tags = pd.DataFrame(
                {TAG: list(data.tags.ids), NAME: read_names(self.store, "Tag", data.tags)}
            )
            taggings = _taggings(self.store)
            advance(1)
        return Snapshot(data, artists, tags, taggings)

    @cached_property
    def learned(self) -> Learned:
        """The model's vectors; raises ModelError where none has been trained."""
        data = self.snapshot.data

        def read(card: Card) -> Learned:
            vectors = read_vectors(self.store, data, self.progress)
            return Learned(card, vectors, is_stale(self.store, card))

        return consistent_read(self.store, read)

    @cached_property
    def lengths(self) -> tuple[Card, bool, NDArray[np.float64], NDArray[np.float64]]:
        """The model's card, whether the data have changed since, and the lengths of users' and
        of artists' vectors, in the rows of the data, which are read sooner than the vectors.
        """
        data = self.snapshot.data

        def read(card: Card) -> tuple[Card, bool, NDArray[np.float64], NDArray[np.float64]]:
            users = _lengths(self.store, "User", data.users)
            return (
                card,
                is_stale(self.store, card),
                users,
                _lengths(self.store, "Artist", data.artists),
            )

        return consistent_read(self.store, read)

    @property
    def has_history(self) -> bool:
        """Whether there is a model that has kept the losses of its training."""
        return bool(self.store.values("MATCH (m:Model) WHERE m.history IS NOT NULL RETURN m.id"))

    @cached_property
    def history(self) -> pd.DataFrame:
        """Column epoch and one column a part of the loss, as training went.

        Raises ModelError where the model has kept none.
        """
        card = read_card(self.store)
        ((text,),) = self.store.values("MATCH (m:Model) RETURN m.history")
        if not text:
            raise ModelError(
                f"{card.algorithm}, which the model in the graph is of, keeps no losses of its "
                "training; mf, keras-dot and bpr do: 'tastegraph train --algorithm mf'"
            )
        try:
            history = pd.DataFrame(json.loads(text))
            return history.set_index(EPOCH).astype(np.float64).reset_index()
        except (ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"the losses kept with the model can't be read ({error}): 'tastegraph train' "
                "makes a new one"
            ) from error


def require_listens(data: Dataset) -> None:
    """Raise NotFoundError where the graph has no listens."""
    if not data.plays.nnz:
        raise NotFoundError(
            "there are no listens in the graph: 'tastegraph load PATH' puts some in"
        )


def require_tags(data: Dataset) -> None:
    """Raise NotFoundError where no artist has a tag."""
    if not data.tag_counts.nnz:
        raise NotFoundError(
            "there are no tags in the graph: load data that have them ('tastegraph load PATH')"
        )


def require_friends(data: Dataset) -> None:
    """Raise NotFoundError where nobody has a friend."""
    if not data.friends.nnz:
        raise NotFoundError(
            "there are no friendships in the graph: load data that have them "
            "('tastegraph load PATH')"
        )


def _artists(store: GraphStore, data: Dataset) -> pd.DataFrame:
    wanted = ["id", *ARTIST_NODES.properties]
    found = pd.DataFrame(store.read_all(ARTIST_NODES), columns=wanted, dtype=object)
    columns = {
        "id": ARTIST,
        "name": NAME,
        "rawName": RAW_NAME,
        "url": URL,
        "pictureUrl": PICTURE_URL,
    }
    named = found[list(columns)].rename(columns=columns)
    order = np.argsort(data.artists.rows(named[ARTIST]))
    return named.iloc[order].reset_index(drop=True)


def _lengths(store: GraphStore, label: str, ids: IdMap) -> NDArray[np.float64]:
    found = store.values(f"MATCH (n:{label}) WHERE n.norm > 0 RETURN n.id, n.norm")
    lengths = np.zeros(len(ids))
    lengths[ids.rows(row[0] for row in found)] = [row[1] for row in found]
    return lengths


def _taggings(store: GraphStore) -> pd.DataFrame:
    pairs = pd.DataFrame(
        store.read_all(TAGGED), columns=[USER, ARTIST, TAG, "tagged_on"], dtype=object
    )
    rows = pairs[[USER, ARTIST, TAG]].explode(TAG, ignore_index=True)
    return rows.infer_objects().sort_values([USER, ARTIST, TAG], ignore_index=True)


def _named(names: "pd.Series[str]", ids: Sequence[Id]) -> NDArray[np.object_]:
    chosen: NDArray[np.object_] = np.empty(len(ids), dtype=object)
    chosen[:] = [name or str(id_) for name, id_ in zip(names, ids, strict=True)]
    return chosen
