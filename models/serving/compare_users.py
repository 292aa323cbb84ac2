"""How alike two people's tastes are, what they share, what each might like of the other's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from tastegraph.graph.frames import ARTIST, NAME, USER, Id
from tastegraph.graph.query_files import query
from tastegraph.graph.social.paths import shared_artists
from tastegraph.graph.social.read import artists_by_user, read_listens, read_names
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.result import Row
from tastegraph.models.ranking.columns import RANK, SCORE
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.weights import SignalWeights
from tastegraph.models.serving.one_user_in_database import count_artists
from tastegraph.models.serving.user_ranker import UserRanker

LIKENESS, ARTISTS, TAGS, MIGHT_LIKE = "likeness", "shared artists", "shared tags", "might like"
COLUMNS = ("section", USER, RANK, "id", NAME, "value", "plays", "other_plays")

# All there are: databases set memory aside for as many rows as are asked for.
_ALL = 1_000_000


@dataclass(frozen=True)
class Pair:
    """Two people, and what each plays: artists' plays."""

    user: Id
    other: Id
    plays: Mapping[Id, dict[Id, int]]

    def beside(self, user: Id) -> Id:
        """The one of the two who is not ``user``."""
        return self.other if user == self.user else self.user

    def plays_of(self, artist: Id) -> dict[str, int | None]:
        """How often each plays ``artist``, as columns; None who does not."""
        return {
            "plays": self.plays.get(self.user, {}).get(artist),
            "other_plays": self.plays.get(self.other, {}).get(artist),
        }


def compare_users(
    store: GraphStore,
    user: Id,
    other: Id,
    k: int,
    weights: SignalWeights | None = None,
    *,
    ranker: UserRanker | None = None,
) -> pd.DataFrame:
    """``user`` beside ``other``, with the columns COLUMNS and the sections

    likeness        measures by name: similarity, the cosine of the two vectors (None without);
                    tag_similarity, the cosine of the tags of what they play; jaccard and overlap
                    (overlap coefficient) of the artists that they play; and the counts of these
    shared artists  the ``k`` that both play most, value being the plays of both together
    shared tags     the ``k`` that add most to tag_similarity, value being what each adds
    might like      for each of the two the ``k`` best of what the other alone plays, value being
                    their score with ``weights`` by ``ranker``; left out without these

    plays and other_plays say how often the two play an artist.
    """
    plays = artists_by_user(read_listens(store, [user, other]))
    pair = Pair(user, other, plays)
    asked = {"userId": user, "otherId": other}
    measures = store.rows(query("compare-users").cypher, asked)[0]
    tags = store.rows(query("common-tags").cypher, asked | {"k": _ALL})
    rows = _likeness(pair, measures, tags) + _shared(store, pair, k) + _tags(tags[:k])
    if weights is not None and ranker is not None:
        options = RecommendOptions(count_artists(store), weights)
        for one in (user, other):
            rows += _might_like(ranker, pair, one, options, k)
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _likeness(pair: Pair, measures: Row, tags: Sequence[Row]) -> list[Row]:
    counts = ((pair.user, measures["artists"]), (pair.other, measures["other_artists"]))
    told: list[tuple[Id | None, str, float | None]] = [
        (None, "similarity", measures["similarity"]),
        (None, "tag_similarity", sum(row["value"] for row in tags)),
        (None, "jaccard", measures["jaccard"]),
        (None, "overlap", measures["overlap"]),
        (None, "shared_artists", measures["shared_artists"]),
        (None, "shared_tags", len(tags)),
        *((user, "artists", count) for user, count in counts),
    ]
    return [
        {"section": LIKENESS, USER: user, NAME: name, "value": value} for user, name, value in told
    ]


def _shared(store: GraphStore, pair: Pair, k: int) -> list[Row]:
    artists = shared_artists(dict(pair.plays), pair.user, pair.other)[:k]
    names = read_names(store, "Artist", artists)
    rows = []
    for rank, artist in enumerate(artists, 1):
        plays = pair.plays_of(artist)
        found = {"section": ARTISTS, RANK: rank, "id": artist, NAME: names[artist]}
        rows.append(found | {"value": sum(each or 0 for each in plays.values())} | plays)
    return rows


def _tags(tags: Sequence[Row]) -> list[Row]:
    return [
        {"section": TAGS, RANK: rank, "id": row["tag"], NAME: row["name"], "value": row["value"]}
        for rank, row in enumerate(tags, 1)
    ]


def _might_like(
    ranker: UserRanker, pair: Pair, user: Id, options: RecommendOptions, k: int
) -> list[Row]:
    """What the other one plays and ``user`` neither plays nor has hidden, best for ``user`` first.

    ``options`` let everything else in.
    """
    theirs = pair.plays.get(pair.beside(user), {})
    ranked = ranker.rank(user, options).rows
    best = [row for row in ranked if row[ARTIST] in theirs][:k]
    return [
        {
            **{"section": MIGHT_LIKE, USER: user, RANK: rank, "id": row[ARTIST]},
            **{NAME: row[NAME], "value": row[SCORE]},
            **pair.plays_of(row[ARTIST]),
        }
        for rank, row in enumerate(best, 1)
    ]
