"""Loading: what is in the source is in the graph, and nothing more, however often."""

import dataclasses

import pytest

from tastegraph.graph.content import GraphContent, read_content
from tastegraph.graph.difference import Changes
from tastegraph.graph.frames import GraphFrames
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.loaders.ingest.other_data import holds_other_data
from tastegraph.loaders.ingest.target import target_content
from tastegraph.loaders.readers.tables import read_tables
from tastegraph.loaders.transforms.known import known_in
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
    assert content.relations["LISTENED"] == {
        (1, 10): (3, None, None),
        (2, 20): (9, None, None),
        (3, 30): (2, None, None),
    }
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


def test_text_ids_make_the_whole_numbers_of_a_graph_text(store: GraphStore, first) -> None:
    ingest(store, first)

    changes = ingest(store, frames(users=["1", "ann"], friendships=[("1", "2"), ("1", "ann")]))

    content = read_content(store)
    assert set(content.nodes["User"]) == {"1", "2", "ann"}
    assert set(content.nodes["Artist"]) == {10, 20}
    assert content.relations["LISTENED"] == {("1", 10): (3, None, None), ("2", 20): (1, None, None)}
    assert sorted(content.relations["FRIEND"]) == [("1", "2"), ("1", "ann")]
    assert content.relations["TAGGED"] == {("1", 10): ([5], ["2010-01-01"])}
    assert changes == Changes(added=2)
    assert "user ids of" in changes.notes[0]
    assert ingest(store, first) == NOTHING
    assert read_content(store) == content


def test_friendships_keep_their_order_where_ids_become_text(store: GraphStore) -> None:
    ingest(store, frames(users=[2, 3, 10], friendships=[(2, 3), (2, 10)]))

    ingest(store, frames(users=["me"]))

    text = frames(users=["10", "2", "3", "me"], friendships=[("2", "10"), ("2", "3")])
    assert read_content(store) == from_nothing(text)
    assert ingest(store, text) == NOTHING


def test_artists_and_tags_of_a_graph_become_text(store: GraphStore, first) -> None:
    ingest(store, first)
    more = frames(
        users=[2],
        artists=[("x", "New")],
        tags=[("loud", "loud")],
        listens=[(2, "x", 1)],
        taggings=[(2, "x", "loud", "")],
    )

    assert ingest(store, more).removed == 0

    content = read_content(store)
    assert content.relations["LISTENED"] == {
        (1, "10"): (3, None, None),
        (2, "20"): (1, None, None),
        (2, "x"): (1, None, None),
    }
    assert content.relations["TAGGED"] == {
        (1, "10"): (["5"], ["2010-01-01"]),
        (2, "x"): (["loud"], [""]),
    }
    assert store.rows("MATCH (a:Artist {id: '10'}) RETURN a.name AS name") == [{"name": "Air"}]
    assert ingest(store, more) == NOTHING


def test_whole_numbers_are_text_in_a_graph_of_text(store: GraphStore) -> None:
    january = frames(users=["007"], artists=[("A", "A")], listens=[("007", "A", 1)])
    february = frames(
        users=[9, 10], artists=[("A", "A")], listens=[(9, "A", 1)], friendships=[(9, 10)]
    )
    ingest(store, january)

    assert ingest(store, february).changed == 1

    content = read_content(store)
    assert sorted(content.nodes["User"]) == ["007", "10", "9"]
    assert list(content.relations["FRIEND"]) == [("9", "10")]
    assert content.relations["LISTENED"] == {
        ("007", "A"): (1, None, None),
        ("9", "A"): (1, None, None),
    }
    assert ingest(store, february) == NOTHING
    text = frames(users=["10", "9"], friendships=[("10", "9")])
    assert ingest(store, text) == NOTHING


def test_a_replacement_has_its_own_kind_of_ids(store: GraphStore, first) -> None:
    ingest(store, first)
    ingest(store, frames(users=["1"]), replace=True)
    assert list(read_content(store).nodes["User"]) == ["1"]


def test_what_a_load_says_nothing_of_stays(store: GraphStore) -> None:
    january = dataclasses.replace(
        frames(users=[1], artists=[(1, "Air"), (2, "Beck")], listens=[(1, 1, 10), (1, 2, 4)]),
        artists=frames(artists=[(1, "Air"), (2, "Beck")]).artists.assign(url=["http://a", None]),
    )
    listens_only = dataclasses.replace(
        frames(users=[4], artists=[(1, "1"), (3, "3")], listens=[(4, 1, 5), (4, 3, 1)]), named=False
    )
    ingest(store, january)

    ingest(store, listens_only)
    ingest(store, frames(artists=[(1, "Air (FR)")]))

    artists = read_content(store).nodes["Artist"]
    assert {id_: (values[0], values[3]) for id_, values in artists.items()} == {
        1: ("Air (FR)", "http://a"),
        2: ("Beck", None),
        3: ("3", None),
    }


def test_plays_are_replaced_or_added_and_tags_joined(store: GraphStore) -> None:
    def source(plays: int, *given: tuple[str, str]) -> GraphFrames:
        return frames(
            users=["u1"],
            artists=[("A", "A")],
            tags=[(tag, tag) for tag, _ in given],
            listens=[("u1", "A", plays)],
            taggings=[("u1", "A", tag, date) for tag, date in given],
        )

    ingest(store, source(10, ("cool", ""), ("jazz", "2010-01-01")))
    changes = ingest(store, source(3, ("jazz", ""), ("rock", "")))
    assert "1 of 1 listens were there with other plays: replaced" in changes.notes[0]
    assert "1 tag assignments were added" in changes.notes[1]
    assert ingest(store, source(3, ("jazz", ""), ("rock", ""))) == NOTHING
    assert ingest(store, source(4), add=True).notes[0].startswith("1 of 1 listens were there")

    relations = read_content(store).relations
    assert relations["LISTENED"] == {("u1", "A"): (7, None, None)}
    assert relations["TAGGED"] == {("u1", "A"): (["cool", "jazz", "rock"], ["", "2010-01-01", ""])}


def test_friends_of_the_graph_need_no_listens(store: GraphStore, first, tmp_path) -> None:
    ingest(store, first)
    (tmp_path / "listens.csv").write_text("user,artist,plays\n9,10,5\n9,20,1\n")
    (tmp_path / "friends.csv").write_text("user,friend\n9,1\n9,77\n")

    ingest(store, read_tables(tmp_path, known=known_in(store)))

    content = read_content(store)
    assert sorted(content.relations["FRIEND"]) == [(1, 2), (1, 9)]
    assert content.nodes["Artist"][10][0] == "Air"


def test_a_large_number_of_plays_stays_exact(store: GraphStore) -> None:
    source = frames(users=[1], artists=[(1, "A")], listens=[(1, 1, 100_000_000)])
    ingest(store, source)
    assert read_content(store).relations["LISTENED"] == {(1, 1): (100_000_000, None, None)}


def test_optional_properties_come_and_go(store: GraphStore, first) -> None:
    ingest(store, first)
    address = first.artists.assign(url=["http://a", None], picture_url=[None, "http://p"])
    with_urls = dataclasses.replace(first, artists=address)

    assert ingest(store, with_urls) == Changes(changed=2)
    assert read_content(store) == from_nothing(with_urls)
    assert ingest(store, first) == NOTHING
    assert ingest(store, first, replace=True) == Changes(changed=2)
    assert read_content(store) == from_nothing(first)
