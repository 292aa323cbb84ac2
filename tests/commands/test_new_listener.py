"""``new-listener``, ``update`` and ``recommend --why-not`` as they are typed."""

import json
from _thread import interrupt_main
from pathlib import Path

import pytest

from tests.commands.running import Ask
from tests.spotify import Spotify

COLUMNS = ["rank", "artist", "name", "score", "why"]


def test_likes_and_friends(ask: Ask) -> None:
    rows = ask.rows("new-listener", "--like", 1, "--like", 7, "--friend", 2, "-k", 5)
    assert list(rows[0]) == COLUMNS
    assert [row["rank"] for row in rows] == [1, 2, 3, 4, 5]
    assert not {1, 7} & {row["artist"] for row in rows}
    for row in rows:
        assert sum(part["value"] for part in row["why"]) == pytest.approx(row["score"], abs=1e-4)
    assert ask.rows("info")[0] == {"kind": "User", "count": 300}


def test_a_sheet_of_the_most_listened_is_marked_and_read(ask: Ask, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    ask("new-listener", "--sheet-template", sheet, "--sheet-count", 12)
    lines = sheet.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 13
    lines[3] = lines[3][:-1] + "1"
    lines.append("nobody at all of this name,1")
    sheet.write_text("\n".join(lines), encoding="utf-8")
    result = ask("new-listener", "--sheet", sheet, "--format", "json")
    assert "there is no artist 'nobody at all of this name'" in result.stderr
    assert len(json.loads(result.stdout)) == 10
    known = lines[3].rpartition(",")[0].strip('"')
    assert json.loads(result.stdout) == ask.rows("new-listener", "--like", known)


def test_a_sheet_with_a_very_long_field_is_refused_in_a_sentence(ask: Ask, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(f"name,Like\n{'x' * 200_000},1\n", encoding="utf-8")
    error = ask("new-listener", "--sheet", sheet, code=1).stderr
    assert "sheet.csv, line 2: field larger than field limit" in error
    assert len(error) < 2_000


def test_less_like_something_is_a_reason_and_not_recommended(ask: Ask, tmp_path: Path) -> None:
    best = ask.rows("new-listener", "--like", 1, "--like", 7)[0]
    asked = ("new-listener", "--like", 1, "--like", 7, "--dislike", best["artist"])
    rows = ask.rows(*asked)
    assert best["artist"] not in [row["artist"] for row in rows]
    for row in rows:
        (less,) = [part for part in row["why"] if part["kind"] == "dislike"]
        assert (less["id"], less["name"]) == (best["artist"], best["name"])
        assert sum(part["value"] for part in row["why"]) == pytest.approx(row["score"], abs=1e-4)
    told = [row for id_ in (1, 7) for row in ask.rows("show", "artist", f"id:{id_}")]
    names = [row["value"] for row in told if row["what"] == "name"]
    sheet = tmp_path / "sheet.csv"
    lines = ["name,Like", *(f'"{name}",1' for name in names), f'"{best["name"]}",-1']
    sheet.write_text("\n".join(lines), encoding="utf-8")
    assert ask.rows("new-listener", "--sheet", sheet) == rows


def test_what_is_disliked_is_hidden_from_who_is_saved(change: Ask) -> None:
    asked = ("new-listener", "--like", 1, "--dislike", 7, "--save", 951)
    first = change(*asked, "--format", "json")
    assert "kept as user 951, from whom" in first.stderr
    assert [row["artist"] for row in change.rows("hide", 951)] == [7]
    again = change.rows("recommend", 951)
    assert [row["artist"] for row in again] == [row["artist"] for row in json.loads(first.stdout)]


def test_dislikes_that_cant_be_are_said(ask: Ask) -> None:
    def said(*words: object, code: int = 1) -> str:
        return ask("new-listener", *words, code=code).stderr

    assert "both liked and disliked" in said("--like", 1, "--dislike", 1)
    assert "beside those of --dislike" in said("--dislike", 1)
    assert "no artist 'xyzzyx'" in said("--like", 1, "--dislike", "xyzzyx", code=0)
    assert "nothing to take away" in said("--like", 1, "--dislike", 7, "--method", "neighbours")


def test_neighbours_are_the_reasons_of_their_method(ask: Ask) -> None:
    rows = ask.rows("new-listener", "--like", 1, "--like", 7, "--method", "neighbours")
    assert {"neighbour"} <= {part["kind"] for row in rows for part in row["why"]}


def test_nothing_to_go_by_is_said(ask: Ask, tmp_path: Path) -> None:
    assert "name artists with --like" in ask("new-listener", code=1).stderr
    assert "there is no artist 'xyzzyx'" in ask("new-listener", "--like", "xyzzyx", code=1).stderr
    export = tmp_path / "top.json"
    export.write_text("{}", encoding="utf-8")
    assert "no export of Spotify's" in ask("new-listener", "--spotify", export, code=1).stderr
    assert "there is no user 999" in ask("new-listener", "--friend", 999, code=1).stderr
    assert "nobody has" in ask("new-listener", "--like", 1, "--save", 2, code=1).stderr


def test_an_account_is_asked_once_all_else_is_right(ask: Ask, spotify: Spotify) -> None:
    spotify.artists = [row["name"] for row in ask.rows("query", "run", "top-artists")][:3]
    result = ask("--quiet", "new-listener", "--spotify-account", "--format", "json")
    likes = [word for name in spotify.artists for word in ("--like", name)]
    assert json.loads(result.stdout) == ask.rows("new-listener", *likes)
    assert "go to\n\n  https://accounts.spotify.com/authorize?" in result.stderr
    ask("new-listener", "--spotify-account", "long", "-k", 1)
    assert spotify.spans == ["medium_term", "long_term"]
    for wrong in (("--save", 2), ("--friend", 999), ("--sheet", "none.csv")):
        assert "Spotify" not in ask("new-listener", "--spotify-account", *wrong, code=1).stderr


def test_ctrl_c_at_sign_in_ends_quietly(
    ask: Ask, spotify: Spotify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda url: interrupt_main())
    result = ask("new-listener", "--spotify-account", code=130)
    assert result.stderr.rstrip().splitlines()[-1].startswith("  https://accounts.spotify.com/")


def test_who_is_saved_is_recommended_to_and_needs_no_update(change: Ask) -> None:
    change("update")
    first = change.rows("new-listener", "--like", 1, "--like", 7, "--save", 950)
    again = change.rows("recommend", 950, "--why")
    assert [row["artist"] for row in again] == [row["artist"] for row in first]
    assert change.rows("update")[0] == {"kind": "user", "changed": 0, "updated": 0}
    assert "model" not in change("recommend", 950).stderr


def test_why_not_says_where_an_artist_stands(ask: Ask) -> None:
    best = ask.rows("recommend", 2, "-k", 20)
    result = ask("recommend", 2, "--why-not", best[14]["artist"], "--format", "json")
    (row,) = json.loads(result.stdout)
    assert row["artist"] == best[14]["artist"]
    assert row["rank"] == pytest.approx(15, abs=1)
    values = [part["value"] for part in row["why"]]
    assert values == sorted(values)
    assert sum(values) == pytest.approx(row["score"], abs=1e-4)
    assert "stands at" in result.stderr
    assert "--why-not" in ask("recommend", "--all", "--why-not", "x", code=2).stderr
