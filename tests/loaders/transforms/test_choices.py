"""What a load may add or leave out: collaborations, noisy tags, and bands of listeners."""

from collections import Counter
from pathlib import Path

import pytest

from tastegraph.graph.popularity_bands import BANDS, bands_of
from tastegraph.loaders.source import read_source
from tastegraph.loaders.transforms.collaborations import link_collaborations
from tastegraph.loaders.transforms.prune_tags import prune_tags
from tests.contract.frames import frames

NAMES = [
    "Simon & Garfunkel",
    "Eminem",
    "Rihanna",
    "Beyoncé",
    "Rihanna (feat. Eminem)",
    "EMINEM ft. beyonce",
    "Eminem, Rihanna & Beyoncé",
    "Simon & Garfunkel vs. Eminem",
    "Rihanna and Cast",
    "Love",
    "Rockets",
    "Love and Rockets",
    "Eminem feat. Eminem",
    "Featuring & Friends",
    " & ",
]
ID = {name: number for number, name in enumerate(NAMES, 1)}
# One listener each, none for most collaborations, and more for Love and Rockets than for Love.
HEARD = {"Eminem": 3, "Rihanna": 3, "Beyoncé": 2, "Love": 1, "Rockets": 2, "Love and Rockets": 2}


def test_names_that_are_several_artists() -> None:
    listens = sorted((user, ID[name], 1) for name, users in HEARD.items() for user in range(users))
    given = frames(users=[0, 1, 2], artists=[(ID[name], name) for name in NAMES], listens=listens)
    linked = link_collaborations(given)
    names = {
        (NAMES[whole - 1], tuple(NAMES[part - 1] for one, part in linked.features if one == whole))
        for whole, _ in linked.features
    }
    assert names == {
        ("Rihanna (feat. Eminem)", ("Rihanna", "Eminem")),
        ("EMINEM ft. beyonce", ("Eminem", "Beyoncé")),
        ("Eminem, Rihanna & Beyoncé", ("Eminem", "Rihanna", "Beyoncé")),
        ("Simon & Garfunkel vs. Eminem", ("Simon & Garfunkel", "Eminem")),
    }
    row = linked.report[-1]
    assert (row.kind, row.read, row.loaded, row.dropped) == ("collaborations", 10, 4, 6)
    assert row.reason.endswith("better known than a part: 1")


def test_tags_need_people_and_artists() -> None:
    taggings = [
        *((user, artist, 1, "") for user in (1, 2) for artist in (1, 2)),
        *((user, 1, 2, "") for user in (1, 2)),
        *((1, artist, 3, "") for artist in (1, 2)),
    ]
    given = frames(
        users=[1, 2],
        artists=[(1, "a"), (2, "b")],
        tags=[(1, "both"), (2, "one artist"), (3, "one user"), (4, "nobody")],
        taggings=sorted(taggings),
    )
    assert prune_tags(given, 2, 2).tags["tag"].tolist() == [1]
    assert len(prune_tags(given, 2, 2).taggings) == 4
    assert prune_tags(given, 1, 2).tags["tag"].tolist() == [1, 3]
    assert prune_tags(given, 2, 1).tags["tag"].tolist() == [1, 2]


def test_bands_are_thirds_of_the_listens() -> None:
    assert [BANDS[place] for place in bands_of([1, 4, 0, 3, 2, 2])] == [
        *("tail", "head", "tail", "middle", "middle", "tail")
    ]
    assert bands_of([]).tolist() == []


def test_the_real_data(real_data: Path) -> None:
    given = read_source(real_data / "hetrec2011-lastfm-2k")
    linked = link_collaborations(given)
    by_id = dict(zip(given.artists["artist"], given.artists["name"], strict=True))
    wholes = {by_id[whole] for whole, _ in linked.features}
    assert linked.report[-1].loaded == len(wholes) == 110
    assert {"Rihanna (feat. Drake)", "Madonna & Justin Timberlake & Timbaland"} <= wholes
    assert not {"Simon & Garfunkel", "Earth, Wind & Fire", "Iron & Wine"} & wholes
    pruned = prune_tags(given, 2, 3)
    kept = {row.kind: (row.loaded, row.dropped) for row in pruned.report}
    assert kept["tags"] == (1598, 10348)
    assert kept["tag_assignments"] == (159631, 1538 + 25310)
    names = Counter(pruned.tags["name"])
    assert names["rock"] == names["seen live"] == 1


@pytest.mark.parametrize("kind", [[], [3]])
def test_everybody_without_listens_is_the_tail(kind: list[int]) -> None:
    assert bands_of([0, 0, *kind]).tolist() == [2, 2, *([0] if kind else [])]
