"""Running commands as a person does, in this process or in one of their own."""

import csv
import io
import json
import shlex
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from click.testing import CliRunner, Result

from tastegraph.cli import cli
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings

PROGRAM = (sys.executable, "-m", "tastegraph")


def run(*words: object, code: int = 0, stdin: str | None = None) -> Result:
    """Run ``tastegraph WORDS``; it must end with exit code ``code`` and without a traceback."""
    result = CliRunner().invoke(cli, [str(word) for word in words], input=stdin)
    assert result.exit_code == code, (result.output, result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def start(*words: object, **options: Any) -> "subprocess.Popen[str]":
    """Start ``tastegraph WORDS`` in a process of its own."""
    return subprocess.Popen(
        [*PROGRAM, *map(str, words)], stdout=subprocess.PIPE, text=True, encoding="utf-8", **options
    )


@dataclass(frozen=True)
class Ask:
    """Commands on one store."""

    place: object

    def __call__(self, *words: object, code: int = 0, stdin: str | None = None) -> Result:
        return run("--store", self.place, *words, code=code, stdin=stdin)

    def hint(self, command: str) -> str:
        """How a message names ``command`` so that it reaches the same store when it is pasted."""
        return f"'tastegraph --store {shlex.quote(str(self.place))} {command}"

    def rows(self, *words: object) -> list[dict[str, Any]]:
        """What the command gives as JSON."""
        rows: list[dict[str, Any]] = json.loads(self(*words, "--format", "json").stdout)
        return rows


def empty_store(place: object) -> Ask:
    """Commands on a new store with nothing in it."""
    with open_store(Settings.of(str(place))):
        pass
    return Ask(place)


def from_csv(text: str, separator: str = ",") -> list[dict[str, str]]:
    """Rows of a CSV."""
    return list(csv.DictReader(io.StringIO(text), delimiter=separator))


def columns(result: Result) -> list[str]:
    """Names of the columns of a table."""
    return result.stdout.splitlines()[0].split()
