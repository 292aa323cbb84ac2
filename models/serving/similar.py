"""Who is near to an artist or a user, by the database; ``similar_in_memory`` has it from memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from tastegraph.errors import ModelError
from tastegraph.graph.frames import ARTIST, NAME, USER, Id
from tastegraph.graph.query_files import query
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.result import Row
from tastegraph.models.ranking.columns import RANK, SCORE, SIMILARITY
from tastegraph.models.storage.model_card import consistent_read

SHARED = "shared"
ARTIST_COLUMNS = (RANK, ARTIST, NAME, SIMILARITY, SHARED)
USER_COLUMNS = (RANK, USER, SIMILARITY, SHARED)

COSINE, DOT, TAGS = "cosine", "dot", "tags"
MEASURES = (COSINE, DOT, TAGS)
"""What the likeness of artists is told by: their vectors' cosine or dot product, or the cosine of
their tags, each weighing ln(1 + count) * idf."""


class Neighbours(Protocol):
    """Finds who is near to one artist or user after another, each of whom the graph has."""

    def similar_artists(self, artist: Id, k: int, measure: str) -> pd.DataFrame:
        """The ``k`` artists nearest by a measure of MEASURES, without the artist itself.

        Columns ARTIST_COLUMNS; shared are names of the tags that both carry, those first that
        people give most, by "tags" those that count most. By "tags" nobody is near with whom no
        tag is shared; otherwise ModelError where there is no model or it does not know the artist.
        """

    def similar_users(self, user: Id, k: int) -> pd.DataFrame:
        """The ``k`` users nearest by cosine.

        Columns USER_COLUMNS; shared are names of the artists that both listen to, most played
        first. ModelError where there is no model or it does not know the user.
        """


@dataclass(frozen=True)
class DatabaseNeighbours:
    """``Neighbours`` that the database finds."""

    store: GraphStore

    def similar_artists(self, artist: Id, k: int, measure: str) -> pd.DataFrame:
        """What ``Neighbours`` says of it."""
        if measure == TAGS:
            asked = query("tag-neighbours").cypher
            rows = self.store.rows(asked, {"artistId": artist, "k": k})
            found = [{SIMILARITY: row.pop(SCORE)} | row for row in rows]
            return neighbour_frame(found, ARTIST_COLUMNS)
        asked = query("similar-artists-exact").cypher
        parameters = {"artistId": artist, "k": k, "dot": measure == DOT}
        return consistent_read(
            self.store,
            lambda card: neighbour_frame(
                known(self.store.rows(asked, parameters), card.id, f"artist {artist}"),
                ARTIST_COLUMNS,
            ),
        )

    def similar_users(self, user: Id, k: int) -> pd.DataFrame:
        """What ``Neighbours`` says of it."""
        asked = query("similar-users").cypher
        parameters = {"userId": user, "k": k}
        return consistent_read(
            self.store,
            lambda card: neighbour_frame(
                known(self.store.rows(asked, parameters), card.id, f"user {user}"), USER_COLUMNS
            ),
        )


def known(rows: list[Row], model: str, subject: str) -> list[Row]:
    """``rows`` of who is near by vectors; ModelError where there are none."""
    if not rows:
        raise ModelError(
            f"the model {model} has no vector for {subject}, so nothing is near it: it had "
            "nothing to learn from, or came after; 'tastegraph train' learns anew"
        )
    return rows


def neighbour_frame(rows: Sequence[Row], columns: Sequence[str]) -> pd.DataFrame:
    """``rows``, nearest first, with their rank."""
    return pd.DataFrame([{RANK: at} | row for at, row in enumerate(rows, 1)], columns=list(columns))
