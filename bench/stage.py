"""Where the parts play: the data, the stores and the command line."""

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from bench.server import Neo4j
from bench.tenth import DATA, SPLIT, write_tenth
from tests.neo4j_packages import UnavailableError

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_DATA = ROOT.parent / "shared" / "data"

EMBEDDED = "embedded store"
NEO4J = "Neo4j"


class Stage:
    """Data, stores and command line; a context manager that leaves nothing behind.

    ``uri`` names a Neo4j to use, which must be empty and is wiped; without it one is started.
    ``quick`` takes a tenth of the data and repeats nothing.
    """

    def __init__(
        self, data: Path, uri: str | None = None, quick: bool = False, repeats: int = 3
    ) -> None:
        self.quick = quick
        self.repeats = 1 if quick else repeats
        self._data = data
        self._uri = uri
        self._loaded: set[str] = set()
        self._trained: set[str] = set()
        self._resources = ExitStack()

    def __enter__(self) -> Self:
        folder = tempfile.TemporaryDirectory(prefix="tastegraph-bench-")
        self.folder = Path(self._resources.enter_context(folder))
        return self

    def __exit__(self, *failure: object) -> None:
        self._resources.close()

    @property
    def source(self) -> Path:
        """The data set, in the size of this run."""
        return self.data / DATA

    @property
    def split(self) -> Path:
        """The folder with train.tsv and test.tsv."""
        return self.data / SPLIT

    @property
    def data(self) -> Path:
        """The folder with both."""
        return self.tenth if self.quick else self._data

    @cached_property
    def tenth(self) -> Path:
        """The same in small."""
        write_tenth(self._data, self.folder / "tenth")
        return self.folder / "tenth"

    def stores(self) -> dict[str, str]:
        """Places by name: the embedded store, and a warm Neo4j where there is one."""
        places = {EMBEDDED: str(self.folder / "embedded")}
        if isinstance(self._neo4j, Neo4j):
            places[NEO4J] = self._neo4j.uri
        return places

    def missing(self) -> list[str]:
        """Notes on what was left out for want of a store."""
        return [] if isinstance(self._neo4j, Neo4j) else [f"Neo4j is left out: {self._neo4j}."]

    @cached_property
    def _neo4j(self) -> Neo4j | UnavailableError:
        say("starting Neo4j")
        try:
            server = Neo4j(self._uri, self._resources)
        except UnavailableError as reason:
            return reason
        say("warming it up")
        self.command(server.uri, "load", str(self.tenth / DATA))
        server.wipe()
        return server

    def wipe_neo4j(self) -> None:
        """Delete everything in Neo4j."""
        if isinstance(self._neo4j, Neo4j):
            self._neo4j.wipe()
            self._loaded.discard(self._neo4j.uri)
            self._trained.discard(self._neo4j.uri)

    def load(self, place: str) -> None:
        """Load the data set into ``place``, unless it is there."""
        if place not in self._loaded:
            say(f"loading {place}")
            self.command(place, "load", str(self.source))
            self._loaded.add(place)

    def train(self, place: str) -> dict[str, Any]:
        """Train on the data set in ``place``; gives what the command prints."""
        self.load(place)
        say(f"training on {place}")
        rows = json.loads(self.command(place, "train", "--format", "json"))
        self._trained.add(place)
        return {row["metric"]: row["value"] for row in rows}

    def ensure_trained(self, place: str) -> None:
        """Have data and a model in ``place``."""
        if place not in self._trained:
            self.train(place)

    def command(self, place: str, *arguments: str) -> str:
        """Run ``tastegraph --store PLACE`` in a process of its own; gives what it prints."""
        return self.run([*tastegraph(), "--store", place, *arguments])

    def run(self, command: list[str]) -> str:
        """Run a command, away from anybody's tastegraph.toml; gives what it prints."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
        done = subprocess.run(
            command, cwd=self.folder, env=environment, text=True, check=True, capture_output=True
        )
        return done.stdout


def tastegraph() -> list[str]:
    """The installed command, or the module where only the sources are there."""
    script = Path(sysconfig.get_path("scripts"), "tastegraph")
    return [str(script)] if script.exists() else [sys.executable, "-m", "tastegraph"]


def say(text: str) -> None:
    """Tell who waits what is going on."""
    print(f"  {text}", file=sys.stderr, flush=True)
