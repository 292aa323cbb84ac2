"""How long programs and people wait for ``tastegraph serve``."""

import http.client
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter, sleep
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from bench.stage import EMBEDDED, NEO4J, ROOT, Stage, say, tastegraph
from bench.table import Row, Section, spread

# Requests that are not counted, that are, and that are in a quick run; people whose pages are asked
# for, and by how many.
WARMING, ASKED, QUICK = 30, 200, 40
PEOPLE, CLIENTS = 24, 8

TITLE = "Serving"
HOW = (
    "`tastegraph serve` on the real data with its model, a process of its own; who asks is another "
    "on the same machine. Start: from the command until the first page is there; on the embedded "
    "store also before `serve` has prepared Java for the next time. Requests: over "
    "one connection a client, once the model is in memory; recommendations of another user each "
    f"time, after {WARMING} that are not counted; the pages of {PEOPLE} people, first each once, "
    "then again and again."
)
API = "`/api` recommendations of one user, k 10, one client"
WHAT_IF = "`/api/what-if`, one client"
PERSON = f"a person's page, {CLIENTS} clients at once"
FIRST = f"{PERSON}, for the first time"
BOUNDS = {EMBEDDED: ("6 s", "10 ms"), NEO4J: ("3 s", "30 ms")}

# Seconds until the model must be in memory, and until an answer that comes from there has come.
_READ, _AT_ONCE = 60.0, 0.025

# Seconds until the cache of Java must be there.
_PREPARED = 600.0

START = "start until the first page"
UNPREPARED = f"{START}, before Java is prepared"

JAVA_OFF = {"TASTEGRAPH_JAVA_CACHE": "off"}
"""The environment of a service that neither makes nor uses a cache of Java."""

_CHIPS = "friends=2&dislikes=id:65&moved_by=dislikes:65"

Times = dict[str, list[float]]


def measure(stage: Stage) -> Section:
    """Start the service on each store and ask it."""
    times: dict[str, Times] = {}
    for name, place in stage.stores().items():
        stage.ensure_trained(place)
        say(f"serving: {name}")
        times[name] = started(stage, place, is_embedded=name == EMBEDDED)
        with served(stage, place) as address:
            times[name] |= asked(address, _listeners(stage), stage.quick)
    return section(times, stage.missing())


def section(times: Mapping[str, Mapping[str, Sequence[float]]], notes: list[str]) -> Section:
    """Render the seconds of each store."""
    rows = []
    for name, timed in times.items():
        start, api = BOUNDS[name]
        rows += [
            Row(f"{name}: {what}", start if what == START else "", spread(timed[what], "s"))
            for what in (UNPREPARED, START)
            if what in timed
        ]
        rows += [
            Row(f"{name}: {API}", api, _percentiles(timed[API])),
            Row(f"{name}: {WHAT_IF}", "30 ms", _percentiles(timed[WHAT_IF])),
            Row(f"{name}: {FIRST}", "", _percentiles(timed[FIRST])),
            Row(f"{name}: {PERSON}", "50 ms, 95 % within 150 ms", _percentiles(timed[PERSON])),
        ]
    return Section(TITLE, HOW, rows, notes)


def started(stage: Stage, place: str, is_embedded: bool) -> Times:
    """Seconds until the first page, of a service that makes no cache of Java meanwhile."""
    times: Times = {}
    if is_embedded:
        times[UNPREPARED] = [_started(stage, place, JAVA_OFF) for _ in range(stage.repeats)]
        prepare_java(stage, place)
    return times | {START: [_started(stage, place) for _ in range(stage.repeats)]}


def prepare_java(stage: Stage, place: str) -> None:
    """Let a service make the cache of Java that later ones start from."""
    say("preparing Java")
    with served(stage, place) as address:
        _ask(_connection(address), "/")
        begun = perf_counter()
        while perf_counter() - begun < _PREPARED and not list(_cache(stage).glob("java/*.aot")):
            sleep(1)


def asked(address: str, listeners: Sequence[int], quick: bool) -> Times:
    """Seconds a request, of some of ``listeners``, to the service at ``address``."""
    wait_for_model(address)
    requests = WARMING + (QUICK if quick else ASKED)
    users = np.random.default_rng(0).choice(listeners, requests).tolist()
    pages = [f"/users/{user}" for user in dict.fromkeys(users)][:PEOPLE]
    artists = "likes=id:154&likes=id:190&likes=id:289"
    return {
        API: _one_client(address, [f"/api/users/{user}/recommendations?k=10" for user in users]),
        WHAT_IF: _one_client(address, [f"/api/what-if?{artists}&{_CHIPS}"] * len(users)),
        FIRST: _many_clients(address, pages),
        PERSON: _many_clients(address, pages * (requests // PEOPLE)),
    }


def _listeners(stage: Stage) -> list[int]:
    listens = pd.read_csv(stage.source / "user_artists.dat", sep="\t")
    return sorted(listens["userID"].unique().tolist())


@contextmanager
def served(stage: Stage, place: str, environment: Mapping[str, str] = {}) -> Iterator[str]:
    """Serve ``place`` for the length of the block; gives the address."""
    command = [*tastegraph(), "--store", place, "serve", "--port", "0"]
    process = subprocess.Popen(
        command,
        cwd=stage.folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TASTEGRAPH_CACHE": str(_cache(stage)),
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        if not address:
            raise ConnectionError(f"`{' '.join(command)}` ended with {process.wait()}")
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def _cache(stage: Stage) -> Path:
    return stage.folder / "cache"


def _started(stage: Stage, place: str, environment: Mapping[str, str] = {}) -> float:
    begun = perf_counter()
    with served(stage, place, environment) as address:
        _ask(_connection(address), "/")
        return perf_counter() - begun


def wait_for_model(address: str) -> None:
    """Come back once the service has its model in memory, which the first answers go without."""
    connection = _connection(address)
    begun, before = perf_counter(), 0.0
    while perf_counter() - begun < _READ:
        seconds = _timed(partial(_ask, connection, "/api/users/2/recommendations?k=10"))
        if before and max(seconds, before) < _AT_ONCE:
            return
        before = seconds
        sleep(0.2)


def _one_client(address: str, paths: Sequence[str]) -> list[float]:
    connection = _connection(address)
    seconds = [_timed(partial(_ask, connection, path)) for path in paths]
    return seconds[WARMING:]


def _many_clients(address: str, paths: Sequence[str]) -> list[float]:
    shares = [paths[at::CLIENTS] for at in range(CLIENTS)]

    def client(share: Sequence[str]) -> list[float]:
        connection = _connection(address)
        return [_timed(partial(_ask, connection, path)) for path in share]

    with ThreadPoolExecutor(CLIENTS) as clients:
        return [seconds for found in clients.map(client, shares) for seconds in found]


def _connection(address: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(address).netloc)


def _ask(connection: http.client.HTTPConnection, path: str) -> None:
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    if answer.status != http.client.OK:
        raise ConnectionError(f"{path} was answered by {answer.status}")


def _timed(ask: Callable[[], None]) -> float:
    begun = perf_counter()
    ask()
    return perf_counter() - begun


def _percentiles(seconds: Sequence[float]) -> str:
    middle, most = 1000 * np.percentile(seconds, [50, 95])
    return f"{middle:.1f} ms, 95 % within {most:.1f} ms"
