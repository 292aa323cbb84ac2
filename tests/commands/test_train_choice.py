"""``train`` chooses settings, keeps the choice, and uses it again while the data is alike."""

import json

from tests.commands.running import Ask

AGAIN = "are used again, since the data is much the same"


def figures(ask: Ask, *words: object) -> dict[str, object]:
    return {row["metric"]: row["value"] for row in ask.rows("train", *words)}


def test_a_choice_is_reported_kept_and_used_again(change: Ask) -> None:
    first = change("train", "--algorithm", "als", "--anew", "--format", "json")
    found = {row["metric"]: row["value"] for row in json.loads(first.stdout)}
    assert found["trials"] >= 3
    assert found["reached_chosen"] > found["reached_popularity"]
    assert AGAIN not in first.stderr
    assert "that nothing was chosen by" in first.stderr
    rows = change.rows("query", "run", "model-card")
    again = change("train", "--algorithm", "als", "--seed", 3)
    assert AGAIN in again.stderr
    assert change.rows("query", "run", "model-card")[0]["parameters"] == rows[0]["parameters"]
    anew = change("train", "--algorithm", "als", "--anew")
    assert AGAIN not in anew.stderr
    other = change("train", "--algorithm", "als", "--set", "reg=0.5")
    assert AGAIN not in other.stderr
    assert "set by hand: reg=0.5" in other.stderr
    assert '"reg": 0.5' in change.rows("query", "run", "model-card")[0]["parameters"]


def test_off_takes_the_settings_as_they_are(change: Ask) -> None:
    found = figures(change, "--algorithm", "als", "--tune", "off", "--dimensions", 8)
    assert "trials" not in found
    assert found["dimensions"] == 8


def test_a_time_limit_too_short_for_a_trial(change: Ask) -> None:
    said = change("train", "--algorithm", "als", "--minutes", "0.0000001", "--anew").stderr
    assert "too short for a trial" in said


def test_nothing_left_to_choose_is_said(change: Ask) -> None:
    fixed = ("reg=0.1", "unobserved=0.1", "dimensions=8")
    words = [word for each in fixed for word in ("--set", each)]
    said = change("train", "--algorithm", "als", *words, "--weights", "embedding=1").stderr
    assert "all settings and weights are set by hand" in said


def test_a_model_whose_settings_are_not_chosen_says_so_where_it_is_asked_to(change: Ask) -> None:
    quick = ("--algorithm", "mf", "--set", "epochs=3", "--weights", "embedding=1")
    assert "tune --algorithm mf" in change("train", *quick, "--tune", "quick").stderr
    assert "tune --algorithm mf" not in change("train", *quick).stderr


def test_wrong_usage(ask: Ask) -> None:
    ask("train", "--tune", "slowly", code=2)
    ask("train", "--minutes", 0, code=2)
