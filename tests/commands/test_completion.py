"""Completion as a shell asks for it: commands, options, algorithms, pictures, queries, files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import BashComplete

from tastegraph.analysis.kinds import KINDS
from tastegraph.cli import cli
from tastegraph.graph.query_files import query_names
from tastegraph.models.algorithms.factory import ALGORITHMS


def completed(monkeypatch: pytest.MonkeyPatch, line: str) -> list[tuple[str, str]]:
    """What bash is told for ``line``, whose last word is still being typed: kind and value."""
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
    text = BashComplete(cli, {}, "tastegraph", "_TASTEGRAPH_COMPLETE").complete()
    kinds = (each.partition(",") for each in text.splitlines())
    return [(kind, value) for kind, _, value in kinds]


def values(monkeypatch: pytest.MonkeyPatch, line: str) -> list[str]:
    return [value for _, value in completed(monkeypatch, line)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("tastegraph rec", ["recommend"]),
        ("tastegraph similar-", ["similar-artists", "similar-users"]),
        ("tastegraph query ", ["list", "run", "show"]),
        (
            "tastegraph train --algorithm collective-",
            [name for name in ALGORITHMS if name.startswith("collective-")],
        ),
        ("tastegraph plot artists-", ["artists-pca", "artists-tsne", "artists-umap"]),
        ("tastegraph query run path-", ["path-by-artists", "path-by-friends"]),
        ("tastegraph query show path-", ["path-by-artists", "path-by-friends"]),
        ("tastegraph show ", ["user", "artist", "tag"]),
        ("tastegraph recommend --novel", ["--novelty"]),
    ],
)
def test_names(monkeypatch: pytest.MonkeyPatch, line: str, expected: list[str]) -> None:
    assert values(monkeypatch, line) == expected


def test_all_names_where_nothing_is_typed_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    assert values(monkeypatch, "tastegraph tune --algorithm ") == list(ALGORITHMS)
    assert values(monkeypatch, "tastegraph plot ") == list(KINDS)
    asked = values(monkeypatch, "tastegraph query run ")
    assert set(asked) <= set(query_names())
    assert "recommend" in asked
    assert "find-user" not in asked
    assert "find-user" in values(monkeypatch, "tastegraph query run find-")


@pytest.mark.parametrize(
    "line",
    [
        *("tastegraph load da", "tastegraph load x --listens da", "tastegraph info -o da"),
        *("tastegraph evaluate --train da", "tastegraph new-listener --sheet da"),
        *("tastegraph demo --data da", "tastegraph report da", "tastegraph --store da"),
        *("tastegraph info --store da", "tastegraph export-graph 2 -o da"),
    ],
)
def test_files_are_left_to_the_shell(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    ((kind, value),) = completed(monkeypatch, line)
    assert kind in ("file", "dir")
    assert value == "da"


@pytest.mark.parametrize("text", ["store = ", "[recomend]\nk = 1", "recommend = 3"])
def test_a_broken_file_does_not_stop_it(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    Path("tastegraph.toml").write_text(text, encoding="utf-8")
    assert "--novelty" in values(monkeypatch, "tastegraph recommend --nov")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_line_of_the_readme_gives_a_script(shell: str) -> None:
    if shell == "bash" and not shutil.which("bash"):
        pytest.skip("no bash")
    program = Path(sys.executable).with_name("tastegraph")
    if not program.exists():
        pytest.skip("the program is not installed")
    done = subprocess.run(
        [program],
        env=os.environ | {"_TASTEGRAPH_COMPLETE": f"{shell}_source"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "_TASTEGRAPH_COMPLETE" in done.stdout


def test_every_command_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    assert values(monkeypatch, "tastegraph ") == cli.list_commands(click.Context(cli))
