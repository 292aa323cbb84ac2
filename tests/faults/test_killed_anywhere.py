"""Every command that writes, killed with -9 anywhere in its work, and run again.

A few commands are, in a chain of all, unless FAULTS_KILLS in the environment says how many
chains there are to be on each store, in which every command is. FAULTS_SEED chooses the moments.
"""

import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tastegraph.graph.store.settings import Settings
from tests.contract.conftest import empty_place
from tests.faults.chain import (
    Blow,
    Sources,
    Undisturbed,
    commands,
    disturbed,
    line,
    run_here,
    state,
    undisturbed,
)
from tests.faults.forked import Moment, run

pytestmark = pytest.mark.slow

CHAINS = int(os.environ.get("FAULTS_KILLS", "0"))
A_FEW = 4
SEED = int(os.environ.get("FAULTS_SEED", "1"))


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    return Sources.make(tmp_path_factory.mktemp("sources"))


@pytest.fixture(scope="module")
def expected(
    request: pytest.FixtureRequest, sources: Sources, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Undisturbed]:
    with empty_place(request, "neo4j") as place:
        return undisturbed(place, sources, tmp_path_factory.mktemp("undisturbed"))


@pytest.fixture(params=["neo4j", "embedded"])
def place(request: pytest.FixtureRequest) -> Iterator[Settings]:
    with empty_place(request, request.param) as found:
        yield found


@pytest.mark.parametrize("number", range(CHAINS or 1))
def test_the_graph_is_as_if_nobody_had_been_killed(
    place: Settings, number: int, sources: Sources, expected: dict[str, Undisturbed], desk: Path
) -> None:
    chance = random.Random(f"{SEED} {number} {place.is_server}")

    def kill(name: str, full: list[object]) -> Blow:
        delay = chance.choice((None, chance.uniform(0, 0.02), chance.uniform(0, 0.2)))
        moment = Moment(chance.randint(1, expected[name].messages), delay)
        ended = run(full, desk, moment)
        assert ended.code in (0, -signal.SIGKILL), (name, moment, ended)
        return Blow(moment, bool(ended.code), ended.code)

    chosen = chance.sample(list(expected), len(expected) if CHAINS else A_FEW)
    hit = disturbed(place, sources, expected, chosen, kill)
    print(f"\n{'server' if place.is_server else 'embedded'}: {hit} kills")


def test_the_stores_hold_the_same(
    tmp_path: Path, sources: Sources, expected: dict[str, Undisturbed]
) -> None:
    place = Settings.of(tmp_path / "store")
    for name, arguments in commands(sources).items():
        assert run_here(line(place, arguments))[0] == 0
        assert state(place) == expected[name].digest, name
