"""What the global options say, and how a command opens the store."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from graph.progress import Advance, Progress, silent
from graph.settings import DEFAULT_PLACE

if TYPE_CHECKING:
    from graph.frames import Id
    from graph.lookup import Found
    from graph.store import GraphStore


@dataclass(frozen=True)
class Session:
    """One run of the command line."""

    place: str
    database: str | None = None
    verbose: bool = False
    quiet: bool = False

    @contextmanager
    def store(self) -> "Iterator[GraphStore]":
        """The store in use, open for the length of the block."""
        from graph.errors import StoreAccessError
        from graph.settings import Settings
        from graph.store import open_store

        settings = Settings.of(self.place, self.database)
        try:
            store = open_store(settings)
        except StoreAccessError:
            if not (settings.is_server and not settings.password and sys.stdin.isatty()):
                raise
            user = settings.username or click.prompt("User name", default="neo4j", err=True)
            password = click.prompt("Password", hide_input=True, err=True)
            store = open_store(replace(settings, username=user, password=password))
        with store:
            if store.embedded is not None and store.embedded.recovered:
                self.note(
                    "a first load of this store was interrupted: what it left was cleared away, "
                    "load again"
                )
            yield store

    @property
    def is_default(self) -> bool:
        """Whether the store is the one that commands use when none is named."""
        return self.place == DEFAULT_PLACE

    @property
    def progress(self) -> Progress:
        """Bars on stderr where a person looks, nothing elsewhere."""
        return silent if self.quiet or not sys.stderr.isatty() else _bar

    def found_tag(self, store: "GraphStore", name: str) -> "Id":
        """The id of the tag that ``name`` stands for, saying so where others fit too."""
        from graph.lookup import find_tag

        found = find_tag(store, name)
        self.say_choice(name, found)
        return found.id

    def say_choice(self, name: str, found: "Found") -> None:
        """Say which of several a name was taken for."""
        if found.others:
            self.note(f"{name!r} is taken for {found.name!r}; also {', '.join(found.others)}")

    def note(self, text: str) -> None:
        """Say something beside the result."""
        if not self.quiet:
            click.echo(f"Note: {text}", err=True)


pass_session = click.make_pass_decorator(Session)


def _bar(label: str, total: int) -> AbstractContextManager[Advance]:
    @contextmanager
    def bar() -> Iterator[Advance]:
        with click.progressbar(length=total, label=f"{label:<28}", file=sys.stderr) as shown:
            yield shown.update

    return bar()
