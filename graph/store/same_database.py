"""Whether somebody else's graph is in truth the store itself."""

from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

from tastegraph.errors import StoreError, StoreQueryError
from tastegraph.graph.store.embedded import Owner
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.graph.store.source_graph import SourceGraph

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_BOLT = 7687


def is_same_database(source: SourceGraph, store: Settings) -> bool:
    """Whether ``source`` is the very database of ``store``, whatever its address is called.

    A store that can't be asked is another one.
    """
    if not store.is_server:
        owner = Owner.read(store.folder)
        port = _local_port(source.place)
        return owner is not None and port is not None and port == _local_port(owner.uri)
    with suppress(StoreError), open_store(store) as opened:
        identity = _identity(opened.values)
        return identity is not None and identity == _identity(source.rows)
    return False


def _identity(ask: Callable[[str], list[list[object]]]) -> str | None:
    """What tells a database from all others, None where it does not say."""
    with suppress(StoreQueryError):
        return str(ask("CALL db.info() YIELD id RETURN id")[0][0])
    return None


def _local_port(uri: str) -> int | None:
    """The port of this machine that ``uri`` names."""
    parts = urlsplit(uri)
    return parts.port or _BOLT if parts.hostname in _LOOPBACK else None
