"""The store behind a graph, and how work reports on itself."""

import copy
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from tastegraph.errors import ModelError
from tastegraph.graph.frames import Id
from tastegraph.graph.load_mark import unfinished_load
from tastegraph.graph.lookup import Found, find_artist, find_tag, find_user
from tastegraph.graph.schema_version import VERSION, migrate, require_present_schema
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.models.storage.model_card import Card, is_stale, read_card
from tastegraph.runtime.closing import Closing
from tastegraph.runtime.notes import Note, unsaid
from tastegraph.runtime.printable import printable
from tastegraph.runtime.progress import Progress, silent
from tastegraph.runtime.progress_bar import progress_bar

if TYPE_CHECKING:
    from tastegraph.models.ranking.options import RecommendOptions
    from tastegraph.models.serving.in_memory import GraphState, HeldModel, ModelMemory
    from tastegraph.models.serving.similar import Neighbours
    from tastegraph.models.serving.user_ranker import UserRanker

Name = str | int
"""What a person calls a user, an artist or a tag by: an id, or (artists and tags) a name."""


_STALE = (
    "the graph has changed since the model was trained; this is from what it knew then. "
    "'tastegraph update' or 'tastegraph train' brings it up to date"
)


def note_on_stderr(text: str) -> None:
    """Say ``text`` beside the result."""
    sys.stderr.write(printable(f"Note: {text}\n"))


class Connection(Closing):
    """A graph in a store, opened when it is first asked.

    progress  how long work reports on itself (``tastegraph.runtime.progress``)
    note      gets sentences that belong beside the result
    """

    def __init__(
        self,
        settings: Settings,
        *,
        brief: bool = False,
        quiet: bool = False,
        progress: Progress | None = None,
        note: Note | None = None,
    ) -> None:
        """Nothing is opened yet; ``brief`` says that little will be asked."""
        self.settings = settings
        self.progress = silent if quiet else progress or progress_bar
        self.note: Note = unsaid if quiet else note or note_on_stderr
        self._brief = brief
        self._store: GraphStore | None = None
        self._memory: ModelMemory | None = None

    @property
    def store(self) -> GraphStore:
        """The open store. NotFoundError where its folder is not there, StoreError otherwise."""
        return self.open()

    def open(self, create: bool = False, upgrade: bool = False) -> GraphStore:
        """Open the store, if it is not open yet.

        create   make its folder when absent, as a load does
        upgrade  bring a graph of an earlier version up to date, which is refused otherwise
        """
        if self._store is None:
            is_new = create and not self.settings.exists
            self._store = open_store(self.settings, self._brief, create, self.note)
            if is_new:
                self.note(f"made a new store in {self.settings.place}")
            embedded = self._store.embedded
            if embedded is not None and embedded.recovered:
                self.note(
                    "a first load of this store was interrupted: what it left was cleared away, "
                    "load again"
                )
            self._settle_version(upgrade)
        return self._store

    def _settle_version(self, upgrade: bool) -> None:
        try:
            if upgrade:
                self._say_if_migrated(migrate(self.store, self.progress))
            else:
                require_present_schema(self.store)
        except BaseException:
            self.close()
            raise

    def _say_if_migrated(self, version: int) -> None:
        if version < VERSION:
            self.note(
                f"brought the graph in {self.settings.place} up to date, from schema {version} to "
                f"{VERSION}; the model is the same"
            )

    def sign_in(self, username: str, password: str) -> None:
        """Use another user name and password from now on."""
        self.close()
        self.settings = replace(self.settings, username=username, password=password)

    def keep_in_memory(self, *, wait: bool = False) -> None:
        """Hold the model in memory from now on: ``recommend``, also for a group, ``why_not``,
        ``compare_users``, ``ways``, ``new_listener``, ``similar_artists`` and ``similar_users``
        answer from there.

        wait  until it has been read; the database answers as long as it has not

        When the model or the data change, both are read again beside the answers. What is asked
        with ``where`` or ``exact`` is answered by the database as before.
        """
        from tastegraph.models.serving.in_memory import ModelMemory

        self._memory = self._memory or ModelMemory(self.store)
        with suppress(ModelError):
            self._memory.begin(wait)

    @property
    def is_in_memory(self) -> bool:
        """Whether ``recommend`` answers from memory just now."""
        with suppress(ModelError):
            return self._held() is not None
        return False

    @property
    def state_in_memory(self) -> "GraphState | None":
        """What tells the graph and model that are in memory from what they were before; None as
        long as they are not there.
        """
        held = self._held_already()
        return None if held is None else held.state

    def with_note(self, note: Note) -> Self:
        """The same graph on the same open store, whose sentences beside results go to ``note``.

        Close the one that it came from, when all is done.
        """
        self.open()
        other = copy.copy(self)
        other.note = note
        return other

    def close(self) -> None:
        """Close the store, and the embedded database if this process owns it."""
        if self._memory is not None:
            self._memory.close()
            self._memory = None
        if self._store is not None:
            self._store.close()
            self._store = None

    def user(self, name: Name) -> Id:
        """The id of the user that ``name`` stands for; NotFoundError."""
        held = self._held_already()
        found = held.find_user(str(name)) if held else None
        return find_user(self.store, str(name)) if found is None else found

    def artist(self, name: Name) -> Id:
        """The id of the artist that ``name`` stands for; NotFoundError."""
        return self._artist(name).id

    def named_artist(self, name: Name) -> tuple[Id, str]:
        """The id and the name of the artist that ``name`` stands for; NotFoundError."""
        found = self._artist(name)
        return found.id, found.name

    def tag(self, name: Name) -> Id:
        """The id of the tag that ``name`` stands for; NotFoundError."""
        return self._tag(name)

    def _users(self, names: Name | Sequence[Name]) -> list[Id]:
        """Ids of one user or several, each once."""
        several: Sequence[Name] = [names] if isinstance(names, str | int) else names
        return list(dict.fromkeys(map(self.user, several)))

    def _artist(self, name: Name) -> Found:
        """The artist that ``name`` stands for, saying so where others fit too."""
        held = self._held_already()
        found = held.find_artist(str(name)) if held else None
        return found or self._said(name, find_artist(self.store, str(name)))

    def _tag(self, name: Name) -> Id:
        return self._said(name, find_tag(self.store, str(name))).id

    def _said(self, name: Name, found: Found) -> Found:
        if found.others:
            taken = found.shown or repr(found.name)
            self.note(f"{name!r} is taken for {taken}; also {', '.join(found.others)}")
        return found

    def _say_all(self, notes: Iterable[str]) -> None:
        for note in notes:
            self.note(note)

    def _say_if_half_loaded(self) -> bool:
        """Say that a load has begun and not ended, where that is so; gives whether it is."""
        if half := unfinished_load(self.store):
            self.note(half)
        return bool(half)

    def _say_if_stale(self, card: Card, held: "HeldModel | None" = None) -> None:
        """Say that the graph is half loaded, or has changed since its model was trained."""
        if held is not None:
            notes = [held.unfinished] if held.unfinished else [_STALE] * held.is_stale
            self._say_all(notes)
        elif not self._say_if_half_loaded() and is_stale(self.store, card):
            self.note(_STALE)

    def _held(self) -> "HeldModel | None":
        """The model in memory, where it is kept there and is that of the graph of now."""
        return None if self._memory is None else self._memory.current()

    def _ranker(
        self, users: Iterable[Id], options: "RecommendOptions", held: "HeldModel | None"
    ) -> "UserRanker":
        """What ranks artists for ``users``: the model in memory where that knows of all asked."""
        from tastegraph.models.serving.one_user_in_database import DatabaseRanker

        if held is not None and all(held.serves(user, options) for user in users):
            return held
        return DatabaseRanker(self.store)

    def _neighbours(self, label: str, id_: Id) -> "Neighbours":
        """What finds who is near to a User or an Artist: the model in memory where that is the
        graph's of now and has the node.
        """
        from tastegraph.models.serving.similar import DatabaseNeighbours

        held = self._held_already()
        if held is not None and held.has(label, id_):
            return held.neighbours
        return DatabaseNeighbours(self.store)

    def _held_already(self) -> "HeldModel | None":
        """The same without waiting for the first reading, and None where there is no model."""
        with suppress(ModelError):
            return None if self._memory is None else self._memory.current(wait=False)
        return None

    def _card(self) -> Card | None:
        """The graph's model, None where there is none."""
        with suppress(ModelError):
            return read_card(self.store)
        return None
