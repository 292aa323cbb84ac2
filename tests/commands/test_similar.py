"""``similar-artists`` and ``similar-users``: names as people type them."""

import unicodedata
from typing import Any

import pytest

from tests.commands.running import Ask


@pytest.fixture
def accented(ask: Ask) -> dict[str, Any]:
    """An artist with an accent in the name."""
    rows = ask.rows("query", "run", "top-artists", "-p", "k=800")
    return next(row for row in rows if not row["name"].isascii())


def test_columns_and_order(ask: Ask) -> None:
    artists = ask.rows("similar-artists", 7, "-k", 4)
    assert list(artists[0]) == ["rank", "artist", "name", "similarity", "shared"]
    users = ask.rows("similar-users", 2, "-k", 4)
    assert list(users[0]) == ["rank", "user", "similarity", "shared"]
    for rows in (artists, users):
        assert [row["rank"] for row in rows] == [1, 2, 3, 4]
        scores = [row["similarity"] for row in rows]
        assert scores == sorted(scores, reverse=True)
        assert all(isinstance(row["shared"], list) for row in rows)


def test_artist_by_name_case_accent_and_id(ask: Ask, accented: dict[str, Any]) -> None:
    name = accented["name"]
    expected = ask.rows("similar-artists", accented["artist"])
    bare = "".join(
        sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign)
    )
    for spelling in (name, name.upper(), bare.lower(), f" {name} "):
        assert ask.rows("similar-artists", spelling) == expected


def test_part_of_a_name_takes_the_most_listened_and_names_others(ask: Ask) -> None:
    rows = ask.rows("query", "run", "top-artists", "-p", "k=800")
    fitting = [row for row in rows if "the " in row["name"].lower()]
    result = ask("similar-artists", "the ")
    best = max(fitting, key=lambda row: row["listeners"])
    assert f"is taken for {best['name']!r}; also " in result.stderr


@pytest.mark.parametrize("name", ["", "  ", "zzzzzzzz", "' OR true //", "😀", "--5", "-5"])
def test_unknown_artist_is_an_error_with_a_way_on(ask: Ask, name: str) -> None:
    error = ask("similar-artists", "--", name, code=1).stderr
    assert error.startswith(f"Error: there is no artist {name!r}")
    assert "did you mean" in error or ask.hint("search TEXT") in error


def test_misspelt_artist_gets_suggestions(ask: Ask, accented: dict[str, Any]) -> None:
    error = ask("similar-artists", accented["name"] + "x", code=1).stderr
    assert "did you mean" in error
    assert accented["name"] in error


def test_dot_favours_long_vectors(ask: Ask) -> None:
    dot = ask.rows("similar-artists", 7, "--measure", "dot")
    cosine = ask.rows("similar-artists", 7)
    found = [row["similarity"] for row in dot]
    assert found == sorted(found, reverse=True)
    assert [row["artist"] for row in dot] != [row["artist"] for row in cosine]
    assert "cosine" in ask("similar-artists", 7, "--measure", "l2", code=2).stderr


def test_tags_tell_who_is_near(ask: Ask) -> None:
    near = ask.rows("similar-artists", 7, "--measure", "tags", "-k", 6)
    assert list(near[0]) == ["rank", "artist", "name", "similarity", "shared"]
    by_query = ask.rows("query", "run", "tag-neighbours", "-p", "artistId=7", "-p", "k=6")
    for row, other in zip(near, by_query, strict=True):
        told = [other[name] for name in ("artist", "name", "score", "shared")]
        assert [row[name] for name in ("artist", "name", "similarity", "shared")] == told
    assert all(row["shared"] for row in near)
    assert [row["artist"] for row in near] != [
        row["artist"] for row in ask.rows("similar-artists", 7, "-k", 6)
    ]
    assert "tags" in ask("similar-artists", 7, "--measure", "l2", code=2).stderr


def test_more_than_there_are_gives_all_others(ask: Ask) -> None:
    artists = [row["artist"] for row in ask.rows("similar-artists", 7, "-k", 1_000_000)]
    assert len(artists) == len(set(artists)) == 799
    assert 7 not in artists
    assert len(ask.rows("similar-users", 2, "-k", 1_000_000)) == 299


@pytest.mark.parametrize("command", ["similar-artists", "similar-users"])
def test_k_below_one_is_wrong_usage(ask: Ask, command: str) -> None:
    ask(command, 2, "-k", 0, code=2)


def test_unknown_user(ask: Ask) -> None:
    assert "there is no user 9999" in ask("similar-users", 9999, code=1).stderr
