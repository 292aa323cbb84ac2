"""One user's entries: what they play, who their friends are, and what each adds to their vector."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tastegraph.graph.frames import Id
from tastegraph.graph.moments import seconds_since_1970
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.explain.parts import Entry
from tastegraph.models.solver.fold_in_model import KEPT, FoldIn, FoldInModel

LISTEN, DISLIKE, FRIEND, YOU, NEIGHBOUR = "listen", "dislike", "friend", "you", "neighbour"

_KERNEL = "MATCH (m:Model) RETURN " + ", ".join(f"m.{name}" for name in KEPT)
_USER = "MATCH (t:UserTraining {id: $user}) RETURN t.foldInColumn"
_LISTENS = """
MATCH (:User {id: $user})-[l:LISTENED]->(a:Artist)
OPTIONAL MATCH (t:ArtistTraining {id: a.id})
RETURN a.id AS id, a.name, l.plays, t.foldInColumn, l.lastHeard ORDER BY id
"""
_DISLIKES = """
UNWIND $artists AS id MATCH (a:Artist {id: id})
OPTIONAL MATCH (t:ArtistTraining {id: id})
RETURN id, a.name, t.foldInColumn ORDER BY id
"""
_FRIENDS = """
MATCH (:User {id: $user})-[:FRIEND]-(v:User) WHERE v.id <> $user
WITH DISTINCT v.id AS id OPTIONAL MATCH (t:UserTraining {id: id})
RETURN id, t.foldInColumn ORDER BY id
"""

Column = Matrix | bytes | None
"""q and z of an entry; None for who is newer than the model."""


@dataclass(frozen=True)
class Entries:
    """The entries of a user that the model knows.

    entries  n of them
    columns  (n, w)  see ``tastegraph.models.solver.fold_in_model``
    weights  (n,)    negative where the user wants less like the entry
    """

    entries: list[Entry]
    columns: Matrix
    weights: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        fold_in_model: FoldInModel,
        listens: Sequence[tuple[Id, str | None, float, Column]],
        friends: Sequence[tuple[Id, Column]],
        own: Column = None,
        heard: NDArray[np.float64] | None = None,
        *,
        dislikes: Sequence[tuple[Id, str | None, Column]] = (),
    ) -> "Entries":
        """From listens (artist, name, plays, column), friends (user, column) and one's own.

        ``dislikes`` (artist, name, column) count against the user, each as much as a like counts.
        ``heard`` (listens,) is when each listen was last heard, in seconds since 1970; without
        it, and where it is NaN, they weigh as new ones.
        """
        weights = fold_in_model.listen_weights([plays for _, _, plays, _ in listens], heard)
        weighed: list[tuple[Entry, float, Column]] = [
            (Entry(LISTEN, id_, name), weight, column)
            for (id_, name, _, column), weight in zip(listens, weights.tolist(), strict=True)
        ]
        weighed += [(Entry(DISLIKE, id_, name), -1.0, column) for id_, name, column in dislikes]
        weighed += [
            (Entry(FRIEND, id_), fold_in_model.friend_weight, column) for id_, column in friends
        ]
        weighed.append((Entry(YOU), fold_in_model.friend_weight * fold_in_model.self_weight, own))
        known = [(entry, weight, _array(column)) for entry, weight, column in weighed if weight]
        usable = [(entry, weight, column) for entry, weight, column in known if column.any()]
        return cls(
            [entry for entry, _, _ in usable],
            np.stack([column for _, _, column in usable])
            if usable
            else np.zeros((0, 0), np.float32),
            np.array([weight for _, weight, _ in usable], dtype=np.float64),
        )

    def vector(self, fold_in_model: FoldInModel) -> NDArray[np.float64]:
        """The user's vector (d,) as the entries make it; of nothing, no numbers: (0,)."""
        return fold_in_model.vector(self.columns, self.weights) if self.entries else np.zeros(0)

    def contributions(self, fold_in_model: FoldInModel) -> "Contributions":
        """What each entry adds to the vector."""
        if not self.entries:
            return Contributions([], np.zeros((0, 0)))
        return Contributions(self.entries, fold_in_model.contributions(self.columns, self.weights))


@dataclass(frozen=True)
class Contributions:
    """What a user's vector is the sum of: ``vectors`` (n, d), one for each of ``entries``."""

    entries: list[Entry]
    vectors: NDArray[np.float64]

    def parts(self, artists: Matrix) -> NDArray[np.float64]:
        """What each entry adds to the scores of ``artists`` (m, d), shape (m, n)."""
        if not self.entries:
            return np.zeros((len(artists), 0))
        return np.asarray(artists.astype(np.float64) @ self.vectors.T, dtype=np.float64)


def read_fold_in_model(store: GraphStore) -> FoldInModel | None:
    """The fold_in_model that the graph's model keeps; None where it has none."""
    rows = store.values(_KERNEL)
    return FoldInModel.from_properties(dict(zip(KEPT, rows[0], strict=True))) if rows else None


def read_entries(
    store: GraphStore, user: Id, fold_in_model: FoldInModel, dislikes: Sequence[Id] = ()
) -> Entries:
    """The entries of ``user`` as the graph has them now, and the artists that they dislike."""
    asked = {"user": user}
    own, listens = store.values(_USER, asked), store.values(_LISTENS, asked)
    disliked = store.values(_DISLIKES, {"artists": list(dislikes)}) if dislikes else []
    return Entries.of(
        fold_in_model,
        [(row[0], row[1], row[2], row[3]) for row in listens],
        [(row[0], row[1]) for row in store.values(_FRIENDS, asked)],
        own[0][0] if own else None,
        seconds_since_1970([row[4] for row in listens]) if fold_in_model.decay else None,
        dislikes=[(row[0], row[1], row[2]) for row in disliked],
    )


def read_contributions(store: GraphStore, user: Id) -> Contributions | None:
    """What the vector of ``user`` is made of; None where the model does not keep it."""
    fold_in_model = read_fold_in_model(store)
    return (
        None
        if fold_in_model is None
        else read_entries(store, user, fold_in_model).contributions(fold_in_model)
    )


def entries_of(data: Dataset, fold_in: FoldIn, user: int, names: NDArray[np.object_]) -> Entries:
    """The entries of the row ``user`` of ``data``; ``names`` (artists,).

    ``data`` was read with times where the model weighs old listens less.
    """
    heard = slice(data.plays.indptr[user], data.plays.indptr[user + 1])
    artists, friends = data.plays.indices[heard], data.friends[[user]].indices
    columns = fold_in.friends
    return Entries.of(
        fold_in.model,
        [
            (data.artists.ids[artist], names[artist], plays, fold_in.artists[artist])
            for artist, plays in zip(artists.tolist(), data.plays.data[heard].tolist(), strict=True)
        ],
        []
        if columns is None
        else [(data.users.ids[friend], columns[friend]) for friend in friends.tolist()],
        None if columns is None else columns[user],
        data.heard[heard] if fold_in.model.decay else None,
    )


def _array(column: Column) -> Matrix:
    if column is None:
        return np.zeros(0, dtype=np.float32)
    return np.frombuffer(column, np.float32) if isinstance(column, bytes) else column
