"""Commands in processes of their own that start at once: forked from one that has all imported.

A command can be killed at a known moment of its talk with the database, see ``Moment``.
"""

import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import neo4j

HIDDEN = ("TASTEGRAPH_STORE", "NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD")

_PRELOADED = [
    __name__,
    "tastegraph.cli",
    "tastegraph.api.graph",
    "tastegraph.models.training.train",
    "tastegraph.models.serving.update",
    "tastegraph.loaders.source",
    "tastegraph.models.algorithms.collective_als",
    "tastegraph.models.solver.tensorflow_quiet",
    "networkx",
    "pyarrow",
    "rich.console",
]
_TOLD = [
    (neo4j.Driver, "execute_query"),
    (neo4j.Session, "run"),
    (neo4j.Transaction, "run"),
    (neo4j.Transaction, "commit"),
]
_LIMIT = 240


@dataclass(frozen=True)
class Moment:
    """When a process kills itself with -9: at its message ``number`` to the database, from 1.

    ``delay`` is None for before it is sent; otherwise that many seconds after, in the middle of
    what it causes, or when the answer is there, whatever comes first.
    """

    number: int
    delay: float | None


@dataclass(frozen=True)
class Ended:
    """A command that has ended: its ``code``, negative for a signal, and its words on stderr."""

    code: int
    words: str
    messages: int


class Running:
    """A command on its way."""

    def __init__(
        self,
        arguments: Sequence[object],
        folder: Path,
        moment: Moment | None,
        first: Callable[[], None] | None = None,
    ) -> None:
        self._folder = folder
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PRELOADED)
        texts = tuple(map(str, arguments))
        self.process = context.Process(target=_run, args=(texts, str(folder), moment, first))
        self.process.start()

    def wait(self) -> Ended:
        """Wait for its end."""
        self.process.join(_LIMIT)
        if self.process.exitcode is None:
            self.process.kill()
            raise AssertionError(f"no end after {_LIMIT} s: {self._text('stderr')}")
        messages = self._text("messages")
        return Ended(self.process.exitcode, self._text("stderr"), int(messages or 0))

    def _text(self, name: str) -> str:
        file = self._folder / f"{self.process.pid}.{name}"
        return file.read_text(encoding="utf-8") if file.exists() else ""


def run(
    arguments: Sequence[object],
    folder: Path,
    moment: Moment | None = None,
    *,
    first: Callable[[], None] | None = None,
) -> Ended:
    """Run ``tastegraph ARGUMENTS`` with its outputs in ``folder``, to its end.

    first  what the process does before it becomes the command, a function that can be pickled
    """
    return Running(arguments, folder, moment, first).wait()


def in_batches() -> None:
    """Set limits so low that a model takes many transactions."""
    from tests.contract.lowered import lower

    lower(setattr)


def allow_files(most: int) -> None:
    """Let this process have so many files open."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def assert_clear_end(ended: Ended) -> None:
    """It ended well, or with one sentence of ours."""
    assert ended.code == 0 or (ended.code == 1 and "Error: " in ended.words), ended
    raw = ("Traceback", "Neo.", "neo4j.exceptions", "defunct", "IPv4")
    assert not any(word in ended.words for word in raw), ended


def at_once(commands: Sequence[Sequence[object]], folder: Path) -> list[Ended]:
    """Run several commands at the same time."""
    running = [Running(arguments, folder, None) for arguments in commands]
    return [command.wait() for command in running]


def _run(
    arguments: tuple[str, ...],
    folder: str,
    moment: Moment | None,
    first: Callable[[], None] | None,
) -> None:
    """In the new process: be the command line."""
    for name in HIDDEN:
        os.environ.pop(name, None)
    os.environ["OMP_NUM_THREADS"] = "1"
    os.chdir(folder)
    for number, name in ((1, "stdout"), (2, "stderr")):
        file = os.open(f"{os.getpid()}.{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
    sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
    count_messages(Path(f"{os.getpid()}.messages"), moment)
    sys.argv = ["tastegraph", *arguments]
    import tastegraph.cli

    if first is not None:
        first()
    tastegraph.cli.main()


def count_messages(file: Path, moment: Moment | None) -> None:
    """Count what is sent to the database in ``file``, and strike at ``moment``."""
    sent = 0
    main = threading.main_thread()

    def counted(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def send(*arguments: Any, **named: Any) -> Any:
            nonlocal sent
            if threading.current_thread() is not main:
                return method(*arguments, **named)
            sent += 1
            file.write_text(str(sent), encoding="utf-8")
            if moment is None or sent != moment.number:
                return method(*arguments, **named)
            if moment.delay is not None:
                threading.Thread(target=_strike, args=(moment.delay,), daemon=True).start()
                method(*arguments, **named)
            _strike(0)
            return None

        return send

    for owner, name in _TOLD:
        setattr(owner, name, counted(getattr(owner, name)))


def _strike(seconds: float) -> None:
    time.sleep(seconds)
    os.kill(os.getpid(), signal.SIGKILL)
