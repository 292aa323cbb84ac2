"""From what a person types to who is meant."""

import pytest

from tastegraph.errors import NotFoundError
from tastegraph.graph.lookup import find_artist, find_tag, find_user
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.loaders.ingest.ingest import ingest
from tests.contract.frames import frames

ARTISTS = [
    (1, "Björk"),
    (2, "Beirut"),
    (3, "The Beatles"),
    (4, "Beatles Revival"),
    (5, "50"),
    (6, "Sigur Rós"),
    (7, "sigur ros"),
    (8, "Guns N' Roses"),
    (50, "Fifty"),
]
LISTENS = [(1, 4, 1), (1, 3, 1), (2, 3, 1), (1, 7, 5), (2, 6, 1), (3, 6, 1)]
SOURCE = frames(
    users=[1, 2, 3],
    artists=ARTISTS,
    tags=[(1, "Trip-Hop"), (2, "hip-hop"), (3, "hip hop"), (4, "chanson française")],
    listens=LISTENS,
    taggings=[(1, 1, 1, ""), (1, 1, 2, ""), (1, 2, 2, "")],
)


@pytest.fixture
def loaded(store: GraphStore) -> GraphStore:
    ingest(store, SOURCE)
    return store


def test_artists_by_name(loaded: GraphStore) -> None:
    meant = {
        "Björk": 1,
        "bjork": 1,
        " BJÖRK ": 1,
        "Bjo\u0308rk": 1,
        "Guns N' Roses": 8,
        "guns": 8,
        "2": 2,
        "50": 50,
        "name:50": 5,
        "id:50": 50,
        "name:bjork": 1,
        "Sigur Rós": 6,
        "sigur ros": 7,
        "SIGUR ROS": 6,
        "beatles": 3,
    }
    assert {text: find_artist(loaded, text).id for text in meant} == meant


def test_of_several_the_most_listened_is_meant(loaded: GraphStore) -> None:
    found = find_artist(loaded, "beatles")
    assert (found.name, found.others) == ("The Beatles", ["Beatles Revival"])
    assert find_artist(loaded, "SIGUR ROS").others == ["sigur ros"]
    assert find_artist(loaded, "Sigur Rós").others == []


def test_what_an_argument_could_also_mean_is_told(store: GraphStore) -> None:
    artists = [(3, "Right One"), (12, "3"), (13, "Nirvana"), (14, "Nirvana"), (15, "id:3")]
    ingest(store, frames(users=[1, 2], artists=artists, listens=[(1, 14, 1), (2, 14, 1)]))
    by_id = find_artist(store, "3")
    assert (by_id.id, by_id.shown, by_id.others) == (3, "'Right One' (id:3)", ["'3' (id:12)"])
    assert find_artist(store, "name:3").id == 12
    assert find_artist(store, "id:3").id == 3
    assert find_artist(store, "3", is_name=True).id == 12
    assert find_artist(store, "name:id:3").id == 15
    nirvana = find_artist(store, "Nirvana")
    assert (nirvana.id, nirvana.others) == (14, ["'Nirvana' (id:13)"])
    assert find_artist(store, "id:13").id == 13
    with pytest.raises(NotFoundError, match="no artist 'id:99'"):
        find_artist(store, "id:99")


def test_ids_of_text_are_told_apart(store: GraphStore) -> None:
    ingest(store, frames(users=["007", "7", "id:7"]))
    texts = ("007", "7", "id:7", "id:007", "id:id:7")
    assert [find_user(store, text) for text in texts] == ["007", "7", "id:7", "007", "id:7"]


def test_tags_by_name(loaded: GraphStore) -> None:
    meant = {"trip-hop": 1, "hip-hop": 2, "hip hop": 3, "FRANCAISE": 4, "4": 4}
    assert {text: find_tag(loaded, text).id for text in meant} == meant
    hop = find_tag(loaded, "hop")
    assert (hop.id, hop.others) == (2, ["Trip-Hop", "hip hop"])


def test_a_wrong_name_gets_the_nearest(loaded: GraphStore) -> None:
    with pytest.raises(NotFoundError, match=r"no artist 'Bjrok'.*did you mean 'Björk'"):
        find_artist(loaded, "Bjrok")
    with pytest.raises(NotFoundError, match=r"no tag 'xyzzy'.*search TEXT"):
        find_tag(loaded, "xyzzy")


def test_odd_names_are_only_not_found(loaded: GraphStore) -> None:
    for text in ("", " ", "'}) DETACH DELETE n //", "9" * 30, "-1", "٣", "\\"):
        for find in (find_artist, find_tag, find_user):
            with pytest.raises(NotFoundError):
                find(loaded, text)


def test_users_by_id(loaded: GraphStore) -> None:
    assert find_user(loaded, "2") == 2
    with pytest.raises(NotFoundError, match=r"no user 7.*3 users run from 1 to 3"):
        find_user(loaded, "7")


def test_users_by_text(store: GraphStore) -> None:
    ingest(store, frames(users=["2", "ann"]))
    assert find_user(store, "2") == "2"
    assert find_user(store, "ann") == "ann"
    with pytest.raises(NotFoundError, match="no user Ann"):
        find_user(store, "Ann")


def test_an_empty_graph_says_so(store: GraphStore) -> None:
    store.dialect.create_schema(store)
    with pytest.raises(NotFoundError, match="holds nobody yet"):
        find_user(store, "2")
    with pytest.raises(NotFoundError, match="no artist 'Björk'"):
        find_artist(store, "Björk")
