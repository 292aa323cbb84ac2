"""Neighbours in the embedding, found by the database."""

import pandas as pd

from tastegraph.errors import ModelError
from tastegraph.graph.frames import ARTIST, NAME, USER, Id
from tastegraph.graph.query_files import query
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.ranking.columns import RANK, SIMILARITY
from tastegraph.models.storage.model_card import Card, consistent_read

SHARED = "shared"


def similar_artists(store: GraphStore, artist: Id, k: int, measure: str) -> pd.DataFrame:
    """The ``k`` artists nearest by "cosine" or "dot" product, without the artist itself.

    Columns rank, artist, name, similarity, shared (names of the tags that both carry). Raises
    ModelError when there is no model or it does not know the artist.
    """
    parameters = {"artistId": artist, "k": k, "dot": measure == "dot"}
    columns = (RANK, ARTIST, NAME, SIMILARITY, SHARED)
    asked = query("similar-artists-exact").cypher
    return consistent_read(
        store,
        lambda card: _ranked(card, f"artist {artist}", store.rows(asked, parameters), columns),
    )


def similar_users(store: GraphStore, user: Id, k: int) -> pd.DataFrame:
    """The ``k`` users nearest by cosine.

    Columns rank, user, similarity, shared (names of the artists that both listen to). Raises
    ModelError when there is no model or it does not know the user.
    """
    parameters = {"userId": user, "k": k}
    columns = (RANK, USER, SIMILARITY, SHARED)
    asked = query("similar-users").cypher
    return consistent_read(
        store, lambda card: _ranked(card, f"user {user}", store.rows(asked, parameters), columns)
    )


def _ranked(
    card: Card, subject: str, rows: list[dict[str, object]], columns: tuple[str, ...]
) -> pd.DataFrame:
    if not rows:
        raise ModelError(
            f"the model {card.id} has no vector for {subject}, so nothing is near it: it had "
            "nothing to learn from, or came after; 'tastegraph train' learns anew"
        )
    return pd.DataFrame([{RANK: at} | row for at, row in enumerate(rows, 1)], columns=list(columns))
