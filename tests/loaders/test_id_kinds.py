"""Whole numbers that become text."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from tastegraph.graph.content import GraphContent
from tastegraph.graph.frames import come_after
from tastegraph.graph.schema import FRIEND, HAS_TAG, LISTENED, TAGGED
from tastegraph.loaders.ingest.id_kinds import with_ids_as_text


def content() -> GraphContent:
    made = GraphContent(doubled={"LISTENED": {(1, 10)}})
    made.nodes |= {"User": {1: (), 2: ()}, "Artist": {10: ("Muse",)}, "Tag": {5: ("rock",)}}
    made.relations |= {
        "LISTENED": made.related(LISTENED, [1], [10], [[3], [None], [None]]),
        "FRIEND": made.related(FRIEND, [1], [2]),
        "TAGGED": made.related(TAGGED, [1], [10], [[[5]], [["2009-01-01"]]]),
        "HAS_TAG": made.related(HAS_TAG, [10], [5], [[1]]),
    }
    return made


def test_users_alone() -> None:
    found = with_ids_as_text(content(), ["User"])
    assert found.nodes["User"] == {"1": (), "2": ()}
    assert found.nodes["Artist"] == {10: ("Muse",)}
    assert found.relations["LISTENED"] == {("1", 10): (3, None, None)}
    assert found.relations["FRIEND"] == {("1", "2"): ()}
    assert found.relations["TAGGED"] == {("1", 10): ([5], ["2009-01-01"])}
    assert found.relations["HAS_TAG"] == {(10, 5): (1,)}
    assert found.doubled == {"LISTENED": {("1", 10)}}


WHOLE = st.integers(0, 2**63 - 1)


@given(st.lists(st.tuples(WHOLE, WHOLE), min_size=1))
def test_the_order_of_friends_survives_that_ids_become_text(pairs: list[tuple[int, int]]) -> None:
    whole = pd.DataFrame(pairs, columns=["user", "friend"], dtype="int64")
    expected = [one > other for one, other in pairs]
    assert come_after(whole["user"], whole["friend"]).tolist() == expected
    text = whole.map(str)
    assert come_after(text["user"], text["friend"]).tolist() == expected


def test_the_order_of_friends_with_other_names() -> None:
    ids, others = (pd.Series(of, dtype=object) for of in (["ann", "me", "b"], ["me", "ann", "a"]))
    assert come_after(ids, others).tolist() == [True, False, True]


def test_tags_are_named_in_assignments_too() -> None:
    found = with_ids_as_text(content(), ["Artist", "Tag"])
    assert found.nodes["Tag"] == {"5": ("rock",)}
    assert found.relations["TAGGED"] == {(1, "10"): (["5"], ["2009-01-01"])}
    assert found.relations["HAS_TAG"] == {("10", "5"): (1,)}
    assert found.nodes["User"] == {1: (), 2: ()}
