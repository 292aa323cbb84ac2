"""Groups of people who are friends with one another rather than with others."""

from collections.abc import Iterable

import networkx as nx
import numpy as np
import pandas as pd

from tastegraph.graph.frames import ARTIST, TAG, USER, Id
from tastegraph.graph.social.read import NAMED, read_listens, read_names, read_tag_uses
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.runtime.progress import Progress, silent

COMMUNITY = "community"
COLUMNS = (COMMUNITY, "size", "inside", "tags", "artists", "central")
MEMBERS = (COMMUNITY, USER, "friends", "inside")

# Central people that are named.
_CENTRAL = 3


def communities(friends: "nx.Graph[Id]", seed: int = 0, resolution: float = 1.0) -> pd.DataFrame:
    """Who belongs to which community, by the Louvain method (Blondel et al. 2008).

    Columns MEMBERS, one row for each who has friends: friends is how many, inside how many of
    them are in the same community. Communities are numbered from 1, the largest first, equal
    ones by their smallest id; within one, those with most friends inside come first. The same
    friendships and seed give the same communities; a larger ``resolution`` gives smaller ones.
    """
    # Sets of text are in another order in each process; sets of small numbers are not.
    users = list(friends)
    row = {user: at for at, user in enumerate(users)}
    numbered: nx.Graph[int] = nx.Graph()
    numbered.add_nodes_from(row.values())
    numbered.add_edges_from((row[one], row[other]) for one, other in friends.edges)
    groups = nx.community.louvain_communities(numbered, seed=seed, resolution=resolution)
    found = [{users[at] for at in group} for group in groups]
    found.sort(key=lambda group: (-len(group), min(group)))
    number = {user: at for at, group in enumerate(found, 1) for user in group}
    rows = [
        (number[user], user, len(near), sum(number[other] == number[user] for other in near))
        for user, near in friends.adjacency()
    ]
    frame = pd.DataFrame(rows, columns=list(MEMBERS)).astype({USER: object})
    order = [COMMUNITY, "inside", USER]
    return frame.sort_values(order, ascending=[True, False, True], ignore_index=True)


def modularity(friends: "nx.Graph[Id]", members: pd.DataFrame, resolution: float = 1.0) -> float:
    """How many more friendships lie inside communities than chance would put there.

    As a share of all friendships, 0 for chance (Newman and Girvan 2004).
    """
    groups = [set(group) for _, group in members.groupby(COMMUNITY)[USER]]
    return float(nx.community.modularity(friends, groups, resolution=resolution))


def describe(
    members: pd.DataFrame,
    listens: pd.DataFrame,
    tag_uses: pd.DataFrame,
    everybody: int | None = None,
) -> pd.DataFrame:
    """One row a community, with the columns COLUMNS; artists and tags are ids.

    ``everybody`` is how many people there are, members or not; as many as members unless told.

    inside   share of its people's friends who are in it too: a friendship inside counts twice,
             once for either friend, one that leads out once
    tags     given by many of its people and by few others: ``typical``
    artists  listened to by many of its people and by few others
    central  people with most friends inside
    """
    groups = members.groupby(COMMUNITY)
    frame = pd.DataFrame(
        {
            "size": groups.size(),
            "inside": groups["inside"].sum() / groups["friends"].sum(),
            "tags": typical(members, tag_uses, TAG, everybody),
            "artists": typical(members, listens, ARTIST, everybody),
            "central": groups[USER].agg(lambda users: list(users[:_CENTRAL])),
        }
    )
    return frame.rename_axis(COMMUNITY).reset_index()[list(COLUMNS)]


def typical(
    members: pd.DataFrame, pairs: pd.DataFrame, item: str, everybody: int | None = None
) -> pd.Series:
    """For each community the NAMED values of ``item`` that tell it most from everybody.

    ``pairs`` has one row a user and item, ``everybody`` users being there. An item tells
    p ln(p / q), where p is the share of the community's people who have it and q the share of
    all: large for what is common here and rare elsewhere. Ties go to the more common, then to the
    smaller id.
    """
    numbers = members[COMMUNITY].unique()
    held = members[[USER, COMMUNITY]].merge(pairs[[USER, item]], on=USER)
    counts = held.groupby([COMMUNITY, item]).size().rename("count").reset_index()
    sizes = counts[COMMUNITY].map(members.groupby(COMMUNITY).size())
    share = counts["count"] / sizes
    overall = counts[item].map(pairs.groupby(item).size()) / max(everybody or len(members), 1)
    counts["tells"] = share * np.log(share / overall)
    order = [COMMUNITY, "tells", "count", item]
    counts = counts.sort_values(order, ascending=[True, False, False, True])
    best = counts.groupby(COMMUNITY)[item].agg(lambda items: list(items[:NAMED]))
    return pd.Series([best.get(number, []) for number in numbers], index=numbers, dtype=object)


def describe_in(
    store: GraphStore, members: pd.DataFrame, progress: Progress = silent
) -> pd.DataFrame:
    """``describe``, with what the people in ``store`` listen to and tag, and with names."""
    with progress("reading listens and tags", 2) as advance:
        listens = read_listens(store)
        advance(1)
        tag_uses = read_tag_uses(store)
        advance(1)
    ((everybody,),) = store.values("MATCH (u:User) RETURN count(u)")
    frame = describe(members, listens, tag_uses, everybody)
    for column, label in (("tags", "Tag"), ("artists", "Artist")):
        names = read_names(store, label, (id_ for cell in frame[column] for id_ in cell))
        frame[column] = [[names[id_] for id_ in cell] for cell in frame[column]]
    return frame


def write_communities(store: GraphStore, members: pd.DataFrame) -> None:
    """Set the property community of every user in ``members``, and take it from all others.

    One transaction: readers see the communities of before, or these.
    """
    rows = [[user, number] for user, number in _pairs(members)]

    def replace(transaction: GraphStore) -> None:
        transaction.write("MATCH (u:User) WHERE u.community IS NOT NULL REMOVE u.community")
        transaction.write(
            "UNWIND $rows AS row MATCH (u:User {id: row[0]}) SET u.community = row[1]",
            {"rows": rows},
        )

    with store.writing("communities --write") as writer:
        writer.transact(replace)


def _pairs(members: pd.DataFrame) -> Iterable[tuple[Id, int]]:
    return zip(members[USER].tolist(), members[COMMUNITY].tolist(), strict=True)
