"""``demo``: what a newcomer sees first."""

import re
import shlex
import shutil
from pathlib import Path

from tests.commands.running import Ask, run


def suggestions(output: str) -> list[list[str]]:
    """The commands that the demo suggests, without the program's name."""
    lines = output.split("What to try next:")[1].strip().splitlines()
    words = [shlex.split(line) for line in lines]
    assert {each[0] for each in words} == {"tastegraph"}
    return [each[1:] for each in words]


def test_it_loads_trains_and_recommends_with_reasons(demo_run: tuple[Path, str]) -> None:
    folder, output = demo_run
    titles = re.findall(r"^(?:\w.*)$", output, re.MULTILINE)
    order = ["Loading into", "Training", "What user 2 plays", "What user 2 might like", "The graph"]
    found = [next(at for at, title in enumerate(titles) if title.startswith(o)) for o in order]
    assert found == sorted(found)
    assert "you play " in output
    assert "tags you share with it" in output
    assert re.search(r"choose settings \d+\.\d s", output)
    assert f"The graph stays in {folder}." in output


def test_every_suggestion_works(demo_run: tuple[Path, str], ask: Ask) -> None:
    *commands, last = suggestions(demo_run[1])
    assert [words[2] for words in commands] == [
        *("recommend", "similar-artists", "query", "query", "doctor")
    ]
    for words in commands:
        assert words[:2] == ["--store", str(demo_run[0])]
        assert ask(*words[2:]).stdout
    # It runs until somebody ends it (test_serve.py).
    assert last[2:] == ["serve", "--open"]


def test_again_in_the_default_place_and_after_an_interruption(demo_store: Path) -> None:
    """A demo that was interrupted after loading, or has ended, is completed by another."""
    shutil.copytree(demo_store, "tastegraph-store", ignore=shutil.ignore_patterns("owner*"))
    output = run("demo").stdout
    assert "The graph stays in ./tastegraph-store." in output
    assert suggestions(output)[-1] == ["serve", "--open"]


def test_own_data_in_a_place_with_blanks(small: Path) -> None:
    output = run("--store", "my store", "demo", "--data", small).stdout
    for words in suggestions(output):
        assert words[:2] == ["--store", "my store"]
        assert "serve" in words or run(*words).stdout


def test_other_data_is_left_alone_unless_replaced(small: Path, tmp_path: Path) -> None:
    table = tmp_path / "listens.csv"
    table.write_text("user,artist,plays\n900,901,5\n", encoding="utf-8")
    run("load", table)
    before = run("info").stdout
    error = run("demo", "--data", small, code=1).stderr
    assert "holds other data" in error
    assert "--replace" in error
    assert run("info").stdout == before
    run("demo", "--data", small, "--replace")
    assert run("info", "--format", "csv").stdout.splitlines()[1] == "User,30"


def test_data_that_is_none_is_said_before_a_store_is_made(tmp_path: Path) -> None:
    assert "no file or folder" in run("demo", "--data", "none", code=1).stderr
    assert list(tmp_path.iterdir()) == []
