"""The embedded store: a folder with one owner, which other processes may join.

The first process that opens the folder starts the database in itself and writes into
``owner.json`` who it is and, once it does, where it listens; a later one connects there. The
folder is locked while it has an owner, and the lock goes with the process, however that ends.
"""

import hmac
import json
import os
import secrets
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from tastegraph.errors import StoreAccessError, StoreBusyError, StoreError
from tastegraph.graph.store.arcade_dialect import ArcadeDialect
from tastegraph.graph.store.arcade_http import run_sql
from tastegraph.graph.store.arcade_server import DATABASE, READER, ArcadeServer, engine_version
from tastegraph.graph.store.settings import CARD
from tastegraph.runtime.exhausted import exhausted
from tastegraph.runtime.notes import Note, Patience, unsaid
from tastegraph.runtime.process_identity import Process

FORMAT = 1
USERNAME = "root"
"""The user of every embedded store."""

_OWNER = "owner.json"
_LOCK = "owner.lock"
_LOADING = "loading"

# What a store consists of before its card has been written.
_UNFINISHED = {_LOCK, _OWNER, _OWNER + ".new", CARD + ".new"}

# An owner that lives gets this long to open the store, and one that does not say who it is this
# long to say so; in seconds.
_OPENING, _STARTING = 600.0, 30.0


@dataclass
class EmbeddedStore:
    """An open embedded store: owned by this process, or joined.

    ``server`` is there where ``owner`` is this process. ``recovered`` says that an interrupted
    first load was cleared away when the store was opened.
    """

    folder: Path
    password: str
    owner: "Owner"
    server: ArcadeServer | None = None
    lock: FileLock | None = None
    recovered: bool = False

    database = DATABASE

    @classmethod
    def open(cls, folder: Path, brief: bool = False, note: Note = unsaid) -> "EmbeddedStore":
        """Own the store in ``folder``, made when absent, or join the process that owns it.

        ``brief`` is for a process that asks little and ends; ``note`` is told who is waited for.
        Raises StoreAccessError, and StoreBusyError where an owner does not get as far as to answer.
        """
        _prepare(folder)
        lock = FileLock(folder / _LOCK, mode=0o600)
        living, unknown = Patience(note, _OPENING), Patience(note, _STARTING)
        while True:
            try:
                lock.acquire(blocking=False)
            except Timeout:
                owner = Owner.read(folder)
                if owner is not None and owner.answers:
                    return cls(folder, password_of(folder), owner)
                lives = owner is not None and owner.process.has_ended is False
                patience = living if lives else unknown
                if patience.is_over:
                    raise _busy(folder, owner if lives else None) from None
                patience.wait(0.1, f"waiting until {folder} is open in {owner or 'its process'}")
            else:
                return _own(folder, lock, brief)

    @property
    def is_unsettled(self) -> bool:
        """Whether the owner that was joined is ending or has ended, or closes the database to
        open it anew, or has done so: what it answered then may be anything.
        """
        if self.server is not None:
            return False
        if Owner.read(self.folder) != self.owner or self.owner.process.has_ended:
            return True
        return (self.folder / _LOADING).exists()

    @property
    def uri(self) -> str:
        """Where it speaks Bolt."""
        return self.owner.uri

    @property
    def dialect(self) -> ArcadeDialect:
        """ArcadeDB's dialect."""
        return ArcadeDialect(engine_version())

    def run_sql(self, statement: str) -> None:
        """Run a statement of ArcadeDB's SQL: in process for the owner, over HTTP for others.

        What it raises is what the driver would.
        """
        if self.server is not None:
            self.server.sql(statement)
        else:
            run_sql(self.owner.http_port, DATABASE, self.password, statement)

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
        self.owner = replace(self.owner, openings=self.owner.openings + 1)
        self.owner.write(self.folder)
        mark.unlink()

    def close(self) -> None:
        """Stop the database if this process owns it, and let go of the folder."""
        if self.server is not None:
            (self.folder / _OWNER).unlink(missing_ok=True)
            self.server.stop()
            _make_private(self.folder)
        if self.lock is not None:
            self.lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _prepare(folder: Path) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StoreAccessError(
            f"the store folder {folder} is not writable: change its rights, or give another --store"
        )
    refuse_strange(folder)


def refuse_strange(folder: Path) -> None:
    """Raise StoreAccessError where ``folder`` is there and holds something that is no store."""
    try:
        found = sorted(entry.name for entry in folder.iterdir()) if folder.exists() else []
    except OSError as error:
        raise _unusable(folder, error) from error
    if found and CARD not in found and not set(found) <= _UNFINISHED:
        raise StoreAccessError(
            f"{folder} holds {found[0]!r} and is no Tastegraph store: "
            "give --store an empty or a new folder"
        )


def _unusable(folder: Path, error: OSError) -> StoreAccessError:
    return StoreAccessError(
        f"the store folder {folder} can't be used: {error.strerror or error}: give another --store"
    )


@dataclass(frozen=True)
class Owner:
    """The process that owns a store.

    Its ports are 0 until it listens; ``openings`` counts how often it opened the database anew.
    """

    process: Process
    bolt_port: int = 0
    http_port: int = 0
    openings: int = 0

    @classmethod
    def read(cls, folder: Path) -> "Owner | None":
        """The owner that the folder names, which may have ended; None where it names none."""
        try:
            known = json.loads((folder / _OWNER).read_text(encoding="utf-8"))
            process = Process(known["machine"], known["pid"], known["started"])
            return cls(process, known["bolt_port"], known["http_port"], known["openings"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, folder: Path) -> None:
        """Let the folder name this owner."""
        others = {name: value for name, value in vars(self).items() if name != "process"}
        _write_privately(folder / _OWNER, vars(self.process) | others)

    @property
    def answers(self) -> bool:
        """Whether it listens, as far as can be seen."""
        if not self.bolt_port or self.process.has_ended:
            return False
        return self.process.has_ended is False or _is_open(self.bolt_port)

    @property
    def uri(self) -> str:
        """Where it speaks Bolt."""
        return f"bolt://127.0.0.1:{self.bolt_port}"

    def __str__(self) -> str:
        """As a person finds it."""
        return f"process {self.process.pid}"


def _is_open(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1.0):
            return True
    except OSError:
        return False


def _own(folder: Path, lock: FileLock, brief: bool) -> EmbeddedStore:
    try:
        # Who comes next must not take a dead owner's ports for ours.
        Owner(Process.current()).write(folder)
        password = password_of(folder)
        recovered = (folder / _LOADING).exists()
        if recovered:
            shutil.rmtree(folder / "databases", ignore_errors=True)
            (folder / _LOADING).unlink()
        server = _started(folder, password, brief)
        owner = Owner(Process.current(), server.bolt_port, server.http_port)
        owner.write(folder)
    except OSError as error:
        lock.release()
        raise exhausted(folder) or StoreAccessError(
            f"the store folder {folder} can't be written: {error.strerror or error}: make room "
            "or change its rights, or give another --store"
        ) from error
    except BaseException:
        lock.release()
        raise
    return EmbeddedStore(folder, password, owner, server, lock, recovered)


def _started(folder: Path, password: str, brief: bool) -> ArcadeServer:
    """The server, whose files nobody else may read."""
    usual = os.umask(0o077)
    try:
        return ArcadeServer(folder, password, reader_password(password), brief)
    finally:
        os.umask(usual)
        _make_private(folder)


def _make_private(folder: Path) -> None:
    """Take the rights of others from the folder and all that is in it, as far as it is ours.

    The database makes files whenever it likes; that nobody can enter the folder keeps these too.
    """
    for place in (folder, *folder.rglob("*")):
        with suppress(OSError):
            mode = place.lstat().st_mode
            if not place.is_symlink() and mode & 0o077:
                place.chmod(mode & 0o700)


def _busy(folder: Path, owner: Owner | None) -> StoreBusyError:
    if owner is not None:
        return StoreBusyError(
            f"{owner} is opening the store in {folder} and has not got there in {_OPENING:.0f} s: "
            "wait until it answers, end it, or give another --store"
        )
    return StoreBusyError(
        f"another process has locked the store in {folder} and does not answer: "
        "wait until it has ended, end it, or give another --store"
    )


def password_of(folder: Path) -> str:
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


def reader_password(password: str) -> str:
    """The password of the user who may only read, from which nobody learns the store's own."""
    return hmac.new(password.encode(), READER.encode(), "sha256").hexdigest()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _write_privately(file: Path, content: dict[str, object]) -> None:
    """Write a file that only its owner may read, at once or not at all."""
    new = file.with_name(file.name + ".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(content, out)
    new.replace(file)
