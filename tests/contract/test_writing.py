"""One writer at a time, whose transactions take effect once or not at all."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from neo4j import Transaction
from neo4j.exceptions import Neo4jError, ServiceUnavailable, TransientError

import tastegraph.graph.store.lease
import tastegraph.graph.store.take_lease
from tastegraph.errors import StoreBusyError, StoreError, StoreInterruptedError
from tastegraph.graph.content import read_content
from tastegraph.graph.difference import Changes
from tastegraph.graph.health import PROBLEM, check_store
from tastegraph.graph.load_mark import begin_load, end_load, unfinished_load
from tastegraph.graph.schema import LISTENED
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.lease import Lease, Run
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.graph.store.take_lease import run_once
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.models.storage.read_graph import read_dataset
from tests.contract.frames import frames

COUNT = "MATCH (c:Counter) RETURN c.value"
SET = "MATCH (c:Counter) SET c.value = $value"
# A process of this machine that has ended, and one of another machine.
DEAD = "SET l.token = 'left', l.purpose = 'load', l.host = 'here', l.pid = 0, l.since = 0"
ELSEWHERE = f"{DEAD}, l.machine = 'elsewhere', l.started = '1'"


@pytest.fixture
def counter(store: GraphStore) -> GraphStore:
    store.write("CREATE (c:Counter {value: 0})")
    return store


@contextmanager
def second(settings: Settings) -> Iterator[tuple[GraphStore, list[str]]]:
    """The store once more, and what is said to a person meanwhile."""
    said: list[str] = []
    with open_store(settings, note=said.append) as opened:
        yield opened, said


def change_lease(store: GraphStore, change: str) -> None:
    """Let somebody else hold the lease, behind our back."""
    with store._connection.session() as session:
        session.run(f"MATCH (l:WriteLease) {change}").consume()


def test_writers_come_one_after_the_other(counter: GraphStore, settings: Settings) -> None:
    def add() -> None:
        with open_store(settings) as mine:
            for _ in range(5):
                with mine.writing("adding") as writer:
                    value = writer.values(COUNT)[0][0]
                    writer.write(SET, {"value": value + 1})

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.values(COUNT) == [[20]]
    assert counter.values("MATCH (l:WriteLease) RETURN count(l)") == [[1]]


def test_the_second_waits_and_says_for_whom(counter: GraphStore, settings: Settings) -> None:
    with second(settings) as (other, said):
        with counter.writing("load"):
            waiting = threading.Thread(target=other.write, args=(SET, {"value": 7}))
            waiting.start()
            time.sleep(1.8)
            assert counter.values(COUNT) == [[0]]
            assert "waiting for 'load' of process" in said[0]
        waiting.join()
    assert counter.values(COUNT) == [[7]]


def test_the_second_is_refused_after_a_time(
    counter: GraphStore, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tastegraph.graph.store.take_lease, "PATIENCE", 0.3)
    with (
        second(settings) as (other, _),
        counter.writing("load"),
        pytest.raises(StoreBusyError, match="is being written to by 'load' of process"),
    ):
        other.write(SET, {"value": 7})
    other_writer = counter.other_writer()
    assert other_writer is None


def test_the_lease_of_a_process_that_has_ended_is_free(counter: GraphStore) -> None:
    change_lease(counter, f"{DEAD}, l.started = '1', l.until = timestamp() + 60000")
    start = time.monotonic()
    counter.write(SET, {"value": 1})
    assert time.monotonic() - start < 30


def test_a_lease_from_elsewhere_is_free_when_its_time_has_passed(counter: GraphStore) -> None:
    change_lease(counter, f"{ELSEWHERE}, l.until = timestamp() + 1500")
    start = time.monotonic()
    counter.write(SET, {"value": 1})
    assert 1.0 < time.monotonic() - start < 10


def test_who_has_lost_the_lease_commits_nothing(counter: GraphStore) -> None:
    with counter.writing("load") as writer:
        writer.write(SET, {"value": 1})
        change_lease(writer, f"{ELSEWHERE}, l.until = timestamp() + 60000")
        with pytest.raises(StoreBusyError, match="nothing of this step was written"):
            writer.write(SET, {"value": 2})
    assert counter.values(COUNT) == [[1]]
    change_lease(counter, "SET l.token = null")


def test_who_lets_go_takes_nothing_from_the_next(counter: GraphStore) -> None:
    if counter.embedded:
        pytest.skip("the embedded store refuses the later of two commits")
    lease, run = Lease("load", counter.place), run_once(counter._connection)
    assert lease.take(run, None)

    def let_go() -> None:
        with suppress(Neo4jError):
            lease.release(run)

    with counter._connection.session() as session, session.begin_transaction() as transaction:
        transaction.run("MATCH (l:WriteLease) SET l.token = 'next'").consume()
        letting_go = threading.Thread(target=let_go)
        letting_go.start()
        time.sleep(0.5)
        transaction.commit()
    letting_go.join()
    assert counter.values("MATCH (l:WriteLease) RETURN l.token") == [["next"]]
    change_lease(counter, "SET l.token = null")


def test_a_lease_is_renewed_while_it_is_held(
    counter: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tastegraph.graph.store.take_lease, "RENEWING", 0.2)
    left = "MATCH (l:WriteLease) RETURN l.until - timestamp()"
    with counter.writing("load"):
        change_lease(counter, "SET l.until = timestamp() - 1000")
        time.sleep(1.5)
        assert counter.values(left)[0][0] > 10_000


def test_marking_a_load_and_renewing_do_not_wait_for_each_other(
    counter: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would hold what the other waits for, until the database ended one of them."""
    failed: list[Exception] = []
    renew = Lease.renew

    def renewed(self: Lease, write: Run) -> None:
        try:
            renew(self, write)
        except Neo4jError as error:
            failed.append(error)

    monkeypatch.setattr(Lease, "renew", renewed)
    monkeypatch.setattr(tastegraph.graph.store.take_lease, "RENEWING", 0.001)
    monkeypatch.setattr(tastegraph.graph.store.take_lease, "_LOCKED", 1.0)
    with counter.writing("load") as writer:
        for _ in range(20):
            begin_load(writer)
            end_load(writer)
    assert failed == []


def test_parts_of_a_work_need_no_second_lease(counter: GraphStore) -> None:
    with counter.writing("outer") as outer, outer.writing("inner") as inner:
        inner.transact(lambda transaction: transaction.transact(lambda same: same.write(COUNT)))
    assert counter.other_writer() is None


@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "lost"])
def test_a_commit_whose_answer_is_lost_takes_effect_once(
    counter: GraphStore, monkeypatch: pytest.MonkeyPatch, arrived: bool
) -> None:
    commit, broken = Transaction.commit, [True]

    def break_once(self: Transaction) -> None:
        if not broken or arrived:
            commit(self)
        if broken.pop() if broken else False:
            raise ServiceUnavailable("gone")

    monkeypatch.setattr(Transaction, "commit", break_once)
    counter.write("MATCH (c:Counter) SET c.value = c.value + 1")
    assert counter.values(COUNT) == [[1]]


def test_what_stays_unknown_is_said(counter: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(self: Transaction) -> None:
        raise ServiceUnavailable("gone")

    monkeypatch.setattr("tastegraph.graph.store.connection.PATIENCE", 0.2)
    monkeypatch.setattr("tastegraph.graph.store.connection.OWN_PATIENCE", 0.2)
    monkeypatch.setattr(Transaction, "commit", never)
    with pytest.raises(StoreInterruptedError, match="may have arrived or not"):
        counter.write(SET, {"value": 1})


def test_a_deadlock_is_tried_again_and_said(settings: Settings, store: GraphStore) -> None:
    failures = 3

    def work(transaction: GraphStore) -> int:
        nonlocal failures
        failures -= 1
        if failures:
            raise TransientError("deadlock")
        return transaction.write("RETURN 7 AS seven")[0]["seven"]

    assert store.transact(work) == 7
    failures = 3
    assert store.trial(work) == 7


def test_a_trial_leaves_nothing_and_waits_for_nobody(counter: GraphStore) -> None:
    def work(trial: GraphStore) -> Any:
        trial.write(SET, {"value": 5})
        return trial.values(COUNT)

    with open_store_again(counter) as other, counter.writing("load"):
        assert other.trial(work) == [[5]]
    assert counter.values(COUNT) == [[0]]


@contextmanager
def open_store_again(store: GraphStore) -> Iterator[GraphStore]:
    with open_store(Settings(store.place)) as other:
        yield other


SOURCE = frames(
    users=[1, 2], artists=[(10, "Air"), (20, "Beck")], listens=[(1, 10, 3), (1, 20, 4), (2, 10, 5)]
)


def test_what_is_there_twice_is_seen_and_mended(store: GraphStore) -> None:
    ingest(store, SOURCE)
    wanted = read_content(store)
    store.write(
        "MATCH (u:User {id: 1})-[r:LISTENED]->(a:Artist {id: 10}) "
        "CREATE (u)-[:LISTENED {plays: 9}]->(a) CREATE (u)-[:LISTENED {plays: r.plays}]->(a)"
    )
    assert read_content(store).doubled == {"LISTENED": {(1, 10)}}
    found = {finding.check: finding for finding in check_store(store)}
    assert found["relationships"].status == PROBLEM
    assert "1 LISTENED" in found["relationships"].detail
    with pytest.raises(StoreError, match="there more than once"):
        read_dataset(store)

    ingest(store, SOURCE)
    assert read_content(store) == wanted
    assert len(store.read_all(LISTENED)) == 3
    assert ingest(store, SOURCE) == Changes()


def test_a_load_that_has_not_ended_is_seen_by_everybody(
    store: GraphStore, settings: Settings
) -> None:
    ingest(store, SOURCE)
    assert unfinished_load(store) is None
    with second(settings) as (other, _), store.writing("load") as writer:
        begin_load(writer)
        assert unfinished_load(other) is None
    assert "load again" in str(unfinished_load(store))
    assert {f.check: f.status for f in check_store(store)}["load"] == PROBLEM
    ingest(store, SOURCE)
    assert unfinished_load(store) is None
