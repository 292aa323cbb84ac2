"""A training too large for one transaction that dies at any moment, and who asks next.

Environment: FAULTS_KILLS says how many kills there are on each store, FAULTS_SEED at which moments.
"""

import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.models.storage.model_card import consistent_read
from tests.contract.conftest import empty_place
from tests.faults.chain import TRAINING, Sources, line
from tests.faults.digest import assert_sound, digest
from tests.faults.forked import Moment, in_batches, run
from tests.faults.program import run as run_program
from tests.faults.program import struck

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("FAULTS_KILLS", "4"))
SEED = int(os.environ.get("FAULTS_SEED", "1"))

OLD = (*TRAINING, "--dimensions", 8, "--seed", 1)
NEW = (*TRAINING, "--dimensions", 6, "--seed", 2)

MODELS = "MATCH (m:Model) RETURN m.switching, m.inBatches"
KEPT = "MATCH (m:KeptModel) RETURN m.id ORDER BY m.id"


@pytest.fixture(params=["neo4j", "embedded"])
def place(request: pytest.FixtureRequest) -> Iterator[Settings]:
    with empty_place(request, request.param) as found:
        yield found


def held(place: Settings) -> dict[str, str]:
    """What is in the graph for the first who asks for its model."""
    with open_store(place) as store:
        found = consistent_read(store, lambda card: digest(store))
        assert store.values(MODELS) == [[False, None]]
        return found


def test_a_killed_switch_is_completed_or_taken_back(
    place: Settings, tmp_path: Path, desk: Path
) -> None:
    sources, chance = Sources.make(tmp_path), random.Random(SEED)
    for arguments in (("load", sources.first), OLD):
        assert run(line(place, arguments), desk).code == 0
    old = held(place)
    undisturbed = run(line(place, NEW), desk, first=in_batches)
    assert undisturbed.code == 0, undisturbed
    new = held(place)
    assert new != old
    # Before it writes, it reads and learns, which takes some twenty messages.
    first, outcomes = 20, []
    for at in range(KILLS):
        assert run(line(place, OLD), desk).code == 0
        span = (undisturbed.messages - first) / KILLS
        number = first + int(span * (at + chance.random()))
        moment = Moment(number, chance.choice((None, chance.uniform(0, 0.02))))
        ended = run(line(place, NEW), desk, moment, first=in_batches)
        assert ended.code in (0, -signal.SIGKILL), (moment, ended)
        found = held(place)
        assert found in (old, new), moment
        outcomes.append(found == new)
    # Taken back before the switch, completed from there on.
    assert outcomes == sorted(outcomes)
    assert {*outcomes} == {False, True}
    assert run(line(place, NEW), desk, first=in_batches).code == 0
    assert held(place) == new
    with open_store(place) as store:
        assert_sound(store)
        of = "MATCH (v:KeptVectors) RETURN DISTINCT v.model ORDER BY v.model"
        assert store.values(of) == store.values(KEPT)


def test_ctrl_c_ends_the_wait_for_the_vector_index(
    place: Settings, tmp_path: Path, desk: Path
) -> None:
    sources = Sources.make(tmp_path)
    assert run(line(place, ("load", sources.first)), desk).code == 0
    building = "building the vector indexes"
    done = run_program(struck("SIGINT", building, 0, *line(place, NEW)), desk)
    assert done.returncode == 130, done
    assert "Traceback" not in done.stderr, done.stderr
    before = held(place)
    assert run(line(place, NEW), desk).code == 0
    assert held(place) == before
    with open_store(place) as store:
        assert store.dialect.has_vector_indexes(store)
