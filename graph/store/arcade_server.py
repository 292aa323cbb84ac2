"""ArcadeDB inside this process: its JVM, its server on loopback, its bulk loader."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from tastegraph.errors import InputError, StoreError
from tastegraph.graph.store.java_cache import JavaCache
from tastegraph.runtime.environment import BOLT_PORT, HEAP
from tastegraph.runtime.exhausted import exhausted
from tastegraph.runtime.ports import free_port, is_free
from tastegraph.runtime.process import stderr_to

DATABASE = "tastegraph"
READER = "reader"
"""The user who may read the database and nothing else."""

_READER_GROUP = {"access": [], "types": {"*": {"access": ["readRecord"]}}}

DEFAULT_HEAP = "1g"
# Less has no room for the batches of a first load.
LEAST_HEAP = 128 << 20
_SIZE = re.compile(r"([0-9]+)([kmgt]?)", re.IGNORECASE)
EDGES_A_MESSAGE = 10_000
# What a batch takes in is held in memory until it ends.
NODES_A_BATCH, EDGES_A_BATCH = 10_000, 5 * EDGES_A_MESSAGE
ATTEMPTS = 5
"""How often a server is started before ports that others take are a fault."""

_JVM_OPTIONS = [
    # The JVM guards the main thread's stack below this, and native code of NumPy and SciPy that
    # runs deeper there (LAPACK does, beyond 1 MB) crashes.
    "-Xss8m",
    "-XX:+UseSerialGC",
    # Signals belong to Python: it closes the store before it ends.
    "-Xrs",
    # Its HTTP server frees buffers in a way that Java would warn about on stderr.
    "--sun-misc-unsafe-memory-access=allow",
]

_LOGGING = """\
handlers=java.util.logging.FileHandler
java.util.logging.FileHandler.pattern={log}/arcadedb.%g.log
java.util.logging.FileHandler.limit=5000000
java.util.logging.FileHandler.count=2
java.util.logging.FileHandler.append=true
java.util.logging.FileHandler.formatter=java.util.logging.SimpleFormatter
.level=INFO
"""


def engine_version() -> str:
    """Version of the ArcadeDB engine that is installed, such as "26.10.2"."""
    import arcadedb_embedded

    return ".".join(str(arcadedb_embedded.__version__).split(".")[:3])


class ArcadeServer:
    """The embedded database server over ``folder``, with Bolt and HTTP on free loopback ports."""

    def __init__(
        self, folder: Path, password: str, reader_password: str, brief: bool = False
    ) -> None:
        _start_jvm(folder, brief)
        from arcadedb_embedded.exceptions import ArcadeDBError
        from jpype import JException

        self._folder = folder
        try:
            self._server = self._started(password)
            self._database = self._server.create_database(DATABASE)
            self._let_reader_in(reader_password)
        except (ArcadeDBError, JException) as error:
            raise _failure(
                folder,
                error,
                f"the embedded store in {folder} can't be opened: {error}. The log is in "
                f"{folder / 'log'}; loading the data into a new folder always works",
            ) from error

    def _started(self, password: str) -> Any:
        """A running server; its ports are free ones anew where another program has just taken
        one of those that were found.
        """
        from arcadedb_embedded import ArcadeDBServer
        from arcadedb_embedded.exceptions import ArcadeDBError

        for left in reversed(range(ATTEMPTS)):
            self.bolt_port = _bolt_port()
            self.http_port = free_port()
            server = ArcadeDBServer(str(self._folder), password, self._configuration())
            try:
                server.start()
            except ArcadeDBError:
                if not left or all(map(is_free, (self.bolt_port, self.http_port))):
                    raise
            else:
                break
        return server

    def _configuration(self) -> dict[str, Any]:
        return {
            "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "bolt_port": self.bolt_port,
            "http_port": self.http_port,
            # Its queries' errors come back with their reason; it serves this machine alone.
            "mode": "development",
        }

    def _let_reader_in(self, password: str) -> None:
        """Make the user who may only read, if that has not been done yet."""
        from jpype import JClass

        security = self._server._java_server.getSecurity()
        if security.existsUser(READER):
            return
        parsed = JClass("com.arcadedb.serializer.json.JSONObject")
        security.saveGroup(DATABASE, READER, parsed(json.dumps(_READER_GROUP)))
        user = {"name": READER, "password": str(security.encodePassword(password))}
        security.createUser(parsed(json.dumps({**user, "databases": {DATABASE: [READER]}})))

    def sql(self, statement: str) -> None:
        """Run one statement of ArcadeDB's SQL."""
        from arcadedb_embedded.exceptions import ArcadeDBError

        try:
            self._database.command("sql", statement)
        except ArcadeDBError as error:
            reason = f"the embedded store refused {statement!r}: {error}"
            raise _failure(self._folder, error, reason) from error

    def create_nodes(self, label: str, properties: Sequence[dict[str, Any]]) -> list[str]:
        """Create nodes fast; gives their record ids in the order of ``properties``."""
        made: list[str] = []
        for at in range(0, len(properties), NODES_A_BATCH):
            with self._bulk_errors(), self._database.graph_batch() as batch:
                made += batch.create_vertices(label, properties[at : at + NODES_A_BATCH])
        return made

    def create_relationships(
        self, type_: str, count: int, messages: Iterable[list[dict[str, Any]]]
    ) -> None:
        """Create ``count`` relationships fast, given as rows of their properties with ``_src`` and
        ``_dst``, the record ids of their nodes; ``EDGES_A_MESSAGE`` rows a message.
        """
        sent = iter(messages)
        for left in range(count, 0, -EDGES_A_BATCH):
            expected = min(left, EDGES_A_BATCH)
            with (
                self._bulk_errors(),
                self._database.graph_batch(expected_edge_count=expected) as batch,
            ):
                for rows in islice(sent, EDGES_A_BATCH // EDGES_A_MESSAGE):
                    _add_edges(batch, type_, rows)

    def reopen(self) -> None:
        """Close the database and open it again, which writes everything to disk."""
        self._database.close()
        self._database = self._server.get_database(DATABASE)

    def stop(self) -> None:
        """Close the database and stop serving."""
        self._server.stop()

    @contextmanager
    def _bulk_errors(self) -> Iterator[None]:
        from arcadedb_embedded.exceptions import ArcadeDBError
        from jpype import JException

        try:
            yield
        except (ArcadeDBError, JException) as error:
            reason = f"the embedded store could not take the data: {error}"
            raise _failure(self._folder, error, reason) from error


def java_cache() -> JavaCache | None:
    """The cache that the JVM starts with where it is there; None where it takes none."""
    return JavaCache.of(_JVM_OPTIONS)


def _bolt_port() -> int:
    """A port for Bolt: the one that the environment names, or a free one."""
    named = BOLT_PORT.value
    if named is None:
        return free_port()
    if not (named.isascii() and named.isdecimal() and 0 < int(named) < 65536):
        raise InputError(f"{BOLT_PORT.name}={named} is no port: give a number from 1 to 65535")
    if not is_free(int(named)):
        raise StoreError(
            f"port {named} is taken: end what listens there, or set {BOLT_PORT.name} otherwise"
        )
    return int(named)


def _add_edges(batch: Any, type_: str, rows: list[dict[str, Any]]) -> None:
    """Add edges as one JSON text.

    ``batch.new_edges`` does the same, but edge by edge where a property is a list, which takes
    twice as long; hence its own bridge to Java, which takes lists, is called here.
    """
    from arcadedb_embedded.results import _bridge_class

    _bridge_class("EdgeBatcher").newEdgesJson(batch._java_graph_batch, type_, json.dumps(rows))


def _start_jvm(folder: Path, brief: bool) -> None:
    """Start the JVM once a process, with its logs kept in the ``folder`` opened first.

    For a ``brief`` process it compiles quickly rather than well, which halves the time to the
    first answer; what runs longer is slower so.
    """
    from jpype import isJVMStarted

    _require_heap(folder)
    log = folder / "log"
    log.mkdir(exist_ok=True)
    # A second store of this process shares the JVM, which takes no other settings by then.
    if isJVMStarted():
        return
    cache = java_cache()
    configuration = folder / "logging.properties"
    configuration.write_text(_LOGGING.format(log=log.as_posix()), encoding="utf-8")
    with _starting(folder), stderr_to(log / "jvm.log"):
        from arcadedb_embedded.jvm import start_jvm

        start_jvm(
            heap_size=HEAP.value or DEFAULT_HEAP,
            jvm_args=[
                *_JVM_OPTIONS,
                f"-Djava.util.logging.config.file={configuration}",
                f"-XX:ErrorFile={log}/crash_%p.log",
                *(cache.options if cache else []),
                *(["-XX:TieredStopAtLevel=1"] if brief else []),
            ],
        )
    _javastderr_to(log / "jvm.log")


def _require_heap(folder: Path) -> None:
    """StoreError where the environment gives Java less than any work takes."""
    size = _SIZE.fullmatch(HEAP.value or DEFAULT_HEAP)
    if size and int(size[1]) << 10 * " kmgt".index(size[2].lower() or " ") < LEAST_HEAP:
        raise StoreError(
            f"Java has too little memory for the embedded store in {folder} ({_heap()}): give it "
            f"{LEAST_HEAP >> 20}m or more, such as {HEAP.name}=2g, and run the same command again"
        )


@contextmanager
def _starting(folder: Path) -> Iterator[None]:
    """Say what to do where the JVM does not start: its own words tell a person nothing."""
    from arcadedb_embedded.exceptions import ArcadeDBError

    try:
        yield
    except (ArcadeDBError, OSError) as error:
        raise _failure(
            folder,
            error,
            f"Java does not start for the embedded store in {folder} ({error}): is there memory, "
            f"and is its size written as in {HEAP.name}=2g ({_heap()})? Java's own words are in "
            f"{folder / 'log' / 'jvm.log'}",
        ) from error


def _failure(folder: Path, error: Exception, otherwise: str) -> StoreError:
    """What has run out, if anything has, or the words that are given."""
    if "OutOfMemoryError" in str(error):
        return StoreError(
            f"Java ran out of memory in the embedded store: give it more, such as {HEAP.name}=2g "
            f"({_heap()}), and run the same command again"
        )
    return exhausted(folder) or StoreError(otherwise)


def _heap() -> str:
    return f"{HEAP.name}={HEAP.value}" if HEAP.value else f"{HEAP.name} is not set: {DEFAULT_HEAP}"


def _javastderr_to(file: Path) -> None:
    """Send what Java code prints on stderr to ``file``: a full disk makes its logging complain."""
    from jpype import JClass

    stream = JClass("java.io.FileOutputStream")(str(file), True)
    JClass("java.lang.System").setErr(JClass("java.io.PrintStream")(stream, True))
