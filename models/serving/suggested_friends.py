"""A user's friends, and people who might become one, found by the database."""

import pandas as pd

from tastegraph.graph.frames import USER, Id
from tastegraph.graph.query_files import query
from tastegraph.graph.social.read import why_no_friendships
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.ranking.columns import RANK, SCORE, SIMILARITY
from tastegraph.models.serving.one_user_in_database import has_vector
from tastegraph.models.storage.model_card import steady_read
from tastegraph.models.storage.switch import is_trained

SIMILARITY_WEIGHT = 1.0
"""What similarity weighs beside friends in common: of ``evaluation.friend_suggestions.WEIGHTS`` the
best on a slice of the training friendships of HetRec 2011 Last.fm."""

_SHARED = ("shared_count", "shared")
FRIENDS = (USER, SIMILARITY, *_SHARED, "unheard_count", "unheard")
SUGGESTED = (
    RANK,
    USER,
    SCORE,
    "common",
    SIMILARITY,
    "common_count",
    "common_friends",
    *_SHARED,
)


def friends_of(store: GraphStore, user: Id, k: int) -> pd.DataFrame:
    """The ``k`` friends of ``user`` whose taste is nearest, with the columns FRIENDS.

    similarity is the cosine of the two users' vectors, None where the model has none; shared names
    artists that both listen to, unheard what the friend plays and ``user`` does not: at most
    five each, shared_count and unheard_count say how many there are.
    """
    asked = query("compare-friends").cypher
    rows = steady_read(store, lambda: store.rows(asked, {"userId": user, "k": k}))
    return pd.DataFrame(rows, columns=list(FRIENDS))


def suggest_friends(
    store: GraphStore, user: Id, k: int, similarity_weight: float = SIMILARITY_WEIGHT
) -> pd.DataFrame:
    """The ``k`` people whom ``user`` might befriend, with the columns SUGGESTED.

    score is common + similarity. common is a / (1 + a), where a adds up 1 / ln(number of friends)
    over the friends in common (Adamic and Adar 2003); similarity is ``similarity_weight`` times
    the cosine of the users' vectors, where positive, and 0 without a model. At most five friends
    in common are named, and five artists that both listen to. People who score 0 are left out.
    """
    asked = query("suggest-friends").cypher
    parameters = {"userId": user, "k": k, "similarityWeight": similarity_weight}
    rows = steady_read(store, lambda: store.rows(asked, parameters))
    return pd.DataFrame(
        [{RANK: rank} | row for rank, row in enumerate(rows, 1)], columns=list(SUGGESTED)
    )


def why_no_friends(store: GraphStore, user: Id) -> str | None:
    """What keeps friends in common from suggesting anybody to ``user``, if anything."""
    cypher = "MATCH (:User {id: $user})-[r:FRIEND]-(:User) RETURN count(r)"
    if store.values(cypher, {"user": user})[0][0]:
        return None
    alone = f"user {user} has no friends in the graph, so nobody has friends in common with them"
    return why_no_friendships(store) or alone


def why_no_taste(store: GraphStore, user: Id) -> str | None:
    """What keeps the model from saying whose taste is near to that of ``user``, if anything."""
    if not is_trained(store):
        return "no model has been trained, so nothing is known of taste: run 'tastegraph train'"
    if not has_vector(store, user):
        return (
            f"the model knows nothing of the taste of user {user} (no listens and no friends when "
            "it was trained): 'tastegraph train' learns anew"
        )
    return None
