"""Emptying a Neo4j database between tests."""

from collections.abc import Collection

from neo4j import Driver, GraphDatabase, Session

from tests.neo4j_server import Auth

# In batches, since deleting everything at once does not fit a small heap.
DELETE_RELATIONSHIPS = "MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 10000 ROWS"
DELETE_NODES = "MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 10000 ROWS"
CONSTRAINTS = "SHOW CONSTRAINTS YIELD name"
INDEXES = "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'"


def wipe(uri: str, auth: Auth = None) -> None:
    """Delete all data, constraints and indexes but the two that every database is made with."""
    with open_driver(uri, auth) as driver, driver.session(database="neo4j") as session:
        delete_data(session)
        drop_schema(session)


def delete_data(session: Session) -> None:
    """Delete all nodes and relationships."""
    if nodes_of(session):
        session.run(DELETE_RELATIONSHIPS).consume()
        session.run(DELETE_NODES).consume()


def drop_schema(session: Session, keep: Collection[str] = ()) -> None:
    """Drop all constraints and indexes but those named in ``keep``.

    Constraints go first, since an index that one owns can't be dropped by itself.
    """
    for shown, kind in ((CONSTRAINTS, "CONSTRAINT"), (INDEXES, "INDEX")):
        if names := set(session.run(shown).value("name")) - set(keep):
            with session.begin_transaction() as transaction:
                for name in names:
                    transaction.run(f"DROP {kind} $name", name=name).consume()
                transaction.commit()


def count_nodes(uri: str, auth: Auth = None) -> int:
    """Count the nodes of the database."""
    with open_driver(uri, auth) as driver, driver.session(database="neo4j") as session:
        return nodes_of(session)


def nodes_of(session: Session) -> int:
    """Count the nodes, which the database does without looking at them."""
    nodes: int = session.run("MATCH (n) RETURN count(n) AS nodes").single(strict=True)["nodes"]
    return nodes


def open_driver(uri: str, auth: Auth) -> Driver:
    """Open a driver that tells nothing of what it finds deprecated or odd."""
    return GraphDatabase.driver(uri, auth=auth, notifications_min_severity="OFF")
