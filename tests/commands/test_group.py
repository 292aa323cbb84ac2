"""``recommend --group`` and ``compare-users``: several people on the command line."""

import json
import re
from pathlib import Path

import pytest

from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.ingest.ingest import ingest
from tests.commands.running import Ask, columns, from_csv
from tests.contract.frames import frames

WAYS = ("mean", "least-misery", "most-pleasure")
COLUMNS = ["rank", "artist", "name", "score", "members"]
COMPARED = ["section", "user", "rank", "id", "name", "value", "plays", "other_plays"]


@pytest.mark.parametrize("way", WAYS)
def test_one_list_with_everybodys_scores(ask: Ask, way: str) -> None:
    rows = ask.rows("recommend", 2, 10, 7, "--group", way, "-k", 12)
    assert list(rows[0]) == COLUMNS
    assert [row["rank"] for row in rows] == list(range(1, 13))
    assert all(1 >= row["score"] >= 0 for row in rows)
    everything = {
        user: {row["artist"]: row for row in ask.rows("recommend", user, "-k", 800, "--exact")}
        for user in (2, 10, 7)
    }
    for row in rows:
        assert [member["user"] for member in row["members"]] == [2, 10, 7]
        for member in row["members"]:
            alone = everything[member["user"]][row["artist"]]
            for name in ("score", "embedding", "friends", "tags"):
                assert member[name] == pytest.approx(alone[name], abs=1e-6)


@pytest.mark.parametrize("way", WAYS)
def test_a_group_of_one_gets_the_same_list(ask: Ask, way: str) -> None:
    for options in ((), ("--tag", "jazz"), ("--novelty", 0.3), ("--signals", "tags")):
        alone = ask.rows("recommend", 2, *options)
        group = ask.rows("recommend", 2, 2, "--group", way, *options)
        assert [row["artist"] for row in group] == [row["artist"] for row in alone]
        scores = [row["score"] for row in alone]
        assert [row["score"] for row in group] == pytest.approx(scores, abs=1e-6)


def test_reasons_of_each_add_up_to_their_score(ask: Ask) -> None:
    row = ask.rows("recommend", 2, 10, "--group", "mean", "-k", 1, "--why")[0]
    assert list(row) == [*COLUMNS, "why"]
    for member in row["members"]:
        parts = [part for part in row["why"] if part["user"] == member["user"]]
        assert [*parts[0]] == ["user", "kind", "id", "name", "value"]
        assert sum(part["value"] for part in parts) == pytest.approx(member["score"], abs=1e-5)
    table = ask("recommend", 2, 10, "--group", "mean", "-k", 1, "--why").stdout
    assert re.search(r"  2: .* \(0\.\d+\); 10: .* \(0\.\d+\)$", table, re.MULTILINE)
    assert f"2: {row['members'][0]['score']:.4f}, 10: {row['members'][1]['score']:.4f}" in table


@pytest.mark.parametrize("format_", ["table", "csv", "tsv", "json", "jsonl"])
def test_every_format_has_the_same_columns(ask: Ask, format_: str) -> None:
    words = ("recommend", 2, 10, "--group", "mean", "-k", 2)
    result = ask(*words, "--format", format_)
    if format_ == "table":
        assert columns(result) == COLUMNS
    elif format_ in ("csv", "tsv"):
        (first, _) = from_csv(result.stdout, "," if format_ == "csv" else "\t")
        assert json.loads(first["members"])[1]["user"] == 10
    else:
        first = json.loads(result.stdout if format_ == "json" else result.stdout.splitlines()[0])
        assert list(first[0] if format_ == "json" else first) == COLUMNS


def test_filters_and_knobs_go_on_working(ask: Ask) -> None:
    listeners = {
        row["artist"]: row["listeners"]
        for row in ask.rows("query", "run", "top-artists", "-p", "k=1000")
    }
    words = ("recommend", 2, 10, "--group", "least-misery")
    rows = ask.rows(*words, "--where", "listeners<9", "--tag", "jazz")
    assert rows
    assert all(listeners[row["artist"]] < 9 for row in rows)
    plain = [row["artist"] for row in ask.rows(*words)]
    for knob in (("--novelty", 0.8), ("--diversity", 0.7), ("--weights", "tags=1")):
        changed = [row["artist"] for row in ask.rows(*words, *knob)]
        assert len(changed) == 10
        assert changed != plain
    assert [row["artist"] for row in ask.rows(*words, "--exact")] == plain


def test_fewer_than_asked_for_is_said(ask: Ask) -> None:
    result = ask("recommend", 2, 10, "--group", "mean", "-k", 900, "--format", "jsonl")
    left = len(result.stdout.splitlines())
    assert 600 < left < 750
    assert f"only {left} artists are left to recommend to 2, 10 together" in result.stderr
    nothing = ask("recommend", 2, 10, "--group", "mean", "--where", "listeners<0")
    assert nothing.stdout.split() == COLUMNS
    assert "--where 'listeners<0' leaves none of all artists" in nothing.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--all", "--group", "mean"), "neither --all nor --why-not"),
        ((2, 10, "--group", "mean", "--why-not", 7), "neither --all nor --why-not"),
        ((2, 10, "--group", "median"), "'median' is not one of 'mean'"),
        (("--group", "mean"), "Give the ids of users"),
    ],
    ids=str,
)
def test_what_makes_no_list_is_wrong_usage(
    ask: Ask, words: tuple[object, ...], message: str
) -> None:
    assert message in ask("recommend", *words, code=2).stderr


def test_two_people_are_compared(ask: Ask) -> None:
    rows = ask.rows("compare-users", 2, 50, "-k", 3)
    assert list(rows[0]) == COMPARED
    found = {row["name"]: row["value"] for row in rows if row["section"] == "likeness"}
    near = {row["user"]: row for row in ask.rows("similar-users", 2, "-k", 299)}
    assert found["similarity"] == pytest.approx(near[50]["similarity"])
    shared = [row for row in rows if row["section"] == "shared artists"]
    assert [row["name"] for row in shared] == near[50]["shared"][:3]
    both = ask.rows("query", "run", "common-artists", "-p", "k=1000")
    assert found["shared_artists"] == len(both) > 3
    assert 0 < found["jaccard"] < found["overlap"] < 1
    tags = [row["value"] for row in rows if row["section"] == "shared tags"]
    assert 0 < sum(tags) < found["tag_similarity"] <= 1
    for user, column in ((2, "plays"), (50, "other_plays")):
        might = [row for row in rows if (row["section"], row["user"]) == ("might like", user)]
        assert [row["rank"] for row in might] == [1, 2, 3]
        assert all(row[column] is None for row in might)
        ranking = [row["artist"] for row in ask.rows("recommend", user, "-k", 800)]
        places = [ranking.index(row["id"]) for row in might]
        assert places == sorted(places)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".json", ".jsonl", ".parquet"])
def test_a_comparison_is_written_in_every_format(ask: Ask, suffix: str) -> None:
    ask("compare-users", 2, 50, "-o", f"two{suffix}")
    assert Path(f"two{suffix}").stat().st_size > 0


def test_nobody_is_compared_with_themselves_or_with_nobody(ask: Ask) -> None:
    assert "the same person: name two" in ask("compare-users", 2, "id:2", code=1).stderr
    assert "there is no user 9999" in ask("compare-users", 2, 9999, code=1).stderr
    ask("compare-users", 2, code=2)


def test_a_comparison_needs_no_model(tmp_path: Path) -> None:
    source = frames(["me", "you"], [("a", "Air"), ("b", "Beck")], [], [("me", "a", 2)])
    with open_store(Settings.of(tmp_path / "store")) as store:
        ingest(store, source)
        ask = Ask(tmp_path / "store")
        result = ask("compare-users", "me", "you", "--format", "csv")
    assert "no model has been trained" in result.stderr
    assert result.stderr.count("Note: ") == 1
    rows = {row["name"]: row["value"] for row in from_csv(result.stdout)}
    assert (rows["similarity"], rows["shared_artists"]) == ("", "0")
