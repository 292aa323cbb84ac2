"""Every command that writes, on a line that breaks or with a server that goes away in its middle.

A few commands are, unless FAULTS_OUTAGES in the environment says how many chains there are to be,
in which every command is. FAULTS_SEED chooses what goes wrong, and when.
"""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tastegraph.graph.store.settings import Settings
from tests.contract.prepared import empty_server
from tests.faults.chain import Blow, Sources, Undisturbed, commands, disturbed, line, state
from tests.faults.forked import assert_clear_end, run
from tests.faults.proxy import Fault, Line, Proxy
from tests.neo4j_packages import NEO4J_5, UnavailableError
from tests.neo4j_server import Neo4jServer

pytestmark = pytest.mark.slow

CHAINS = int(os.environ.get("FAULTS_OUTAGES", "0"))
A_FEW = 3
SEED = int(os.environ.get("FAULTS_SEED", "1"))

# Server and driver look so often whether the other is there: 2 minutes otherwise.
KEEP_ALIVE = [
    "server.bolt.connection_keep_alive=1s",
    "server.bolt.connection_keep_alive_for_requests=ALL",
]
FROZEN = 5.0


@dataclass(frozen=True)
class Chain:
    """The way to a server, and what each command leaves and sends where nothing goes wrong."""

    server: Neo4jServer
    place: Settings
    proxy: Proxy
    sources: Sources
    expected: dict[str, Undisturbed]


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    sources = Sources.make(tmp_path_factory.mktemp("sources"))
    desk = tmp_path_factory.mktemp("undisturbed")
    try:
        server = Neo4jServer(NEO4J_5, settings=KEEP_ALIVE)
    except UnavailableError as reason:
        pytest.skip(str(reason))
    with server, Proxy(server.bolt_port) as proxy:
        place, expected = Settings(server.uri, None), {}
        for name, arguments in commands(sources).items():
            proxy.arm()
            ended = run(through(proxy, line(place, arguments)), desk)
            assert ended.code == 0, (name, ended)
            expected[name] = Undisturbed(state(place), proxy.pieces)
        yield Chain(server, place, proxy, sources, expected)


def through(proxy: Proxy, arguments: list[object]) -> list[object]:
    """The same command by way of ``proxy``."""
    return ["--store", proxy.uri, *arguments[2:]]


def outages(server: Neo4jServer) -> dict[str, Callable[[], None]]:
    """What can happen to the server; it is there again afterwards."""

    def killed() -> None:
        server.send(signal.SIGKILL)
        server.stop()
        server.start()

    def stopped() -> None:
        server.stop()
        server.start()

    def frozen() -> None:
        server.send(signal.SIGSTOP)
        time.sleep(FROZEN)
        server.send(signal.SIGCONT)

    return {"killed": killed, "stopped": stopped, "frozen": frozen}


LINES: dict[str, Fault] = {"reset": Line.reset, "silent": Line.silence, "slow": Line.slow}


@pytest.mark.parametrize("number", range(CHAINS or 1))
def test_the_graph_is_as_if_nothing_had_gone_wrong(chain: Chain, number: int, desk: Path) -> None:
    chance = random.Random(f"outages {SEED} {number}")
    happens = outages(chain.server)

    def strike(name: str, full: list[object]) -> Blow:
        kind = chance.choice([*LINES, *happens])
        at = chance.randint(1, chain.expected[name].messages)
        outage = threading.Thread(target=happens.get(kind))
        chain.proxy.arm(at, LINES.get(kind) or (lambda line: outage.start()))
        ended = run(through(chain.proxy, full), desk)
        if outage.ident:
            outage.join()
        assert_clear_end(ended)
        return Blow((kind, at), chain.proxy.struck, ended.code)

    chosen = chance.sample(list(chain.expected), len(chain.expected) if CHAINS else A_FEW)
    empty_server(chain.place)
    hit = disturbed(chain.place, chain.sources, chain.expected, chosen, strike)
    print(f"\n{hit} outages")
