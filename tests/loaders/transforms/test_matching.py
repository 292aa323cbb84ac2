"""Which artists names stand for."""

import math
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastegraph.errors import InputError
from tastegraph.loaders.readers.hetrec import read_hetrec
from tastegraph.loaders.readers.matches import read_matches, write_matches
from tastegraph.loaders.transforms.matching import FIRST_NUMBER, match_names
from tastegraph.loaders.transforms.near_names import near_names

KNOWN = {
    1: ("Björk", 5),
    2: ("The Beatles", 9),
    3: ("Nirvana", 2),
    4: ("Nirvana", 7),
    311: ("Other", 1),
    6: ("MONO", 3),
    7: ("Mono", 1),
}


def test_exactly_then_by_spelling_then_without_accents() -> None:
    names = ["Björk", "BJÖRK", "bjork", "The  beatles", "Nirvana", "mono", "Mono"]
    matching = match_names(dict.fromkeys(names, 1), KNOWN, may_be_ids=False)
    assert matching.ids == {
        "Björk": "1",
        "BJÖRK": "1",
        "bjork": "1",
        "The  beatles": "2",
        "Nirvana": "4",
        "mono": "6",
        "Mono": "7",
    }
    assert matching.how["bjork"] == "accents"
    assert matching.how["The  beatles"] == "spelling"
    assert matching.folded == 2


def test_a_name_that_is_an_id_of_another_artist() -> None:
    text = {str(id_): artist for id_, artist in KNOWN.items()}
    assert match_names({"311": 1}, text, may_be_ids=False).ids == {"311": "name:311"}
    assert match_names({"311": 1}, KNOWN, may_be_ids=True).ids == {"311": "311"}


def test_new_artists_are_numbered_where_the_others_are() -> None:
    names = {"311": 1, "Unheard": 2, "UNHEARD": 1, "Björk": 1}
    matching = match_names(names, KNOWN, may_be_ids=False)
    first, second = str(FIRST_NUMBER), str(FIRST_NUMBER + 1)
    assert matching.ids == {"311": first, "Unheard": second, "UNHEARD": second, "Björk": "1"}
    assert matching.names == {first: "311", second: "Unheard", "1": "Björk"}

    later = KNOWN | {FIRST_NUMBER + 7: ("Unheard", 1)}
    matching = match_names({"Unheard": 1, "Newer": 1}, later, may_be_ids=False)
    assert matching.ids == {"Unheard": str(FIRST_NUMBER + 7), "Newer": str(FIRST_NUMBER + 8)}


def test_the_most_played_spelling_is_the_new_artist() -> None:
    matching = match_names({"AIR": 1, "Air": 5, "air": 5, "Áir": 9}, {}, may_be_ids=True)
    assert matching.ids == {"AIR": "Air", "Air": "Air", "air": "Air", "Áir": "Áir"}


def test_what_is_nearly_known_is_new_and_said() -> None:
    matching = match_names({"The Beatls": 1, "Quite Another": 1}, KNOWN, may_be_ids=False)
    assert matching.near == {"The Beatls": ("2", "The Beatles")}
    assert matching.table().to_numpy().tolist() == [
        ["The Beatls", "", "The Beatls", "doubtful: is it The Beatles (artist 2)?"],
        ["Quite Another", "", "Quite Another", "new"],
    ]


def test_decisions_of_a_person_come_first(tmp_path: Path) -> None:
    names = {"The Beatls": 1, "Nirvana": 1, "Björk": 1}
    file = tmp_path / "matches.csv"
    write_matches(file, match_names(names, KNOWN, may_be_ids=False).table())
    text = file.read_text(encoding="utf-8")
    assert "Nirvana,4,Nirvana,exact" in text
    file.write_text(
        text.replace("Beatls,,", "Beatls,2,").replace("Nirvana,4", "Nirvana,3"), encoding="utf-8"
    )
    decided = read_matches(file) | {"Björk": ""}
    matching = match_names(names, KNOWN, may_be_ids=False, decided=decided)
    assert matching.ids == {"The Beatls": "2", "Nirvana": "3", "Björk": str(FIRST_NUMBER)}
    assert set(matching.how.values()) == {"decided"}
    with pytest.raises(InputError, match="'Björk' for the artist '99'"):
        match_names(names, KNOWN, may_be_ids=False, decided={"Björk": "99"})


def test_a_decision_that_is_there_twice(tmp_path: Path) -> None:
    file = tmp_path / "matches.csv"
    file.write_text("name,artist\nAir,1\nAir,2\n")
    with pytest.raises(InputError, match=r"matches\.csv, line 3: 'Air' is there a second time"):
        read_matches(file)


@given(st.lists(st.text(max_size=8)), st.lists(st.text(max_size=8)))
def test_near_names_are_those_whose_groups_of_letters_are_most_alike(
    names: list[str], known: list[str]
) -> None:
    def counts(name: str) -> Counter[str]:
        padded = f" {name} "
        return Counter(padded[at : at + 3] for at in range(len(padded) - 2))

    def alike(one: Counter[str], other: Counter[str]) -> float:
        lengths = [math.sqrt(sum(n * n for n in each.values())) for each in (one, other)]
        product = sum(one[group] * other[group] for group in one)
        return product / math.prod(lengths) if product else 0.0

    for name, place in zip(names, near_names(names, known), strict=True):
        values = [alike(counts(name), counts(each)) for each in known]
        best = max(values, default=0.0)
        if place is None:
            assert best < 0.6 + 1e-9
        else:
            assert values[place] == pytest.approx(best)
            assert best > 0.6 - 1e-9


def test_near_names() -> None:
    known = ["radiohead", "portishead", "air", "a"]
    assert near_names(["radiohed", "xyz", "portishead live", "air"], known) == [0, None, 1, 2]
    assert near_names([], known) == []
    assert near_names(["x"], []) == [None]


def test_five_thousand_names_of_the_real_data(real_data: Path) -> None:
    frames = read_hetrec(real_data / "hetrec2011-lastfm-2k")
    artists, names = frames.artists["artist"].tolist(), frames.artists["name"].tolist()
    known = {artist: (name, 1) for artist, name in zip(artists, names, strict=True)}
    asked = {f"{name[:-1]}z" if at % 2 else name.upper(): 1 for at, name in enumerate(names[:5000])}
    start = time.thread_time()
    matching = match_names(asked, known, may_be_ids=False)
    assert time.thread_time() - start < 2
    assert sum(how == "new" for how in matching.how.values()) > 2000
    assert len(matching.near) > 1000
