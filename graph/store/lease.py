"""The one writer that a graph has at a time: a lease, kept as a node of the graph.

    (:WriteLease {id: 'writer', token, purpose, host, machine, pid, started, since, until, commits})

Who wants to write takes the lease by setting its own random ``token``, and lets go by removing it.
Every transaction of the writer ends by touching the lease by that token (``fence``): whoever has
lost the lease can't commit any more (a fencing token), and on Neo4j the lock on the node lets no
one take it in the middle of a commit. ``commits`` counts the writer's transactions, so that one
whose answer got lost can be looked for (``has_committed``).

A lease outlives its writer by little. Where the writer's process is on this machine, it ends with
the process; elsewhere ``until``, which the writer renews, passes. Times are the database's own
(``timestamp()``, in milliseconds), so that clocks that differ between machines do no harm.
"""

import platform
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from tastegraph.errors import StoreBusyError
from tastegraph.graph.store.dialect import LEASE
from tastegraph.runtime.process_identity import Process

# How long a lease holds that is not renewed, and how often it is; in seconds. While a transaction
# is being committed nothing renews it, hence the longer time.
LASTING, COMMITTING, RENEWING = 15, 60, 4

_LOOK = f"""
MATCH (l:{LEASE} {{id: 'writer'}})
RETURN l.token AS token, l.purpose AS purpose, l.host AS host, l.machine AS machine, l.pid AS pid,
       l.started AS started, l.since AS since, coalesce(l.until, 0) - timestamp() AS left
"""
# Neo4j reads anew what it has locked: the first SET is there for the lock alone.
_TAKE = f"""
MATCH (l:{LEASE} {{id: 'writer'}})
SET l.asked = $token
WITH l WHERE l.token IS NULL OR (l.token = $dead AND ($gone OR l.until < timestamp()))
SET l.token = $token, l.purpose = $purpose, l.host = $host, l.machine = $machine, l.pid = $pid,
    l.started = $started, l.since = timestamp(), l.commits = 0,
    l.until = timestamp() + 1000 * $lasting
RETURN l.token AS token
"""
_TOUCH = f"""
MATCH (l:{LEASE} {{id: 'writer'}})
SET l.asked = $token
WITH l WHERE l.token = $token
SET l.commits = coalesce($commits, l.commits), l.until = timestamp() + 1000 * $lasting
RETURN l.commits AS commits
"""
_RELEASE = f"""
MATCH (l:{LEASE} {{id: 'writer'}})
SET l.asked = $token
WITH l WHERE l.token = $token
SET l.token = null
"""

# Tokens of this process's own writers: one that is not among them was left behind by a failure.
_OURS: set[str] = set()


class Run(Protocol):
    """Runs one query and gives its rows."""

    def __call__(self, cypher: str, parameters: Mapping[str, Any], /) -> list[dict[str, Any]]:
        """Run ``cypher``."""


@dataclass(frozen=True)
class Holder:
    """Who holds a lease: ``since`` in ms of the database's clock, ``left`` ms until it passes."""

    token: str
    purpose: str
    host: str
    process: Process
    since: int
    left: int

    def __str__(self) -> str:
        """As a person reads it: what is being done, and by whom."""
        begun = datetime.fromtimestamp(self.since / 1000).astimezone()
        return (
            f"'{self.purpose}' of process {self.process.pid} on {self.host}, "
            f"which began at {begun:%H:%M:%S}"
        )

    def is_gone(self, *, embedded: bool) -> bool:
        """Whether it can't write any more, and does not know that it has lost the lease.

        An embedded store is written from one machine, where its processes are seen: a slow one
        keeps the lease.
        """
        if self.process.is_ours:
            return self.token not in _OURS
        ended = self.process.has_ended
        return bool(ended) or (self.left < 0 and not (embedded and ended is False))


def look(read: Run) -> Holder | None:
    """Who holds the lease, dead or alive; None where nobody does."""
    rows = read(_LOOK, {})
    if not rows or rows[0]["token"] is None:
        return None
    row = rows[0]
    process = Process(row["machine"], row["pid"], row["started"])
    return Holder(row["token"], row["purpose"], row["host"], process, row["since"], row["left"])


class Lease:
    """A lease that this process tries to take, holds, and lets go."""

    def __init__(self, purpose: str, place: str) -> None:
        self._token = secrets.token_hex(8)
        self._purpose = purpose
        self._place = place
        self._commits = 0
        # Renewing must not come between the touch of a transaction and its commit, where an
        # optimistic database would refuse the commit, nor wait for a transaction that has changed
        # the node and waits for it.
        self.committing = threading.RLock()

    def take(self, write: Run, dead: Holder | None) -> bool:
        """Try to take the lease, from ``dead`` where somebody left it; gives whether it is ours.

        The lease's node must be there.
        """
        process = Process.current()
        parameters = {
            "token": self._token,
            "dead": dead.token if dead else None,
            "gone": bool(dead and (dead.process.is_ours or dead.process.has_ended)),
            "purpose": self._purpose,
            "host": platform.node() or "this machine",
            "lasting": LASTING,
            **vars(process),
        }
        # Before it is in the graph, lest another thread takes it for one that was left behind.
        _OURS.add(self._token)
        taken = False
        try:
            taken = bool(write(_TAKE, parameters))
        finally:
            if not taken:
                _OURS.discard(self._token)
        return taken

    def fence(self, write: Run) -> int:
        """Touch the lease in a transaction that is about to be committed; gives its number.

        Raises StoreBusyError where the lease has been lost.
        """
        self._commits += 1
        parameters = {"token": self._token, "commits": self._commits, "lasting": COMMITTING}
        if not write(_TOUCH, parameters):
            raise StoreBusyError(
                f"another process has taken over the writing to {self._place}, since this one had "
                f"not been heard of for {LASTING} s: nothing of this step was written, run the "
                "same command again"
            )
        return self._commits

    def renew(self, write: Run) -> None:
        """Make the lease last; that it has been lost is for ``fence`` to see."""
        write(_TOUCH, {"token": self._token, "commits": None, "lasting": LASTING})

    def has_committed(self, write: Run, number: int) -> bool | None:
        """Whether the transaction of that number is in the graph; None where the lease is lost.

        A commit that is still under way is waited for, since it holds the node's lock.
        """
        rows = write(_TOUCH, {"token": self._token, "commits": None, "lasting": LASTING})
        return bool(rows[0]["commits"] >= number) if rows else None

    def release(self, write: Run) -> None:
        """Let go; where the database does not answer, the lease passes by itself."""
        try:
            write(_RELEASE, {"token": self._token})
        finally:
            # Not before: another thread would take it for one that was left behind.
            _OURS.discard(self._token)
