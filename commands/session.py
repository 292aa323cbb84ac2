"""What the global options say, and how a command opens the store."""

import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tastegraph.runtime.progress import Advance, Progress, silent

if TYPE_CHECKING:
    from tastegraph.graph.frames import Id
    from tastegraph.graph.lookup import Found
    from tastegraph.graph.store.graph_store import GraphStore
    from tastegraph.models.storage.model_card import Card


@dataclass(frozen=True)
class Session:
    """One run of the command line; ``is_default``: the store need not be named to get it again."""

    place: str
    database: str | None = None
    verbose: bool = False
    quiet: bool = False
    is_default: bool = True

    @contextmanager
    def store(self, brief: bool = False) -> "Iterator[GraphStore]":
        """The store in use, open for the length of the block.

        ``brief`` is for commands that ask a few queries and end.
        """
        from tastegraph.errors import StoreAccessError
        from tastegraph.graph.store.open import open_store
        from tastegraph.graph.store.settings import Settings

        settings = Settings.of(self.place, self.database)
        is_new = not settings.is_server and not settings.folder.exists()
        try:
            store = open_store(settings, brief, self.note)
        except StoreAccessError:
            if not (settings.is_server and not settings.password and sys.stdin.isatty()):
                raise
            user = settings.username or click.prompt("User name", default="neo4j", err=True)
            password = click.prompt("Password", hide_input=True, err=True)
            store = open_store(
                replace(settings, username=user, password=password), brief, self.note
            )
        with store:
            if is_new:
                self.note(f"made a new store in {self.place}")
            if store.embedded is not None and store.embedded.recovered:
                self.note(
                    "a first load of this store was interrupted: what it left was cleared away, "
                    "load again"
                )
            yield store

    def shell(self, command: str, *arguments: object) -> str:
        """How to run ``command`` on the same store, as it is typed into a shell.

        ``arguments`` are quoted where they need it.
        """
        words = [_program()]
        if not self.is_default:
            words += ["--store", self.place]
        if self.database:
            words += ["--database", self.database]
        texts = [str(argument) for argument in arguments]
        dash = ["--"] if any(text.startswith("-") for text in texts) else []
        return " ".join(filter(None, (shlex.join(words), command, shlex.join([*dash, *texts]))))

    @property
    def progress(self) -> Progress:
        """Bars on stderr where a person looks, nothing elsewhere."""
        return silent if self.quiet or not sys.stderr.isatty() else _bar

    def found_tag(self, store: "GraphStore", name: str) -> "Id":
        """The id of the tag that ``name`` stands for, saying so where others fit too."""
        from tastegraph.graph.lookup import find_tag

        found = find_tag(store, name)
        self.say_choice(name, found)
        return found.id

    def say_choice(self, name: str, found: "Found") -> None:
        """Say which of several a name was taken for."""
        if found.others:
            self.note(f"{name!r} is taken for {found.name!r}; also {', '.join(found.others)}")

    def say_if_stale(self, store: "GraphStore", card: "Card") -> None:
        """Say that the graph has changed since its model was trained, where it has."""
        from tastegraph.models.storage.model_card import is_stale

        if is_stale(store, card):
            self.note(
                "the graph has changed since the model was trained; this is from what it knew "
                "then. 'tastegraph update' or 'tastegraph train' brings it up to date"
            )

    def note(self, text: str) -> None:
        """Say something beside the result."""
        if not self.quiet:
            click.echo(f"Note: {text}", err=True)


pass_session = click.make_pass_decorator(Session)


def _program() -> str:
    """What to type to run us: our name where the shell finds it, otherwise our path."""
    called = Path(sys.argv[0])
    found = Path(shutil.which("tastegraph") or "")
    same = found.resolve().with_suffix("") == called.resolve().with_suffix("")
    return "tastegraph" if same or called.stem != "tastegraph" else str(called)


def _bar(label: str, total: int) -> AbstractContextManager[Advance]:
    @contextmanager
    def bar() -> Iterator[Advance]:
        with click.progressbar(length=total, label=f"{label:<28}", file=sys.stderr) as shown:
            yield shown.update

    return bar()
