"""``shell``: at a terminal as people use it, and with statements from standard input."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.running import PROGRAM, Ask

pexpect = pytest.importorskip("pexpect")

READY = "tastegraph>"

# What a terminal is told when a statement begins to run: that pasting means nothing any more.
RUNS = "\x1b[?2004l"

# Takes longer than a test waits, and no memory.
LONG = (
    "UNWIND range(1, 10000) AS x UNWIND range(1, 10000) AS y WITH x, y WHERE x + y < 0 "
    "RETURN count(*) AS none;"
)

# How many of these run, wherever they were sent from.
STILL = (
    "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'x + ' + 'y < 0' "
    "RETURN count(*) AS still"
)


def test_statements_come_from_standard_input(ask: Ask) -> None:
    text = "RETURN 1 AS one; \ntop-artists k=2;\nMATCH (u:User) RETURN count(u) AS users"
    lines = ask("shell", "--format", "csv", stdin=text).stdout.splitlines()
    assert lines[:2] == ["one", "1"]
    assert lines[2] == "artist,name,listeners,plays"
    assert lines[5:] == ["users", "300"]


def test_parameters_and_formats_are_set(ask: Ask) -> None:
    text = ":param k=2 name=Air id='\"42\"';:format jsonl;:param;RETURN $k AS k, $id AS id;"
    result = ask("shell", stdin=text)
    assert result.stdout.splitlines() == [
        *("k = 2", "name = 'Air'", "id = '42'"),
        '{"k": 2, "id": "42"}',
    ]


def test_the_first_error_ends_what_is_piped(ask: Ask) -> None:
    result = ask("shell", stdin="RETURN 1 AS one; MATCH (n; RETURN 2 AS two;", code=1)
    assert "Error: " in result.stderr
    assert "one" in result.stdout
    assert "two" not in result.stdout
    assert ":nothing is no command" in ask("shell", stdin=":nothing", code=1).stderr
    assert ask("shell", stdin=":exit; RETURN 1 AS one").stdout == ""


def test_it_only_reads_unless_it_may_write(ask: Ask, change: Ask) -> None:
    made = "CREATE (:Brand {id: 1}); MATCH (b:Brand) RETURN count(b) AS brands;"
    assert "--write" in ask("shell", stdin=made, code=1).stderr
    assert "brands" in change("shell", "--write", stdin=made).stdout


@pytest.fixture
def terminal(ask: Ask, tmp_path: Path) -> Iterator["pexpect.spawn"]:
    """The shell at a terminal of its own, ready."""
    environment = {
        **os.environ,
        "TERM": "xterm",
        "COLUMNS": "120",
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "PROMPT_TOOLKIT_NO_CPR": "1",
    }
    program = pexpect.spawn(
        sys.executable,
        [*PROGRAM[1:], "--store", str(ask.place), "shell", "--format", "csv"],
        env=environment,
        encoding="utf-8",
        timeout=60,
        dimensions=(40, 120),
    )
    program.expect_exact(READY)
    yield program
    program.close(force=True)


def test_at_a_terminal(terminal: "pexpect.spawn", ask: Ask, tmp_path: Path) -> None:
    # Over two lines.
    terminal.send("MATCH (u:User)\r")
    terminal.expect_exact("...>")
    terminal.send("RETURN count(u) AS users;\r")
    terminal.expect("users\r?\n.*300")
    terminal.expect_exact(READY)
    # Tab completes a label, the arrow brings back what was typed.
    terminal.send("MATCH (a:Arti\t")
    terminal.expect_exact("st")
    terminal.send(") RETURN count(a) AS artists;\r")
    terminal.expect("artists\r?\n.*800")
    terminal.expect_exact(READY)
    terminal.send("\x1b[A\r")
    terminal.expect("artists\r?\n.*800")
    terminal.expect_exact(READY)
    # An error is said, and it goes on.
    terminal.send("RETURN nothing;\r")
    terminal.expect("Error: ")
    terminal.expect_exact(READY)
    # Ctrl-C cancels a query, in the process as well whose store this one has joined, and leaves no
    # prompt behind.
    terminal.send(LONG + "\r")
    terminal.expect_exact(RUNS)
    with pytest.raises(pexpect.TIMEOUT):
        terminal.expect_exact("none", timeout=2)
    assert ask("shell", "--format", "csv", stdin=STILL).stdout == "still\n1\n"
    terminal.sendintr()
    terminal.expect("Cancelled.")
    terminal.expect_exact(READY)
    assert ask("shell", "--format", "csv", stdin=STILL).stdout == "still\n0\n"
    terminal.send("RETURN 6 * 7 AS answer;\r")
    terminal.expect("answer\r?\n.*42")
    terminal.expect_exact(READY)
    terminal.send("MATCH (half")
    terminal.sendintr()
    # Each letter draws the prompt anew; the next one is there when this one has ended.
    terminal.expect_exact(RUNS)
    terminal.expect_exact(READY)
    terminal.sendeof()
    terminal.expect(pexpect.EOF)
    terminal.wait()
    assert terminal.exitstatus == 0
    history = tmp_path / "state" / "tastegraph" / "shell-history"
    assert "count(u) AS users" in history.read_text(encoding="utf-8")
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
