"""Relationships in columns: what they are as a mapping, and what they take."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastegraph.graph.columns import Lists, Numbering
from tastegraph.graph.content import GraphContent
from tastegraph.graph.frames import Id
from tastegraph.graph.relations import Relations
from tastegraph.graph.schema import LISTENED, TAGGED
from tastegraph.loaders.ingest.target import target_content
from tests.contract.frames import frames as frames_of

Plays = dict[tuple[Id, Id], int]

IDS = st.integers(-3, 3) | st.sampled_from(["", "1", "a"])
PLAYS = st.dictionaries(st.tuples(IDS, IDS), st.integers(1, 3))


def listened(content: GraphContent, plays: Plays) -> Relations:
    starts, ends = [start for start, _ in plays], [end for _, end in plays]
    nothing = [None] * len(plays)
    return content.related(LISTENED, starts, ends, [[*plays.values()], nothing, nothing])


@given(PLAYS, PLAYS)
def test_they_are_as_dictionaries_are(old: Plays, new: Plays) -> None:
    content = GraphContent()
    was, now = listened(content, old), listened(content, new)
    assert was == {pair: (plays, None, None) for pair, plays in old.items()}
    assert all(was[pair] == (plays, None, None) for pair, plays in old.items())
    assert was.updated(now) == {pair: (n, None, None) for pair, n in (old | new).items()}
    both = sorted(old.keys() & new.keys(), key=str)
    keys = content.keys(LISTENED, [start for start, _ in both], [end for _, end in both])
    differs = was.take(was.places_of(keys)).differs(now.take(now.places_of(keys)))
    assert differs.tolist() == [old[pair] != new[pair] for pair in both]


def test_of_several_the_last_is_taken_and_all_are_told() -> None:
    content = GraphContent()
    keys = content.keys(LISTENED, [1, 2, 1], [10, 10, 10])
    columns = [
        content.column(name, values)
        for name, values in [
            ("plays", [3, 4, 5]),
            ("firstHeard", [None] * 3),
            ("lastHeard", [None] * 3),
        ]
    ]
    found, doubled = content.of_keys(LISTENED, keys, *columns)
    assert found == {(1, 10): (5, None, None), (2, 10): (4, None, None)}
    assert list(found.take(found.places_of(doubled))) == [(1, 10)]


def test_an_absent_pair() -> None:
    content = GraphContent()
    found = content.related(TAGGED, [1], [10], [[[5, "6"]], [["", "2010-01-01"]]])
    assert found[1, 10] == ([5, "6"], ["", "2010-01-01"])
    for pair in ((1, 11), (10, 1), ("1", 10)):
        with pytest.raises(KeyError):
            found[pair]


LISTS = st.lists(st.lists(st.integers(0, 2), max_size=3), max_size=4)


@given(LISTS, st.data())
def test_lists(values: list[list[int]], data: st.DataObject) -> None:
    names = Numbering()
    others = data.draw(
        st.lists(
            st.lists(st.integers(0, 2), max_size=3), min_size=len(values), max_size=len(values)
        )
    )
    mine, theirs = Lists.of(values, names), Lists.of(others, names)
    assert mine.tolist() == values
    assert mine.joined([theirs]).tolist() == values + others
    wanted = [one != other for one, other in zip(values, others, strict=True)]
    assert mine.differs(theirs).tolist() == wanted


def test_a_listen_takes_some_bytes_where_objects_take_hundreds() -> None:
    users, artists = 1_000, 100
    pairs = [(user, artist, 1) for user in range(users) for artist in range(artists)]
    frames = frames_of(
        users=[*range(users)],
        artists=[(artist, str(artist)) for artist in range(artists)],
        listens=pairs,
    )
    tracemalloc.start()
    target = target_content(GraphContent(), frames, replace=False)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(target.relations["LISTENED"]) == len(pairs)
    assert peak < 120 * len(pairs)
