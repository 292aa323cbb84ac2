"""The embedded store: a folder with one owner, which other processes may join.

The first process that opens the folder starts the database in itself and writes into
``owner.json`` where it listens; a later one connects there. The folder is locked while it has
an owner, and the lock goes with the process, however that ends.
"""

import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from tastegraph.errors import StoreAccessError, StoreBusyError, StoreError
from tastegraph.graph.store.arcade_dialect import ArcadeDialect
from tastegraph.graph.store.arcade_http import run_sql
from tastegraph.graph.store.arcade_server import DATABASE, ArcadeServer, engine_version
from tastegraph.graph.store.settings import CARD

FORMAT = 1
_OWNER = "owner.json"
_LOCK = "owner.lock"
_LOADING = "loading"

# An owner that is starting up gets this long to say where it listens, in seconds.
_STARTING = 30.0


@dataclass
class EmbeddedStore:
    """An open embedded store: owned by this process, or joined.

    ``server`` is there for the owner alone. ``recovered`` says that an interrupted first load
    was cleared away when the store was opened.
    """

    folder: Path
    password: str
    bolt_port: int
    http_port: int
    server: ArcadeServer | None = None
    lock: FileLock | None = None
    recovered: bool = False

    database = DATABASE

    @classmethod
    def open(cls, folder: Path, brief: bool = False) -> "EmbeddedStore":
        """Own the store in ``folder``, made when absent, or join the process that owns it.

        ``brief`` is for a process that asks little and ends.
        """
        _prepare(folder)
        lock = FileLock(folder / _LOCK)
        deadline = time.monotonic() + _STARTING
        while True:
            try:
                lock.acquire(blocking=False)
            except Timeout:
                joined = _join(folder)
                if joined is not None:
                    return joined
                if time.monotonic() > deadline:
                    raise _busy(folder) from None
                time.sleep(0.1)
            else:
                return _own(folder, lock, brief)

    @property
    def uri(self) -> str:
        """Where it speaks Bolt."""
        return f"bolt://127.0.0.1:{self.bolt_port}"

    @property
    def dialect(self) -> ArcadeDialect:
        """ArcadeDB's dialect; its SQL runs in process for the owner, over HTTP for others."""
        if self.server is not None:
            return ArcadeDialect(self.server.sql, engine_version())
        return ArcadeDialect(
            lambda statement: run_sql(self.http_port, DATABASE, self.password, statement),
            engine_version(),
        )

    @contextmanager
    def first_load(self) -> Iterator[ArcadeServer]:
        """Load an empty graph through the bulk loader, which keeps no log to recover from.

        Until the block ends well, the folder is marked; whoever opens a marked folder starts
        from an empty graph again, so that a killed load leaves nothing half-written.
        """
        if self.server is None:
            raise StoreError("only the owner of the embedded store can load in bulk")
        mark = self.folder / _LOADING
        mark.touch()
        yield self.server
        self.server.reopen()
        mark.unlink()

    def close(self) -> None:
        """Stop the database if this process owns it, and let go of the folder."""
        if self.server is not None:
            (self.folder / _OWNER).unlink(missing_ok=True)
            self.server.stop()
        if self.lock is not None:
            self.lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = sorted(entry.name for entry in folder.iterdir())
    except (OSError, FileExistsError) as error:
        raise StoreAccessError(
            f"the store folder {folder} can't be used: {error.strerror or error}: "
            "give another --store"
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StoreAccessError(
            f"the store folder {folder} is not writable: change its rights, or give another --store"
        )
    if found and CARD not in found and not set(found) <= {_LOCK, CARD + ".new"}:
        raise StoreAccessError(
            f"{folder} holds {found[0]!r} and is no Tastegraph store: "
            "give --store an empty or a new folder"
        )


def _own(folder: Path, lock: FileLock, brief: bool) -> EmbeddedStore:
    try:
        password = _password(folder)
        recovered = (folder / _LOADING).exists()
        if recovered:
            shutil.rmtree(folder / "databases", ignore_errors=True)
            (folder / _LOADING).unlink()
        server = ArcadeServer(folder, password, brief)
        _write_privately(
            folder / _OWNER,
            {"pid": os.getpid(), "bolt_port": server.bolt_port, "http_port": server.http_port},
        )
    except OSError as error:
        lock.release()
        raise StoreAccessError(
            f"the store folder {folder} can't be written: {error.strerror or error}: make room "
            "or change its rights, or give another --store"
        ) from error
    except BaseException:
        lock.release()
        raise
    return EmbeddedStore(
        folder, password, server.bolt_port, server.http_port, server, lock, recovered
    )


def _join(folder: Path) -> EmbeddedStore | None:
    """Connect to the owner's ports; None while it has not said which."""
    try:
        owner = json.loads((folder / _OWNER).read_text(encoding="utf-8"))
        return EmbeddedStore(folder, _password(folder), owner["bolt_port"], owner["http_port"])
    except (FileNotFoundError, ValueError):
        return None


def _busy(folder: Path) -> StoreBusyError:
    return StoreBusyError(
        f"another process has locked the store in {folder} and does not answer: "
        "wait until it has ended, end it, or give another --store"
    )


def _password(folder: Path) -> str:
    """The store's own password, made with the store; checks that we can read the store."""
    card = folder / CARD
    if not card.exists():
        password = secrets.token_urlsafe(24)
        _write_privately(card, {"format": FORMAT, "engine": engine_version(), "password": password})
        return password
    try:
        written = json.loads(card.read_text(encoding="utf-8"))
        made_by, password = _numbers(str(written["engine"])), str(written["password"])
        made_as = written["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{card} is damaged ({error}): give another --store and load the data again"
        ) from error
    if made_as != FORMAT or made_by > _numbers(engine_version()):
        raise StoreError(
            f"the store in {folder} was made by another version (format {made_as}, "
            f"engine {written['engine']}; this one has format {FORMAT}, engine "
            f"{engine_version()}): update Tastegraph, or give another --store and load again"
        )
    return password


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _write_privately(file: Path, content: dict[str, object]) -> None:
    """Write a file that only its owner may read, at once or not at all."""
    new = file.with_name(file.name + ".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(content, out)
    new.replace(file)
