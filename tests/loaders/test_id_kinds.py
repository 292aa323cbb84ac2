"""Whole numbers that become text."""

from tastegraph.graph.content import GraphContent
from tastegraph.graph.schema import RELATIONS
from tastegraph.loaders.ingest.id_kinds import with_ids_as_text


def content() -> GraphContent:
    made = GraphContent(doubled={"LISTENED": {(1, 10)}})
    made.nodes |= {"User": {1: (), 2: ()}, "Artist": {10: ("Muse",)}, "Tag": {5: ("rock",)}}
    made.relations |= {kind.type: {} for kind in RELATIONS}
    made.relations |= {
        "LISTENED": {(1, 10): (3, None, None)},
        "FRIEND": {(1, 2): ()},
        "TAGGED": {(1, 10): ([5], ["2009-01-01"])},
        "HAS_TAG": {(10, 5): (1,)},
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


def test_friendships_begin_at_the_id_that_comes_first_as_text() -> None:
    made = content()
    made.relations["FRIEND"] = {(2, 10): (), (2, 3): ()}
    made.doubled["FRIEND"] = {(2, 10)}
    found = with_ids_as_text(made, ["User"])
    assert found.relations["FRIEND"] == {("10", "2"): (), ("2", "3"): ()}
    assert found.doubled["FRIEND"] == {("10", "2")}


def test_tags_are_named_in_assignments_too() -> None:
    found = with_ids_as_text(content(), ["Artist", "Tag"])
    assert found.nodes["Tag"] == {"5": ("rock",)}
    assert found.relations["TAGGED"] == {(1, "10"): (["5"], ["2009-01-01"])}
    assert found.relations["HAS_TAG"] == {("10", "5"): (1,)}
    assert found.nodes["User"] == {1: (), 2: ()}
