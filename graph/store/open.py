"""Opening the store that the settings name: a server, or the embedded store in a folder."""

import atexit
import re
from collections.abc import Callable

from neo4j import Driver, GraphDatabase

from tastegraph.errors import NotFoundError, StoreAccessError
from tastegraph.graph.store.arcade_server import READER
from tastegraph.graph.store.connection import Connection, Link
from tastegraph.graph.store.driver_errors import raising_store_errors
from tastegraph.graph.store.embedded import (
    USERNAME,
    EmbeddedStore,
    reader_password,
    refuse_strange,
)
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.neo4j_dialect import Neo4jDialect
from tastegraph.graph.store.settings import Settings
from tastegraph.graph.store.source_graph import SourceGraph, raising_source_errors
from tastegraph.runtime.environment import SOURCE_PASSWORD, SOURCE_USERNAME
from tastegraph.runtime.notes import Note, speaking, unsaid
from tastegraph.runtime.process import quieten


def open_store(
    settings: Settings, brief: bool = False, create: bool = True, note: Note = unsaid
) -> GraphStore:
    """Open the store that ``settings`` names; a missing folder is made with ``create`` alone.

    ``brief`` says that this process asks a few queries and ends, so that an embedded store is
    opened for a quick first answer. ``note`` is told what is waited for.

    Raises StoreUnreachableError, StoreAccessError, StoreBusyError or NotFoundError.
    """
    make = _server_link if settings.is_server else _embedded_link
    if not create and not settings.exists:
        refuse_strange(settings.folder)
        raise NotFoundError(
            f"there is no store in {settings.place}: 'tastegraph load PATH' makes one of your "
            "data, 'tastegraph demo' one of made-up data"
        )

    def link() -> Link:
        return make(settings, brief, note)

    return GraphStore(Connection(settings.place, link(), link, note, settings.limits))


def open_source(settings: Settings, note: Note = unsaid) -> SourceGraph:
    """Open somebody else's graph (``Settings.of_source``), in which nothing of ours is made.

    Raises StoreUnreachableError, StoreAccessError or NotFoundError.
    """
    if settings.username and not settings.password:
        raise StoreAccessError(
            f"{SOURCE_USERNAME.name} is set, but there is no password for {settings.place}: set "
            f"{SOURCE_PASSWORD.name}"
        )

    def link() -> Link:
        return _link(settings, note, _database_of_source)

    with raising_source_errors(settings.place):
        opened = link()
    return SourceGraph(Connection(settings.place, opened, link, note))


def _embedded_link(settings: Settings, brief: bool, note: Note) -> Link:
    embedded = EmbeddedStore.open(settings.folder, brief, note)
    try:
        driver = _driver(embedded.uri, USERNAME, embedded.password)
        reader = _driver(embedded.uri, READER, reader_password(embedded.password))
        link = Link(driver, embedded.database, embedded.dialect, embedded, reader)
    except BaseException:
        embedded.close()
        raise
    # Java's threads let no program end that has not closed its store.
    atexit.register(link.close)
    return link


def _server_link(settings: Settings, brief: bool, note: Note) -> Link:
    if settings.username and not settings.password:
        raise StoreAccessError(
            f"NEO4J_USERNAME is set, but there is no password for {settings.place}: "
            "set NEO4J_PASSWORD"
        )
    with raising_store_errors(settings.place):
        return _link(settings, note, _database)


def _link(
    settings: Settings,
    note: Note,
    database: Callable[[Driver, Settings], tuple[str, tuple[int, ...]]],
) -> Link:
    with speaking(note, f"{settings.place} has not answered yet"):
        user = settings.username or ("neo4j" if settings.password else None)
        driver = _driver(settings.place, user, settings.password)
        try:
            name, release = database(driver, settings)
            return Link(driver, name, Neo4jDialect(release))
        except BaseException:
            driver.close()
            raise


def _database(driver: Driver, settings: Settings) -> tuple[str, tuple[int, ...]]:
    """The database's name and the server's release, as in (5, 26).

    Asking for them also proves that it is there and lets us in.
    """
    # One attempt: a server that is not there is said at once, not after a retry's minute.
    with driver.session(database=settings.database) as session:
        record = session.run(
            "CALL db.info() YIELD name CALL dbms.components() YIELD name AS part, versions "
            "WITH name, part, versions WHERE part = 'Neo4j Kernel' RETURN name, versions[0]"
        ).single(strict=True)
    return str(record[0]), tuple(map(int, re.findall(r"\d+", record[1])[:2]))


def _database_of_source(driver: Driver, settings: Settings) -> tuple[str, tuple[int, ...]]:
    """The name alone, of what need not be Neo4j, and has no such procedures then."""
    with driver.session(database=settings.database) as session:
        summary = session.run("RETURN 1").consume()
    return summary.database or settings.database or "", ()


def _driver(uri: str, user: str | None, password: str | None) -> Driver:
    # Notifications (an unknown label in an empty graph) are for developers, not for stderr.
    quieten("neo4j")
    return GraphDatabase.driver(
        uri,
        auth=(user, password or "") if user else None,
        # Trying again is for the connection, which says that it does.
        max_transaction_retry_time=0.0,
        connection_timeout=10.0,
        notifications_min_severity="OFF",
    )
