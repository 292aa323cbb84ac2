"""What all commands do alike: global options anywhere, short forms, old names, files, hints."""

import ast
import json
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tastegraph.api.connection import note_on_stderr
from tastegraph.cli import cli
from tastegraph.commands.session import Session
from tests.commands.running import Ask, columns, run
from tests.neo4j_packages import ROOT


def test_global_options_stand_after_the_command_as_well(ask: Ask) -> None:
    before = ask("recommend", 2).stdout
    assert run("recommend", 2, "--store", ask.place).stdout == before
    assert run("recommend", "--store", ask.place, 2).stdout == before
    assert run("query", "run", "user-listens", "--store", ask.place).stdout
    # The nearer one counts.
    assert run("--store", "./typo", "recommend", 2, "--store", ask.place).stdout == before


def test_quiet_and_verbose_stand_after_the_command_as_well(ask: Ask) -> None:
    words = ("recommend", 2, "--tag", "jaz", "--store", ask.place)
    assert run(*words).stderr.startswith("Note: ")
    assert run(*words, "-q").stderr == ""
    verbose = run("recommend", 9999, "--store", ask.place, "-v", code=1).stderr
    assert verbose.startswith("Traceback ")
    assert "\nError: there is no user 9999" in verbose


def test_a_database_is_said_after_the_command_as_well(tmp_path: Path) -> None:
    error = run("info", "--store", tmp_path / "none", "--database", "mine", code=1).stderr
    assert "--database mine load PATH'" in error


@pytest.mark.parametrize("words", [(), ("recommend",), ("query",), ("query", "run")])
def test_h_is_help(words: tuple[str, ...]) -> None:
    assert run(*words, "-h").stdout == run(*words, "--help").stdout


def test_json_is_the_format_json(ask: Ask, small: Path) -> None:
    assert ask("info", "--json").stdout == ask("info", "--format", "json").stdout
    loaded = run("load", small, "--dry-run", "--json").stdout
    assert loaded == run("load", small, "--dry-run", "--output-format", "json").stdout
    assert json.loads(loaded)[0]["kind"] == "users"


@pytest.mark.parametrize(
    "words",
    [("recommend", 2), ("similar-artists", 7), ("similar-users", 2), ("search", "jazz")],
    ids=str,
)
def test_count_is_the_long_form_of_k(ask: Ask, words: tuple[object, ...]) -> None:
    counted, short = ask.rows(*words, "--count", 3), ask.rows(*words, "-k", 3)
    assert len(counted) == 3
    assert [[*row.values()][:3] for row in counted] == [[*row.values()][:3] for row in short]


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        (
            ("suggest-friends", 2, "--taste-weight", 0.5),
            ("suggest-friends", 2, "--similarity-weight", 0.5),
            "--taste-weight is called --similarity-weight now",
        ),
        (
            ("suggest-friends", 2, "--taste-weight=0.5"),
            ("suggest-friends", 2, "--similarity-weight=0.5"),
            "--taste-weight is called --similarity-weight now",
        ),
        (("communities", "--user", 2), ("communities", 2), "its value stands by itself"),
        (("communities", "--user=2"), ("communities", 2), "its value stands by itself"),
        (("tag-precision", "--user", 2), ("tag-precision", 2), "its value stands by itself"),
        (
            ("tag-precision", "--user", 2, "-k", 3),
            ("tag-precision", "-k", 3, "--", 2),
            "its value stands by itself",
        ),
    ],
    ids=str,
)
def test_old_names_of_options_work_and_say_the_new_one(
    ask: Ask, old: tuple[object, ...], new: tuple[object, ...], note: str
) -> None:
    found = ask(*old)
    assert found.stdout == ask(*new).stdout
    assert note in found.stderr
    assert "the old name goes with the next release" in found.stderr
    assert note not in ask(*new).stderr


def test_old_names_of_the_picture_and_the_sheet(ask: Ask) -> None:
    # Wherever it stood, the value is not taken for the kind.
    note = ask("plot", "--user", 2, "reasons", "-k", 2, "-o", "a.svg").stderr
    assert "--user is not needed" in note
    ask("plot", "reasons", 2, "-k", 2, "-o", "b.svg")
    assert Path("a.svg").read_bytes() == Path("b.svg").read_bytes()
    for words in (("-n", 3), ("-n3",)):
        note = ask("new-listener", "--sheet-template", "sheet.csv", *words).stderr
    assert "-n is called --sheet-count now" in note
    assert len(Path("sheet.csv").read_text(encoding="utf-8").splitlines()) == 4


def test_the_old_format_of_a_load_is_that_of_its_output(small: Path) -> None:
    found = run("load", small, "--dry-run", "--format", "csv")
    assert "--format csv says how to print: it is called --output-format now" in found.stderr
    assert found.stdout == run("load", small, "--dry-run", "--output-format", "csv").stdout
    assert "|csv" not in run("load", "-h").stdout.split("--format")[1].split("--listens")[0]


def test_what_was_written_is_said(ask: Ask) -> None:
    assert ask("recommend", 2, "-k", 3, "-o", "three.csv").stderr == "Note: three.csv has 3 rows\n"
    assert ask("-q", "recommend", 2, "-o", "three.csv").stderr == ""


def test_search_finds_by_any_spelling(ask: Ask) -> None:
    rows = ask.rows("search", "JÁZZ")
    assert list(rows[0]) == ["kind", "id", "name", "match", "listeners"]
    assert (rows[0]["kind"], rows[0]["name"], rows[0]["match"]) == ("tag", "jazz", "same letters")
    assert {row["match"] for row in rows[1:]} == {"part"}
    assert ask.rows("search", "jazz")[0]["match"] == "exact"
    assert ask.rows("search", 2)[0] == {
        **{"kind": "user", "id": 2, "name": None, "match": "exact"},
        "listeners": 50,
    }
    assert {row["match"] for row in ask.rows("search", "jazzz")} == {"near"}


def test_search_that_finds_nothing_says_so(ask: Ask) -> None:
    nothing = ask("search", "zzzzzzzz")
    assert columns(nothing) == ["kind", "id", "name", "match", "listeners"]
    assert "nothing in the graph is called like 'zzzzzzzz'" in nothing.stderr
    assert "nothing to search for" in ask("search", " ", code=1).stderr


@pytest.mark.parametrize(
    ("words", "first", "more"),
    [
        (("user", 2), ("user", 2), {"listens", "plays most", "tags", "friends"}),
        (("artist", 7), ("artist", 7), {"name", "listeners", "plays", "band", "tags"}),
        (("tag", "jazz"), ("tag", 11), {"name", "artists", "given most"}),
    ],
)
def test_show_says_what_the_graph_knows(
    ask: Ask, words: tuple[object, ...], first: tuple[str, object], more: set[str]
) -> None:
    rows = ask.rows("show", *words, "-k", 3)
    assert next((row["what"], row["value"]) for row in rows) == first
    assert more <= {row["what"] for row in rows}
    assert all(len(row["value"]) <= 3 for row in rows if isinstance(row["value"], list))


def test_show_of_what_is_not_there(ask: Ask) -> None:
    assert "there is no user 9999" in ask("show", "user", 9999, code=1).stderr
    assert "there is no artist 'zzzz'" in ask("show", "artist", "zzzz", code=1).stderr
    assert "'user', 'artist', 'tag'" in ask("show", "song", 2, code=2).stderr


READ_ONLY = [
    *(("info",), ("doctor",), ("recommend", 2), ("recommend", "--all"), ("similar-artists", 7)),
    *(("similar-users", 2), ("search", "x"), ("show", "user", 2), ("friends", 2), ("train",)),
    *(("query", "run", "top-artists"), ("analyse",), ("plot", "friends", "-o", "a.png")),
    *(("report", "out"), ("models", "list"), ("update",), ("evaluate",), ("forget", 2, "--yes")),
]


@pytest.mark.parametrize("words", READ_ONLY, ids=str)
def test_a_mistyped_store_is_not_made(words: tuple[object, ...]) -> None:
    found = run("--store", "./my typo", *words, code=1)
    text = found.stdout + found.stderr
    assert "there is no store in ./my typo" in text
    assert "train'" not in text
    assert not Path("my typo").exists()
    assert not Path("a.png").exists()


def test_advice_about_a_mistyped_store_makes_one_when_it_is_pasted(small: Path) -> None:
    error = run("info", "--store", "my store", code=1).stderr
    advice = "tastegraph --store 'my store' load PATH"
    assert f"'{advice}'" in error
    assert "'tastegraph --store 'my store' demo'" in error
    run(*shlex.split(advice.replace("PATH", shlex.quote(str(small))))[1:])
    assert "User" in run("info", "--store", "my store").stdout


def test_hints_reach_the_same_store() -> None:
    text = "'tastegraph update' or 'tastegraph train' brings it up to date"
    assert Session("x").hints(text) == text
    other = Session("my store", database="mine", is_default=False)
    assert other.hints("do 'tastegraph train'") == (
        "do 'tastegraph --store 'my store' --database mine train'"
    )


def test_hints_of_a_store_that_is_found_need_no_store(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("load", small)
    Path("sub/deep").mkdir(parents=True)
    monkeypatch.chdir("sub/deep")
    assert "'tastegraph train'" in run("recommend", 2, code=1).stderr
    assert (
        "'tastegraph --store ../../tastegraph-store train'"
        not in run("recommend", 2, code=1).stderr
    )


def test_store_is_found_from_a_folder_below(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("load", small)
    Path("sub/deep").mkdir(parents=True)
    monkeypatch.chdir("sub/deep")
    assert "User,30" in run("info", "--format", "csv").stdout
    assert list(Path().iterdir()) == []


def test_forgetting_without_a_terminal_needs_yes(ask: Ask) -> None:
    error = ask("forget", 2, code=2).stderr
    assert "give --yes" in error
    assert "[y/N]" not in error
    assert ask.rows("info")[0]["count"] == 300


def test_helps_of_positional_users_name_no_user_option() -> None:
    for name in ("communities", "tag-precision", "plot", "report"):
        text = run(name, "-h").stdout
        assert "USER_ID" in text
        assert "--user" not in text


def hints_in(file: Path) -> set[str]:
    """The commands that the messages of a module name; what is filled in stands as X."""
    whole: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            parts = (str(getattr(part, "value", "X")) for part in node.values)
            whole.add("".join("X" if part.startswith("<ast.") else part for part in parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            whole.add(node.value)
    return {hint for text in whole for hint in re.findall(r"'tastegraph ([a-z][^']*)'", text)}


def test_every_command_in_a_message_is_one_and_has_its_options() -> None:
    rooms = ("api", "analysis", "commands", "graph", "loaders", "models", "web")
    files = [file for room in rooms for file in (ROOT / room).rglob("*.py")]
    hints = set().union(*map(hints_in, files))
    assert len(hints) > 10
    for hint in sorted(hints):
        command: click.Command = cli
        words = hint.split()
        while isinstance(command, click.Group) and words:
            found = command.get_command(click.Context(command), words.pop(0))
            assert found is not None, hint
            command = found
        flags = {"--help"} | {flag for option in command.params for flag in option.opts}
        assert {word for word in words if word.startswith("-")} <= flags, hint


STEERING = "\x1b[2J\x9b31m\u202e"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("info", STEERING), 2),
        (("info", f"--{STEERING}"), 2),
        ((STEERING,), 2),
        (("recommend", "2", "--weights", STEERING), 2),
        (("load", STEERING), 1),
        (("--store", STEERING, "info"), 1),
        (("info", "-o", f"{STEERING}/a.csv"), 1),
        (("--store", STEERING, "-v", "info"), 1),
    ],
    ids=repr,
)
def test_no_error_steers_the_terminal(words: tuple[str, ...], code: int) -> None:
    said = CliRunner().invoke(cli, words)
    assert said.exit_code == code, said.output
    assert all(sign.isprintable() or sign == "\n" for sign in said.output), repr(said.output)


@pytest.mark.parametrize("words", [(), ("query",)], ids=str)
def test_a_group_by_itself_shows_its_help(words: tuple[str, ...]) -> None:
    said = CliRunner().invoke(cli, words)
    assert said.exit_code == 2
    assert said.output.startswith("Usage: tastegraph ")
    assert "Error" not in said.output


def test_no_note_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    Session("nowhere").note(f"{STEERING} is taken for {STEERING}")
    note_on_stderr(f"{STEERING} is taken for {STEERING}")
    shown = " [2J 31m "
    assert capsys.readouterr().err.splitlines() == [f"Note: {shown} is taken for {shown}"] * 2
