"""Loading: what is in the source is in the graph, and nothing more, however often."""

import dataclasses

import pytest

from tastegraph.errors import InputError
from tastegraph.graph.content import GraphContent, read_content
from tastegraph.graph.difference import Changes
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.loaders.ingest.other_data import holds_other_data
from tastegraph.loaders.ingest.target import target_content
from tests.contract.frames import frames
from tests.contract.trained import small_frames

NOTHING = Changes()
AWKWARD = [
    "Guns N' Roses",
    'the "Quotes"',
    "back\\slash \\u0041 \\",
    "'}) DETACH DELETE n //",
    "$name {id: 1} `tick`",
    "🎸 Sigur Rós 東京 ﷽",
    "line\nbreak\ttab",
    "%_*?~",
]


def from_nothing(source: object) -> GraphContent:
    return target_content(GraphContent(), source, replace=False)


@pytest.fixture
def first() -> object:
    return frames(
        users=[1, 2],
        artists=[(10, "Air"), (20, "Beck")],
        tags=[(5, "mellow")],
        listens=[(1, 10, 3), (2, 20, 1)],
        friendships=[(1, 2)],
        taggings=[(1, 10, 5, "2010-01-01")],
    )


@pytest.fixture
def second() -> object:
    return frames(
        users=[2, 3],
        artists=[(20, "Beck Hansen"), (30, "Can")],
        tags=[(5, "mellow"), (6, "krautrock")],
        listens=[(2, 20, 9), (3, 30, 2)],
        friendships=[(2, 3)],
        taggings=[(3, 30, 6, ""), (3, 30, 5, "2011-02-03")],
    )


def test_the_graph_holds_the_source(store: GraphStore) -> None:
    target = from_nothing(small_frames())

    changes = ingest(store, small_frames())

    assert read_content(store) == target
    count = sum(map(len, target.nodes.values())) + sum(map(len, target.relations.values()))
    assert changes == Changes(added=count)
    assert ingest(store, small_frames()) == NOTHING
    assert ingest(store, small_frames(), replace=True) == NOTHING
    assert read_content(store) == target
    assert not holds_other_data(store, small_frames())


def test_a_second_source_is_merged_and_wins(store: GraphStore, first, second) -> None:
    ingest(store, first)

    changes = ingest(store, second)

    content = read_content(store)
    assert content == target_content(from_nothing(first), second, replace=False)
    assert sorted(content.nodes["User"]) == [1, 2, 3]
    assert content.nodes["Artist"][20][0] == "Beck Hansen"
    assert content.relations["LISTENED"] == {(1, 10): (3,), (2, 20): (9,), (3, 30): (2,)}
    assert sorted(content.relations["FRIEND"]) == [(1, 2), (2, 3)]
    assert changes.removed == 0
    assert ingest(store, first) != NOTHING
    assert holds_other_data(store, first)


def test_replace_removes_what_the_source_lacks(store: GraphStore, first, second) -> None:
    ingest(store, first)
    ingest(store, second)

    ingest(store, first, replace=True)

    assert read_content(store) == from_nothing(first)
    assert ingest(store, first) == NOTHING


def test_a_smaller_source_replaces_a_larger_one(store: GraphStore, first) -> None:
    ingest(store, small_frames())

    ingest(store, first, replace=True)

    assert read_content(store) == from_nothing(first)


def test_an_empty_source_changes_nothing(store: GraphStore, first) -> None:
    assert ingest(store, frames()) == NOTHING
    ingest(store, first)
    assert ingest(store, frames()) == NOTHING
    assert read_content(store) == from_nothing(first)


def test_ids_may_be_text(store: GraphStore) -> None:
    source = frames(
        users=["2", "ann", "é'\"\\"],
        artists=[("a 1", "Air"), ("b/2", "Beck")],
        tags=[("mellow", "mellow")],
        listens=[("2", "a 1", 3), ("ann", "b/2", 1)],
        friendships=[("2", "ann")],
        taggings=[("ann", "a 1", "mellow", "")],
    )

    ingest(store, source)

    assert read_content(store) == from_nothing(source)
    assert ingest(store, source) == NOTHING


@pytest.mark.parametrize("path", ["first load", "later load"])
def test_any_name_is_only_a_name(store: GraphStore, first, path: str) -> None:
    if path == "later load":
        ingest(store, first)
    named = list(enumerate(AWKWARD, 100))
    source = frames(users=[1], artists=named, tags=named, listens=[(1, 100, 1)])

    ingest(store, source)

    content = read_content(store)
    assert {id_: content.nodes["Artist"][id_][0] for id_, _ in named} == dict(named)
    assert {id_: content.nodes["Tag"][id_][0] for id_, _ in named} == dict(named)
    assert ingest(store, source) == NOTHING


def test_whole_numbers_and_text_are_not_mixed(store: GraphStore, first) -> None:
    ingest(store, first)
    before = read_content(store)

    with pytest.raises(InputError, match=r"text.*whole numbers"):
        ingest(store, frames(users=["1"]))

    assert read_content(store) == before
    ingest(store, frames(users=["1"]), replace=True)
    assert list(read_content(store).nodes["User"]) == ["1"]


def test_a_large_number_of_plays_stays_exact(store: GraphStore) -> None:
    source = frames(users=[1], artists=[(1, "A")], listens=[(1, 1, 100_000_000)])
    ingest(store, source)
    assert read_content(store).relations["LISTENED"] == {(1, 1): (100_000_000,)}


def test_optional_properties_come_and_go(store: GraphStore, first) -> None:
    ingest(store, first)
    address = first.artists.assign(url=["http://a", None], picture_url=[None, "http://p"])
    with_urls = dataclasses.replace(first, artists=address)

    assert ingest(store, with_urls) == Changes(changed=2)
    assert read_content(store) == from_nothing(with_urls)
    assert ingest(store, first) == Changes(changed=2)
    assert read_content(store) == from_nothing(first)
