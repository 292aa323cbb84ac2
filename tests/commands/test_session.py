"""The terminal: bars, passwords, Ctrl-C, and commands to type again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tastegraph.commands.session import Session
from tests.commands.running import Ask, run, start

pty = pytest.importorskip("pty")


def read_until(terminal: int, sign: str, seconds: float = 60.0) -> str:
    """What appears on the terminal up to ``sign``, or until nothing more comes."""
    seen, end = "", time.monotonic() + seconds
    while sign not in seen and time.monotonic() < end:
        try:
            seen += os.read(terminal, 65536).decode(errors="replace")
        except OSError:
            break
    return seen


def test_bars_are_on_the_terminal_and_ctrl_c_ends_quietly(change: Ask) -> None:
    before = change("info").stdout
    ours, theirs = pty.openpty()
    process = start("--store", change.place, "train", "--epochs", 100000, stderr=theirs)
    os.close(theirs)
    seen = read_until(ours, "collective")
    # The first time left is told after a first sweep; before, TensorFlow may swallow a signal.
    seen += read_until(ours, ":")
    assert "collective" in seen
    process.send_signal(signal.SIGINT)
    stdout, _ = process.communicate(timeout=60)
    seen += read_until(ours, "no such text")
    os.close(ours)
    assert process.returncode == 130
    assert stdout == ""
    assert "%" in seen
    assert "Traceback" not in seen
    assert "Abort" not in seen
    assert change("info").stdout == before


def test_interrupted_first_load_is_made_good(tmp_path: Path) -> None:
    run("generate", "data", "--users", 300, "--artists", 800)
    process = start("load", "data", stderr=subprocess.PIPE)
    end = time.monotonic() + 60
    while not Path("tastegraph-store/loading").exists() and time.monotonic() < end:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    note = "Note: made a new store in ./tastegraph-store\n"
    assert process.communicate(timeout=60) == ("", note)
    assert process.returncode == 130
    run("load", "data")
    assert "User,300" in run("info", "--format", "csv").stdout


def test_no_bar_where_nobody_looks(small: Path) -> None:
    process = start("load", small, "--dry-run", stderr=subprocess.PIPE)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 0
    assert stderr == "Note: a dry run: the graph was not touched\n"


def test_wide_table_fits_the_terminal(demo_store: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tastegraph",
            "--store",
            str(demo_store),
            "recommend",
            "2",
            "--why",
        ],
        stdout=theirs,
        env=environment,
    )
    os.close(theirs)
    lines = read_until(ours, "no such text").splitlines()
    process.wait(timeout=60)
    os.close(ours)
    assert max(map(len, lines)) <= 80
    assert lines[0].split()[-1] == "tags"
    assert lines[1].startswith("   2     1 ")
    assert lines[2].startswith("      ")
    assert "(0." in lines[2]


def test_password_is_asked_for_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_USERNAME", "neo4j")
    error = run("--store", "bolt://127.0.0.1:1", "info", code=1, stdin="secret\n").stderr
    assert "NEO4J_PASSWORD" in error
    assert "Password:" not in error


@pytest.mark.parametrize("verbose", [[], ["-v"]])
def test_password_is_never_printed(verbose: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "top-secret")
    for place in ("bolt://127.0.0.1:1", "bolt://neo4j:top-secret@127.0.0.1:1"):
        for command in ("info", "doctor"):
            result = run(*verbose, "--store", place, command, code=1)
            assert "top-secret" not in result.output


def test_commands_to_type_again_are_quoted() -> None:
    session = Session("my store", database="mine", is_default=False)
    assert session.shell("similar-artists", "-it's") == (
        "tastegraph --store 'my store' --database mine similar-artists -- '-it'\"'\"'s'"
    )
    assert Session("./tastegraph-store").shell("doctor") == "tastegraph doctor"


def test_program_is_named_by_its_path_where_the_shell_would_not_find_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.argv", ["my env/bin/tastegraph", "demo"])
    monkeypatch.setenv("PATH", "")
    assert Session("x").shell("doctor") == "'my env/bin/tastegraph' doctor"
    program = tmp_path / "tastegraph"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.argv", [str(program), "demo"])
    assert Session("x").shell("doctor") == "tastegraph doctor"
