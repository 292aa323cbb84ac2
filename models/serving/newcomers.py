"""Recommendations for somebody who is not in the data, from what they like and whom they know."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tastegraph.errors import InputError, ModelError, StoreQueryError
from tastegraph.graph.fingerprint import fingerprint
from tastegraph.graph.frames import ARTIST, NAME, Id
from tastegraph.graph.popularity_bands import renew_bands
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.training_hash import newcomer_hash
from tastegraph.models.explain.contributions import (
    NEIGHBOUR,
    Contributions,
    read_entries,
    read_fold_in_model,
)
from tastegraph.models.explain.parts import WHY, Entry, Why
from tastegraph.models.ranking.columns import RANK, SCORE
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.serving.one_user_in_database import recommend_one, with_reasons
from tastegraph.models.storage.model_card import Card, change_with_model, mark_fresh
from tastegraph.models.storage.switch import mark_changed
from tastegraph.models.storage.vector_rows import write_embeddings, write_hashes

COLUMNS = (RANK, ARTIST, NAME, SCORE, WHY)

FOLD_IN, NEIGHBOURS = METHODS = ("fold-in", "neighbours")

NEAREST = 5
"""Users whose mean vector a newcomer gets by the neighbours' method."""

_CREATE = """
CREATE (u:User {id: $id})
WITH u
CALL (u) { UNWIND $likes AS like MATCH (a:Artist {id: like}) CREATE (u)-[:LISTENED {plays: 1}]->(a)
           RETURN count(a) AS liked }
CALL (u) { UNWIND $dislikes AS dislike MATCH (a:Artist {id: dislike}) CREATE (u)-[:HIDES]->(a)
           RETURN count(a) AS hidden }
CALL (u) { UNWIND $friends AS friend MATCH (v:User {id: friend}) CREATE (u)-[:FRIEND]->(v)
           RETURN count(v) AS befriended }
RETURN liked, hidden, befriended
"""
_COUNT = """
UNWIND $likes AS like MATCH (a:Artist {id: like})
SET a.listeners = coalesce(a.listeners, 0) + 1, a.plays = coalesce(a.plays, 0) + 1
"""
# A listen weighs its plays over the most of its user's: the scale of the study it comes from.
_NEAREST = """
MATCH (a:Artist)<-[l:LISTENED]-(u:User) WHERE a.id IN $likes AND u.norm > 0
WITH u, 1.0 * sum(l.plays) AS shared
MATCH (u)-[m:LISTENED]->(:Artist)
WITH u, shared, max(m.plays) AS most
RETURN u.id AS id, CASE WHEN most > 0 THEN shared / most ELSE 0.0 END AS overlap
ORDER BY overlap DESC, id LIMIT $nearest
"""


@dataclass(frozen=True)
class Newcomer:
    """Somebody who is not in the data.

    likes     ids of the artists that they like
    friends   ids of the users whose friend they are
    dislikes  ids of the artists that they want less like, none of them liked
    """

    likes: Sequence[Id]
    friends: Sequence[Id] = ()
    dislikes: Sequence[Id] = ()

    def require_something(self, method: str) -> None:
        """InputError where ``method`` has nothing to go by."""
        if method == NEIGHBOURS and self.dislikes:
            raise InputError(
                "a mean of neighbours has nothing to take away: leave --dislike out, or "
                "--method neighbours"
            )
        if not self.likes and (method == NEIGHBOURS or not self.friends):
            raise InputError(
                "there is nothing to go by: name artists with --like"
                + (" or users with --friend" if method == FOLD_IN else "")
                + (", beside those of --dislike" if self.dislikes else "")
            )


def recommend_newcomer(
    store: GraphStore,
    newcomer: Newcomer,
    options: RecommendOptions,
    method: str = FOLD_IN,
    *,
    why: bool = True,
) -> pd.DataFrame:
    """The best artists for ``newcomer``, with the columns COLUMNS; the graph stays as it is.
    Without ``why``, that column is empty.

    A like weighs 1, an average listen, and a dislike as much with the preference -1; what is
    disliked is not recommended. fold-in solves the model for the newcomer's entries;
    neighbours takes the mean vector of the NEAREST users whose listens' dot product with the
    likes is largest, plays being over each user's most. InputError where there is nothing to go
    by, ModelError where the model can't fold in.
    """

    def recommend(exact: bool) -> pd.DataFrame:
        return store.trial(
            lambda trial: _recommended(trial, newcomer, options, method, exact, why=why)
        )

    try:
        explained = recommend(exact=False)
    except StoreQueryError:
        # The vector index may go while it is asked, and a transaction goes with its first error.
        explained = recommend(exact=True)
    return explained[list(COLUMNS)]


def _recommended(
    trial: GraphStore,
    newcomer: Newcomer,
    options: RecommendOptions,
    method: str,
    exact: bool,
    *,
    why: bool,
) -> pd.DataFrame:
    id_ = _unused(trial)
    shares = _settle(trial, newcomer, id_, method)
    frame = recommend_one(trial, id_, options, exact)
    return with_reasons(trial, id_, frame, options, shares) if why else without_reasons(frame)


def without_reasons(frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with the column why, which says nothing."""
    return frame.assign(**{WHY: pd.Series([Why() for _ in frame.index], frame.index, dtype=object)})


def save_newcomer(store: GraphStore, newcomer: Newcomer, id_: Id, method: str = FOLD_IN) -> None:
    """Keep ``newcomer`` as the user ``id_``: likes as listens with 1 play, friends, the vector,
    dislikes as hidden artists.

    All in one transaction, with the model that is in the graph then; it stays as fresh as it was.
    InputError for an id that exists, ModelError where no model has been trained.
    """

    def save(writer: GraphStore, card: Card) -> None:
        writer.transact(lambda transaction: _save(transaction, newcomer, id_, card, method))

    change_with_model(store, "new-listener --save", save)


def _save(transaction: GraphStore, newcomer: Newcomer, id_: Id, card: Card, method: str) -> None:
    found = transaction.values("MATCH (u:User {id: $id}) RETURN count(u)", {"id": id_})
    if found[0][0]:
        raise InputError(f"there is a user {id_} already: give --save another id")
    mark_changed(transaction, card.id)
    fresh = fingerprint(transaction) == card.data_fingerprint
    _settle(transaction, newcomer, id_, method)
    transaction.write(_COUNT, {"likes": list(newcomer.likes)})
    renew_bands(transaction)
    if fresh:
        mark_fresh(transaction)


def _settle(store: GraphStore, newcomer: Newcomer, id_: Id, method: str) -> Contributions:
    """Put the newcomer into the graph as ``id_``; gives what the vector is made of."""
    newcomer.require_something(method)
    found = _neighbours(store, newcomer) if method == NEIGHBOURS else None
    lists = {name: list(getattr(newcomer, name)) for name in ("likes", "friends", "dislikes")}
    store.write(_CREATE, {"id": id_, **lists})
    shares = found or _folded(store, id_, newcomer.dislikes)
    vector = shares.vectors.sum(axis=0)
    norm = float(np.linalg.norm(vector))
    if norm > 0:
        write_embeddings(store, "User", [[id_, vector.astype(np.float32).tolist(), norm]])
        learned = newcomer_hash(newcomer.likes, newcomer.friends)
        write_hashes(store, "User", [[id_, learned]])
    return shares


def _folded(store: GraphStore, id_: Id, dislikes: Sequence[Id]) -> Contributions:
    fold_in_model = read_fold_in_model(store)
    if fold_in_model is None:
        raise no_fold_in()
    return read_entries(store, id_, fold_in_model, dislikes).contributions(fold_in_model)


def no_fold_in() -> ModelError:
    """The graph's model is of a kind that can't fold in."""
    return ModelError(
        "the graph's model can't fold newcomers in: 'tastegraph train' learns one that can, "
        "or take the mean of --method neighbours"
    )


def _neighbours(store: GraphStore, newcomer: Newcomer) -> Contributions:
    rows = store.rows(_NEAREST, {"likes": list(newcomer.likes), "nearest": NEAREST})
    near = [row["id"] for row in rows if row["overlap"] > 0]
    if not near:
        raise InputError("nobody listens to these artists: there are no neighbours to go by")
    found = store.values(
        "MATCH (u:User) WHERE u.id IN $ids RETURN u.id, u.embedding", {"ids": near}
    )
    vectors: NDArray[np.float64] = np.array([row[1] for row in found], dtype=np.float64)
    return Contributions([Entry(NEIGHBOUR, row[0]) for row in found], vectors / len(found))


def _unused(store: GraphStore) -> Id:
    """An id of the kind that the graph uses, and that nobody has."""
    largest = store.values("MATCH (u:User) RETURN max(u.id)")[0][0]
    return unused_id([] if largest is None else [largest])


def unused_id(ids: Sequence[Id]) -> Id:
    """An id of the kind of ``ids``, which ascend, and that is none of them."""
    largest = ids[-1] if len(ids) else 0
    return f"{largest}~" if isinstance(largest, str) else largest + 1
