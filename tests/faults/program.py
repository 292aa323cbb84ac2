"""Running the command line as a person does: in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

from tests.neo4j_packages import ROOT

# What would lead a command to another store than the one it is told.
HIDDEN = ("TASTEGRAPH_STORE", "NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD")

Done = subprocess.CompletedProcess[str]


def command(*arguments: object) -> list[str]:
    """The command line with ``arguments``."""
    return [sys.executable, "-m", "tastegraph", *map(str, arguments)]


def struck(blow: str, label: str, step: int, *arguments: object, batch: int = 10_000) -> list[str]:
    """The command line, hit in the middle of its work: see ``striking``."""
    moment = [blow, label, str(step), str(batch)]
    return [sys.executable, "-m", "tests.faults.striking", *moment, *map(str, arguments)]


def run(line: list[str], folder: Path, **environment: str) -> Done:
    """Run ``line`` in ``folder`` until it ends."""
    inherited = {name: value for name, value in os.environ.items() if name not in HIDDEN}
    inherited |= {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.run(
        line,
        cwd=folder,
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def assert_clear(done: Done, *words: str) -> None:
    """A person's mistake ends with one sentence that has ``words``, and exit code 1."""
    assert done.returncode == 1, done
    assert done.stdout == ""
    assert done.stderr.startswith("Error: "), done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    for word in words:
        assert word in done.stderr, done.stderr
