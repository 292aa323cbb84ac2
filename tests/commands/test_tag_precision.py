"""``tag-precision``: its rows, its table, and what it can't measure."""

import io

import pandas as pd
import pytest

from tastegraph.commands.print_table import write_table
from tastegraph.models.evaluation.tag_precision import COLUMNS, Neighbour, Neighbours
from tests.commands.running import Ask, columns


def test_an_artist_and_a_user(ask: Ask) -> None:
    best = ask.rows("query", "run", "top-artists", "-p", "k=1")[0]
    artist = ask.rows("tag-precision", "--artist", best["name"].upper(), "-k", 9)
    user = ask.rows("tag-precision", 2)
    assert [row["subject"] for row in (*artist, *user)] == [best["name"], 2]
    assert [row["k"] for row in (*artist, *user)] == [9, 10]
    for row in (*artist, *user):
        assert tuple(row) == COLUMNS
        assert len(row["shared"]) == row["k"]
        for form, measure in (("relevant", "precision"), ("strict", "strict")):
            hits = sum(neighbour[form] for neighbour in row["shared"])
            assert row[measure] == pytest.approx(hits / row["k"])
        assert all(
            neighbour["relevant"] == bool(neighbour["shared"]) for neighbour in row["shared"]
        )
        assert all(0 <= row[measure] <= 1 for measure in COLUMNS[2:-1])
    assert [neighbour["id"] for neighbour in user[0]["shared"]] == [
        row["artist"] for row in ask.rows("recommend", 2, "--exact")
    ]


def test_means_over_all(ask: Ask) -> None:
    rows = ask.rows("tag-precision", "--all", "-k", 5, "--most", 100)
    assert [row["subject"] for row in rows] == ["artists", "users"]
    assert [row["shared"] for row in rows] == [[], []]
    for row in rows:
        assert row["strict"] > row["random_strict"]
        assert row["precision"] >= row["strict"]


def test_neighbours_need_listeners(ask: Ask) -> None:
    listeners = {
        row["artist"]: row["listeners"]
        for row in ask.rows("query", "run", "top-artists", "-p", "k=800")
    }
    rows = ask.rows("tag-precision", "--artist", 7, "-k", 800, "--min-listeners", 20)
    found = {neighbour["id"] for neighbour in rows[0]["shared"]}
    assert found == {artist for artist, heard in listeners.items() if heard >= 20} - {7}
    result = ask("tag-precision", "--artist", 7, "-k", 800, "--min-listeners", 20)
    assert f"only {len(found)} artists are there to choose from" in result.stderr
    error = ask("tag-precision", "--artist", 7, "--min-listeners", 10**6, code=1).stderr
    assert "lower --min-listeners" in error


def test_one_subject_is_asked_for(ask: Ask) -> None:
    for words in ((), ("--all", 2), ("--artist", 7, 2)):
        assert "USER_ID, --artist and --all" in ask("tag-precision", *words, code=2).stderr


def test_unknown_subjects_and_counts(ask: Ask) -> None:
    assert "there is no artist 'zzzz'" in ask("tag-precision", "--artist", "zzzz", code=1).stderr
    assert "there is no user 9999" in ask("tag-precision", 9999, code=1).stderr
    ask("tag-precision", 2, "-k", 0, code=2)
    ask("tag-precision", "--all", "--most", 0, code=2)


def test_without_a_model_it_says_so(small, tmp_path) -> None:
    empty = Ask(tmp_path / "untrained")
    empty("load", small)
    assert empty.hint("train'") in empty("tag-precision", "--all", code=1).stderr


def test_table_is_one_line_a_row_in_a_pipe(ask: Ask) -> None:
    result = ask("tag-precision", "--artist", 7, "-k", 2)
    assert columns(result) == list(COLUMNS)
    assert len(result.stdout.splitlines()) == 2


def test_table_gives_each_neighbour_a_line_on_a_terminal() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    shared = Neighbours(
        [Neighbour(1, "One\n", True, True, ["jazz"]), Neighbour(2, "Two", False, False, [])]
    )
    row = dict.fromkeys(COLUMNS, 0.5) | {"subject": "Ten", "k": 2, "shared": shared}
    terminal = Terminal()
    write_table(pd.DataFrame([row]), terminal)
    lines = terminal.getvalue().splitlines()
    assert lines[2:] == ["      One  (strict): jazz", "      Two: no tag shared"]
