"""Graphs that are made once a session on each store, and put back for every test that asks.

To load and train costs a server seconds, most of them to plan its queries anew after each index;
to put back what that has made plans little. What is put back is all that was there: nodes,
relationships, constraints and indexes.
"""

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from neo4j import Session

from tastegraph.graph.store.dialect import VECTOR_INDEXES
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tests.neo4j_server import Auth
from tests.neo4j_wipe import delete_data, drop_schema, open_driver, wipe

Make = Callable[[GraphStore], object]
"""What fills an empty store; what it gives is kept with the graph."""

Indexes = list[list[Any]]
"""Name, type, labels, properties, options and state of each."""

# What serves, with the lengths of vectors.
_INDEXES = (
    "SHOW INDEXES YIELD name, type, labelsOrTypes, properties, options, state "
    "RETURN name, type, labelsOrTypes, properties, options, state ORDER BY name"
)
_NODES = "MATCH (n) RETURN labels(n) AS labels, properties(n)"
_RELATIONS = (
    "MATCH (s)-[r]->(e) RETURN [labels(s)[0], type(r), labels(e)[0]], s.id, e.id, properties(r)"
)


@dataclass(frozen=True)
class Filled:
    """Where a graph is, and what the function that made it gave."""

    place: Settings
    given: Any


@dataclass(frozen=True)
class _Copy:
    """All that is in a database: rows of properties by label, and of ends and properties by
    the labels and the type.
    """

    nodes: dict[str, list[dict[str, Any]]]
    relations: dict[tuple[str, str, str], list[list[Any]]]
    indexes: Indexes
    given: object


# What has been made in this session: folders, and on servers.
_folders: dict[Make, tuple[Path, object]] = {}
_copies: dict[tuple[str, Make], _Copy] = {}

# The constraints and indexes that opening a store makes, by server.
_usual: dict[str, Indexes] = {}


def copied_folder(factory: pytest.TempPathFactory, make: Make) -> Filled:
    """A new embedded store with what ``make`` makes."""
    if make not in _folders:
        made = factory.mktemp("prepared") / "store"
        with open_store(Settings.of(made)) as store:
            _folders[make] = made, make(store)
    source, given = _folders[make]
    folder = factory.mktemp("embedded") / "store"
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("owner*"))
    return Filled(Settings.of(folder), given)


def filled_server(place: Settings, make: Make) -> Filled:
    """The server at ``place`` with what ``make`` makes and nothing else."""
    copy = _copies.get((place.place, make))
    if copy is None:
        empty_server(place)
        with open_store(place) as store:
            given = make(store)
        with _session(place) as session:
            copy = _copies[place.place, make] = _taken(session, given)
    else:
        with _session(place) as session:
            delete_data(session)
            _set_indexes(session, place, copy.indexes)
            _put(session, copy)
    return Filled(place, copy.given)


def empty_server(place: Settings) -> None:
    """Leave nothing on the server at ``place`` but what opening a store there makes.

    Each constraint and index that comes or goes has the server plan all its queries anew, which
    takes longer than most tests.
    """
    with _session(place) as session:
        delete_data(session)
        if place.place in _usual:
            _set_indexes(session, place, _usual[place.place])
        else:
            drop_schema(session)
            _make_indexes(session, place)
            _usual[place.place] = _indexes(session)


def wipe_server(place: Settings) -> None:
    """Leave on the server at ``place`` what a server has that nobody ever used."""
    wipe(place.place, _auth(place))


@contextmanager
def _session(place: Settings) -> Iterator[Session]:
    with (
        open_driver(place.place, _auth(place)) as driver,
        driver.session(database="neo4j") as session,
    ):
        yield session


def _auth(place: Settings) -> Auth:
    return (place.username or "neo4j", place.password) if place.password else None


def _indexes(session: Session) -> Indexes:
    return [list(record) for record in session.run(_INDEXES)]


def _set_indexes(session: Session, place: Settings, wanted: Indexes) -> None:
    """Drop what is too much in a database without data, and make what is missing."""
    here = _indexes(session)
    if here == wanted:
        return
    drop_schema(session, keep=[row[0] for row in here if row in wanted])
    _make_indexes(session, place, _dimensions(wanted))


def _make_indexes(session: Session, place: Settings, dimensions: int | None = None) -> None:
    with open_store(place) as store:
        store.dialect.create_schema(store)
        if dimensions:
            store.dialect.create_vector_indexes(store, dimensions)
    # What opening leaves is not what a test's graph has.
    delete_data(session)


def _dimensions(indexes: Indexes) -> int | None:
    """How long the vectors in the indexes are, if there are any."""
    names = [name for name, _ in VECTOR_INDEXES]
    for name, _, _, _, options, _ in indexes:
        if name in names:
            return int(options["indexConfig"]["vector.dimensions"])
    return None


def _taken(session: Session, given: object) -> _Copy:
    nodes, relations = defaultdict(list), defaultdict(list)
    for (label,), properties in session.run(_NODES).values():
        nodes[label].append(properties)
    for ends, *row in session.run(_RELATIONS).values():
        relations[tuple(ends)].append(row)
    return _Copy(dict(nodes), dict(relations), _indexes(session), given)


def _put(session: Session, copy: _Copy) -> None:
    with session.begin_transaction() as transaction:
        for label, rows in copy.nodes.items():
            transaction.run(
                f"UNWIND $rows AS row CREATE (n:{label}) SET n = row", rows=rows
            ).consume()
        for (start, type_, end), rows in copy.relations.items():
            transaction.run(
                f"UNWIND $rows AS row MATCH (s:{start} {{id: row[0]}}) "
                f"MATCH (e:{end} {{id: row[1]}}) CREATE (s)-[r:{type_}]->(e) SET r = row[2]",
                rows=rows,
            ).consume()
        transaction.commit()
