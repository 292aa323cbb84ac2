"""A load of listens alone reads a part of the graph, and asks for what one that reads all does."""

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tastegraph.graph.content import GraphContent
from tastegraph.graph.frames import USER, GraphFrames
from tastegraph.graph.schema import ARTIST
from tastegraph.loaders.ingest.target import target_content
from tests.contract.frames import frames

NORM = ARTIST.properties.index("tagNorm")
BASE = frames(
    users=[1, 2, 3],
    artists=[(10, "Air"), (20, "Beck"), (30, "Can"), (40, "Devo")],
    tags=[(5, "mellow"), (6, "krautrock")],
    listens=[(1, 10, 3), (2, 20, 1), (2, 10, 7), (3, 30, 2)],
    friendships=[(1, 2)],
    taggings=[(1, 10, 5, "2010-01-01"), (2, 30, 6, ""), (3, 10, 6, ""), (3, 20, 5, "")],
)

PLAYED = st.dictionaries(
    st.tuples(st.sampled_from([2, 3, 4]), st.sampled_from([10, 20, 40, 50])), st.integers(1, 9)
)


def listens_alone(played: dict[tuple[int, int], int]) -> GraphFrames:
    rows = [(*pair, plays) for pair, plays in sorted(played.items())]
    artists = sorted({artist for _, artist in played})
    return frames(
        users=sorted({user for user, _ in played}),
        artists=[(artist, f"artist {artist}") for artist in artists],
        listens=rows,
    )


def part_of(content: GraphContent, source: GraphFrames) -> GraphContent:
    """What is read of a graph for ``source``."""
    users = set(source.users[USER])
    listened = content.relations["LISTENED"]
    nodes = {label: content.nodes[label] for label in ("User", "Artist")}
    part = GraphContent(defaultdict(dict, nodes), whole=False, numbers=content.numbers)
    of_users = np.array([user in users for user, _ in listened], dtype=bool)
    part.relations["LISTENED"] = listened.take(of_users)
    return part


@given(PLAYED, st.booleans())
def test_counts_are_those_of_the_whole_graph(played: dict[tuple[int, int], int], add: bool) -> None:
    before, source = target_content(GraphContent(), BASE, replace=True), listens_alone(played)
    whole = target_content(before, source, replace=False, add=add)

    part = target_content(part_of(before, source), source, replace=False, add=add)

    assert part.nodes["User"] == whole.nodes["User"]
    # What tags weigh where there are more artists is for the store: contract/test_own_history.py.
    norms = before.nodes["Artist"]
    assert part.nodes["Artist"] == {
        id_: (*of[:NORM], norms[id_][NORM] if id_ in norms else 0.0, *of[NORM + 1 :])
        for id_, of in whole.nodes["Artist"].items()
    }
    users = set(source.users[USER])
    others = {pair: of for pair, of in before.relations["LISTENED"].items() if pair[0] not in users}
    assert {**part.relations["LISTENED"], **others} == whole.relations["LISTENED"]
