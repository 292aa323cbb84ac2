"""``recommend``: who gets how many artists, which ones, and why."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.commands.running import Ask, columns, run

COLUMNS = ["user", "rank", "artist", "name", "score", "embedding", "friends", "tags"]


def heard(ask: Ask, user: int) -> set[int]:
    rows = ask.rows("query", "run", "user-listens", "-p", f"userId={user}", "-p", "k=10000")
    return {row["artist"] for row in rows}


def test_exactly_k_artists_that_the_user_does_not_listen_to(ask: Ask) -> None:
    rows = ask.rows("recommend", 2, "-k", 7)
    assert list(rows[0]) == COLUMNS
    assert [row["rank"] for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert {row["user"] for row in rows} == {2}
    assert not {row["artist"] for row in rows} & heard(ask, 2)
    assert len({row["artist"] for row in rows}) == 7
    scores = [row["score"] for row in rows]
    assert scores == sorted(scores, reverse=True)


def test_parts_add_up_to_the_score(ask: Ask) -> None:
    for row in ask.rows("recommend", 2, 3, "--why"):
        assert list(row) == [*COLUMNS, "why"]
        assert row["embedding"] + row["friends"] + row["tags"] == pytest.approx(row["score"])
        assert sum(part["value"] for part in row["why"]) == pytest.approx(row["score"], abs=1e-6)
        assert all(list(part) == ["kind", "id", "name", "value"] for part in row["why"])
        assert {part["kind"] for part in row["why"]} <= {"listen", "friend", "you", "tag"}
        values = [part["value"] for part in row["why"]]
        assert values == sorted(values, reverse=True)


def test_several_users_in_the_order_given_each_once(ask: Ask) -> None:
    rows = ask.rows("recommend", 3, 2, 3, "-k", 2)
    assert [row["user"] for row in rows] == [3, 3, 2, 2]


def test_everybody_gets_k_and_the_same_as_alone(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    ask("recommend", "--all", "-k", 3, "--why", "-o", file)
    rows = json.loads(file.read_text(encoding="utf-8"))
    assert set(Counter(row["user"] for row in rows).values()) == {3}
    assert len(rows) == 3 * 300
    alone = ask.rows("recommend", 2, "-k", 3)
    together = [row for row in rows if row["user"] == 2]
    assert [row["artist"] for row in together] == [row["artist"] for row in alone]
    for row in together:
        assert sum(part["value"] for part in row["why"]) == pytest.approx(row["score"], abs=1e-5)


def test_nobody_or_both_is_wrong_usage(ask: Ask) -> None:
    assert "--all" in ask("recommend", code=2).stderr
    assert "--all" in ask("recommend", 2, "--all", code=2).stderr


def test_more_than_there_are_says_so(ask: Ask) -> None:
    known = heard(ask, 2)
    result = ask("recommend", 2, "-k", 1_000_000, "--format", "jsonl")
    assert len(result.stdout.splitlines()) == 800 - len(known)
    assert f"only {800 - len(known)} artists are left" in result.stderr


@pytest.mark.parametrize("k", [0, -1, "x", 99999999999999999999])
def test_k_that_is_no_count_is_wrong_usage(ask: Ask, k: object) -> None:
    assert "'-k'" in ask("recommend", 2, f"-k{k}", code=2).stderr


@pytest.mark.parametrize("novelty", ["-0.1", "1.1", "nan", "inf", "much"])
def test_novelty_out_of_range_is_wrong_usage(ask: Ask, novelty: str) -> None:
    assert "'--novelty'" in ask("recommend", 2, f"--novelty={novelty}", code=2).stderr


def test_novelty_prefers_the_less_known(ask: Ask) -> None:
    listeners = {
        row["artist"]: row["listeners"]
        for row in ask.rows("query", "run", "top-artists", "-p", "k=1000")
    }
    plain, novel = (
        sum(listeners[row["artist"]] for row in ask.rows("recommend", 2, "--novelty", novelty))
        for novelty in (0, 1)
    )
    assert novel < plain


def test_include_known_also_gives_what_is_heard(ask: Ask) -> None:
    rows = ask.rows("recommend", 2, "--include-known")
    assert {row["artist"] for row in rows} & heard(ask, 2)


@pytest.mark.parametrize("tag", ["jazz", "11", "JÁZZ"])
def test_tag_by_name_id_and_case(ask: Ask, tag: str) -> None:
    plain = [row["artist"] for row in ask.rows("recommend", 2, "-k", 1000)]
    only = {row["artist"] for row in ask.rows("recommend", 2, "-k", 1000, "--tag", tag)}
    without = {row["artist"] for row in ask.rows("recommend", 2, "-k", 1000, "--exclude-tag", tag)}
    assert only
    assert without
    assert only | without == set(plain)
    assert not only & without


def test_tag_by_part_names_the_others(ask: Ask) -> None:
    note = ask("recommend", 2, "--tag", "jaz").stderr
    assert "'jaz' is taken for 'jazz'; also " in note
    assert "energetic jazz" in note


def test_two_tags_are_both_wanted(ask: Ask) -> None:
    both = ("--tag", "jazz", "--tag", "energetic jazz")
    chosen = {row["artist"] for row in ask.rows("recommend", 2, "-k", 1000, *both)}
    for tag in ("jazz", "energetic jazz"):
        assert chosen <= {
            row["artist"] for row in ask.rows("recommend", 2, "-k", 1000, "--tag", tag)
        }


def test_unknown_tag_gets_suggestions(ask: Ask) -> None:
    error = ask("recommend", 2, "--tag", "jazzz", code=1).stderr
    assert error == "Error: there is no tag 'jazzz' in the graph; did you mean 'jazz'?\n"


def test_nothing_left_says_so_and_prints_headers(ask: Ask) -> None:
    result = ask("recommend", 2, 3, "--tag", "jazz", "--exclude-tag", "jazz")
    assert result.stdout.split() == COLUMNS
    assert "to user 2" in result.stderr
    assert "to user 3" in result.stderr
    assert "leaves none of the" in result.stderr


def test_signals_leave_the_others_out(ask: Ask) -> None:
    for row in ask.rows("recommend", 2, "--signals", "friends, tags"):
        assert row["embedding"] == 0
        assert row["score"] == pytest.approx(row["friends"] + row["tags"])
    for row in ask.rows("recommend", 2, "--signals", "embedding", "--why"):
        assert {part["kind"] for part in row["why"]} == {"listen", "friend", "you"}


@pytest.mark.parametrize("signals", ["nope", "friends,nope", ","])
def test_unknown_signal_is_wrong_usage(ask: Ask, signals: str) -> None:
    assert "embedding, friends, tags" in ask("recommend", 2, "--signals", signals, code=2).stderr


@pytest.mark.parametrize(
    "user",
    [
        "9999",
        "nobody",
        "",
        "' OR 1=1 //",
        '"}) DETACH DELETE u //',
        "😀",
        "𝕏",
        "9" * 30,
        "--5",
        "-5",
        "²",
    ],
)
def test_unknown_user_is_said_with_those_there_are(ask: Ask, user: str) -> None:
    error = ask("recommend", "--", user, code=1).stderr
    assert error.startswith("Error: there is no user")
    assert "300 users run from 1 to 300" in error
    assert ask.rows("info")[0] == {"kind": "User", "count": 300}


def test_before_training_says_what_to_do(small: Path) -> None:
    run("load", small)
    for words in (("recommend", 2), ("recommend", "--all"), ("similar-users", 2)):
        assert "tastegraph train" in run(*words, code=1).stderr


def test_after_another_load_it_says_that_the_model_is_old(demo_store: Path, tmp_path: Path) -> None:
    ask = Ask(tmp_path / "store")
    shutil.copytree(demo_store, tmp_path / "store", ignore=shutil.ignore_patterns("owner*"))
    assert ask("recommend", 2).stderr == ""
    table = tmp_path / "listens.csv"
    # More people than a load folds in by itself.
    rows = "".join(f"{user},1,5\n{user},2,7\n" for user in range(900, 930))
    table.write_text(f"user,artist,plays\n{rows}", encoding="utf-8")
    ask("load", table)
    result = ask("recommend", 2)
    assert columns(result) == COLUMNS
    assert "the graph has changed since the model was trained" in result.stderr
    assert ask.hint("train'") in result.stderr
    newcomer = ask("recommend", 900)
    assert "the model knows nothing of user 900" in newcomer.stderr
    assert len(newcomer.stdout.splitlines()) == 11
    assert "problem" in ask("doctor", code=1).stdout
