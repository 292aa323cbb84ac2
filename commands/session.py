"""What the global options say, and how a command gets at its graph."""

import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tastegraph.commands.trusted_stores import require_trust
from tastegraph.runtime.printable import printable
from tastegraph.runtime.progress import Progress, silent
from tastegraph.runtime.progress_bar import progress_bar

if TYPE_CHECKING:
    from tastegraph.api.graph import Graph
    from tastegraph.graph.store.settings import Limits

# A command in a hint, as in "'tastegraph train' learns anew".
_HINT = re.compile(r"'tastegraph (?=[a-z])")


@dataclass(frozen=True)
class Session:
    """One run of the command line.

    is_default  the store need not be named to get it again
    named_by    the tastegraph.toml that names the store, if one does
    """

    place: str
    database: str | None = None
    verbose: bool = False
    quiet: bool = False
    is_default: bool = True
    named_by: Path | None = None

    @contextmanager
    def graph(
        self, brief: bool = False, reached: bool = True, limits: "Limits | None" = None
    ) -> "Iterator[Graph]":
        """The graph in use, for the length of the block.

        ``brief`` is for commands that ask a few queries and end; without ``reached`` a server
        that can't be used is left to the command to tell of; ``limits`` are for those who can't
        wait as long as a person at a terminal.
        """
        from tastegraph.api.folder_graph import graph_in
        from tastegraph.errors import NotFoundError, StoreAccessError, StoreError
        from tastegraph.graph.store.settings import Settings

        settings = Settings.of(self.place, self.database)
        settings = replace(settings, limits=limits) if limits else settings
        if self.named_by is not None and settings.is_server:
            require_trust(self.named_by, self.place)
        with graph_in(settings, brief=brief, progress=self.progress, note=self.note) as graph:
            if settings.is_server:
                try:
                    graph.open()
                except StoreAccessError:
                    if sys.stdin.isatty() and not settings.password:
                        name = settings.username or click.prompt("User name", "neo4j", err=True)
                        graph.sign_in(name, click.prompt("Password", hide_input=True, err=True))
                    elif reached:
                        raise
                except (StoreError, NotFoundError):
                    if reached:
                        raise
            yield graph

    def shell(self, command: str, *arguments: object) -> str:
        """How to run ``command`` on the same store, as it is typed into a shell.

        ``arguments`` are quoted where they need it.
        """
        texts = [str(argument) for argument in arguments]
        dash = ["--"] if any(text.startswith("-") for text in texts) else []
        words = shlex.join(self._program())
        return " ".join(filter(None, (words, command, shlex.join([*dash, *texts]))))

    def hints(self, text: str) -> str:
        """``text`` with its commands as they have to be typed to reach the same store."""
        return _HINT.sub(f"'{shlex.join(self._program())} ", text)

    def _program(self) -> list[str]:
        words = [_called()]
        words += [] if self.is_default else ["--store", self._shown_place]
        return words + (["--database", self.database] if self.database else [])

    @property
    def _shown_place(self) -> str:
        from tastegraph.graph.store.settings import holds_credentials

        return "PLACE" if holds_credentials(self.place) else self.place

    @property
    def progress(self) -> Progress:
        """Bars on stderr, or a line now and then where nobody looks."""
        return silent if self.quiet else progress_bar

    def note(self, text: str) -> None:
        """Say something beside the result."""
        if not self.quiet:
            click.echo(printable(f"Note: {self.hints(text)}"), err=True)


pass_session = click.make_pass_decorator(Session)


def _called() -> str:
    """What to type to run us: our name where the shell finds it, otherwise our path."""
    called = Path(sys.argv[0])
    found = Path(shutil.which("tastegraph") or "")
    same = found.resolve().with_suffix("") == called.resolve().with_suffix("")
    return "tastegraph" if same or called.stem != "tastegraph" else str(called)
