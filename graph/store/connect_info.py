"""How another program reaches the graph: address, database, user name, password."""

from dataclasses import dataclass

from tastegraph.errors import InputError
from tastegraph.graph.store.arcade_server import DATABASE, READER
from tastegraph.graph.store.embedded import USERNAME, Owner, password_of, reader_password
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.settings import CARD, Settings
from tastegraph.runtime.environment import PASSWORD


@dataclass(frozen=True)
class ConnectInfo:
    """What a client of Bolt is told.

    uri           None where nobody has the embedded store open, which then serves nobody
    username      None where the server asks for neither name nor password
    password_in   where the password is kept, if it is anywhere
    owner         the process that has the embedded store open
    """

    uri: str | None
    database: str
    username: str | None
    password: str | None
    password_in: str | None
    owner: Owner | None = None


def server_info(settings: Settings, store: GraphStore, read_only: bool = False) -> ConnectInfo:
    """That of a server, which is ``store``; its users are its own: InputError for ``read_only``."""
    if read_only:
        raise InputError(
            f"only an embedded store has a user who may only read; those of {settings.place} are "
            "for its administrator to make (CREATE USER, and a role with reader rights)"
        )
    user = settings.username or ("neo4j" if settings.password else None)
    return ConnectInfo(settings.place, store.database, user, settings.password, PASSWORD.name)


def embedded_info(settings: Settings, read_only: bool = False) -> ConnectInfo:
    """That of the embedded store of ``settings``, which is there and need not be open.

    With ``read_only`` that of the user who may only read, whose password is made of the store's.
    """
    password = password_of(settings.folder)
    owner = Owner.read(settings.folder)
    if owner is not None and not owner.answers:
        owner = None
    return ConnectInfo(
        owner.uri if owner else None,
        DATABASE,
        READER if read_only else USERNAME,
        reader_password(password) if read_only else password,
        None if read_only else str(settings.folder / CARD),
        owner,
    )
