"""``recommend`` with conditions and diversity, ``hide`` and ``unhide``."""

import csv
import io
import os
import subprocess
from pathlib import Path

import pytest

from tests.commands.running import Ask, start


def test_where_compares_numbers_as_numbers(ask: Ask) -> None:
    listeners = {
        row["artist"]: row["listeners"]
        for row in ask.rows("query", "run", "top-artists", "-p", "k=1000")
    }
    for sign, holds in (
        (">=9", lambda count: count >= 9),
        ("=9", lambda count: count == 9),
        ("<10", lambda count: count < 10),
    ):
        rows = ask.rows("recommend", 2, "-k", 20, "--where", f"listeners{sign}")
        assert len(rows) > 5
        assert all(holds(listeners[row["artist"]]) for row in rows)


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("listener>3", "artists have no property 'listener'; did you mean 'listeners'?; they have"),
        ("embedding=1", "artists have no property 'embedding'"),
        ("a'] OR true //=1", "artists have no property"),
        ("listeners>many", "listeners of an artist is a number, not 'many'"),
        ("listeners>nan", "listeners of an artist is a number, not 'nan'"),
        (f"listeners>={'9' * 5_000}", "listeners of an artist is a number, not '999"),
        ("listeners", "'listeners' is no condition"),
        ("=3", "'=3' is no condition"),
        ("zzz=5", "'zzz'; they have band, id, listeners, name, plays\n"),
        ("norm>1", "artists have no property 'norm'; "),
        ("tagNorm=x", "artists have no property 'tagNorm'; "),
        ("nameKey=x", "artists have no property 'nameKey'; did you mean 'name'?"),
        ("listeners=5=", "a number, not '5='"),
    ],
)
def test_conditions_that_are_none(ask: Ask, condition: str, message: str) -> None:
    assert message in ask("recommend", 2, "--where", condition, code=1).stderr


def test_a_number_that_no_database_holds_compares_as_one(ask: Ask) -> None:
    nines = "9" * 30
    assert ask.rows("recommend", 2, "--where", f"listeners>={nines}") == []
    all_of_them = ask.rows("recommend", 2, "--where", f"listeners>-{nines}")
    # The embedded store adds in another order each time.
    plain = ask.rows("recommend", 2)
    assert [row["artist"] for row in all_of_them] == [row["artist"] for row in plain]


def test_weights_beyond_all_measure_are_wrong_usage(ask: Ask) -> None:
    error = ask("recommend", 2, "--weights", "tags=1e40", code=2).stderr
    assert "a number from 0 to 1,000,000" in error


def test_an_id_that_begins_with_a_dash_is_none_here(ask: Ask) -> None:
    assert "--5" in ask("hide", 2, "--", "--5", code=1).stderr
    assert "--5" in ask("hide", "--", "--5", 7, code=1).stderr


def test_two_equals_signs_are_one(ask: Ask) -> None:
    assert ask.rows("recommend", 2, "--where", "band==tail") == ask.rows(
        "recommend", 2, "--where", "band=tail"
    )
    assert "'band=tail'" in ask("recommend", 2, "--why-not", 725, "--where", "band == tail").stderr


def test_why_not_names_the_filter_and_gives_the_place_without_it(ask: Ask) -> None:
    best = ask.rows("recommend", 2, "-k", 3)[2]
    for words, told in (
        (("--where", "listeners>=10000"), "--where 'listeners>=10000' leaves it out"),
        (("--exclude-tag", "dream pop"), "--exclude-tag 'dream pop' leaves it out"),
    ):
        result = ask("recommend", 2, "--why-not", best["artist"], *words, "--format", "csv")
        assert told in result.stderr
        assert "This is its place without that" in result.stderr
        (row,) = csv.DictReader(io.StringIO(result.stdout))
        assert (row["artist"], row["rank"]) == (str(best["artist"]), "3")


def test_why_not_of_a_hidden_artist_says_how_to_bring_it_back(change: Ask) -> None:
    artist = change.rows("recommend", 3, "-k", 1)[0]["artist"]
    change("hide", 3, artist)
    result = change("recommend", 3, "--why-not", artist, "--format", "csv")
    assert f"unhide 3 {artist}' brings it back" in result.stderr
    assert f",{artist}," in result.stdout
    change("unhide", 3, artist)


def test_one_and_all_get_the_same(ask: Ask) -> None:
    options = ("--where", "listeners>=3", "--diversity", "0.4", "-k", 5)
    alone = ask.rows("recommend", 2, 7, *options)
    everybody = list(
        csv.DictReader(io.StringIO(ask("recommend", "--all", *options, "--format", "csv").stdout))
    )
    assert len(everybody) == 5 * 300
    together = [row for row in everybody if row["user"] in ("2", "7")]
    assert [int(row["artist"]) for row in together] == [row["artist"] for row in alone]


def test_bands_of_listeners(ask: Ask) -> None:
    listeners = {
        row["artist"]: row["listeners"]
        for row in ask.rows("query", "run", "top-artists", "-p", "k=1000")
    }
    heads, tails = (
        [listeners[row["artist"]] for row in ask.rows("recommend", 2, "--where", f"band={band}")]
        for band in ("head", "tail")
    )
    assert len(heads) == len(tails) == 10
    assert min(heads) > max(tails)


def test_filters_that_leave_nothing_are_named(ask: Ask) -> None:
    note = ask("recommend", 2, "--tag", "jazz", "--where", "listeners<0").stderr
    assert "--where 'listeners<0' leaves none of the" in note
    assert "artists that --tag 'jazz' left" in note


def test_hidden_artists_are_listed_and_stay_away(change: Ask) -> None:
    best = change.rows("recommend", 2, "-k", 2)
    shown = change.rows("hide", 2, best[0]["artist"])
    assert [row["artist"] for row in shown] == [best[0]["artist"]]
    assert change.rows("hide", 2) == shown
    assert "was hidden from user 2 before" in change("hide", 2, best[0]["name"]).stderr
    assert change.rows("recommend", 2, "-k", 1)[0]["artist"] == best[1]["artist"]
    together = change.rows("recommend", "--all", "-k", 1)
    assert next(row for row in together if row["user"] == 2)["artist"] == best[1]["artist"]
    change("unhide", 2, best[0]["artist"])
    assert change.rows("hide", 2) == []
    assert "was not hidden" in change("unhide", 2, best[0]["artist"]).stderr
    assert change.rows("recommend", 2, "-k", 1)[0]["artist"] == best[0]["artist"]
    assert "there is no artist" in change("hide", 2, "Nobody Ever", code=1).stderr


def test_forgetting_asks_first_and_says_what_it_did(change: Ask) -> None:
    before = change.rows("info")
    Path("one.csv").write_text("user,artist,plays\n901,1,5\n", encoding="utf-8")
    change("load", "one.csv")
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    words = ("--store", change.place, "forget", 901)
    with start(*words, stdin=theirs, stderr=subprocess.PIPE) as asking:
        os.close(theirs)
        os.write(ours, b"n\n")
        _, said = asking.communicate(timeout=60)
    os.close(ours)
    assert asking.returncode == 1
    assert "Remove user 901 and all that is theirs" in said
    assert change.rows("info") != before
    note = change("forget", 901, "--yes").stderr
    assert "user 901 is forgotten" in note
    assert "a load of their files brings them back" in note
    assert change.rows("info") == before
    assert "there is no user 901" in change("forget", 901, "--yes", code=1).stderr


def test_back_to_an_earlier_model(change: Ask) -> None:
    first = next(row["model"] for row in change.rows("models", "list") if row["current"])
    # As it was trained: others may have updated it.
    change("models", "use", first)
    best = change.rows("recommend", 2, "-k", 3)
    change("train", "--algorithm", "als", "--dimensions", 4, "--epochs", 2)
    kept = change.rows("models", "list")
    assert first in [row["model"] for row in kept if not row["current"]]
    assert f"{first} is in use" in change("models", "use", first).stderr
    again = change.rows("recommend", 2, "-k", 3)
    assert [row["artist"] for row in again] == [row["artist"] for row in best]
    assert again[0]["score"] == pytest.approx(best[0]["score"], abs=1e-5)
    change("models", "remove", kept[0]["model"])
    assert kept[0]["model"] not in [row["model"] for row in change.rows("models", "list")]
    assert "; kept are " in change("models", "use", "nothing", code=1).stderr
