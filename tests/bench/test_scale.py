"""Every command at a size, on both stores, within its memory; and the page that says so."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.scale import invented, through
from bench.scale_page import TEMPLATE, Results, Sweep, page
from bench.scale_steps import ENDED, HEAVY, STEPS, Measured, Place, run
from bench.stage import EMBEDDED, NEO4J
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tests.neo4j_wipe import wipe

# MB of the client alone.
MOST, MOST_OF_HEAVY = 1_000, 1_500
SECONDS = 200.0


@pytest.fixture(params=["embedded", "neo4j"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """An empty store of either kind; the embedded one is joined, so that none starts Java."""
    if request.param == "embedded":
        folder = str(tmp_path / "store")
        with open_store(Settings.of(folder)):
            yield Place(EMBEDDED, folder)
        return
    uri = request.getfixturevalue("neo4j_uri")
    wipe(uri, request.getfixturevalue("neo4j_auth"))
    yield Place(NEO4J, uri)


@pytest.mark.slow
def test_every_command_within_its_memory(place: Place, tmp_path: Path) -> None:
    measured = list(through(place, "XS", invented("XS", tmp_path), SECONDS))
    assert [each.step for each in measured] == list(STEPS)
    assert {each.step: each.outcome for each in measured} == dict.fromkeys(STEPS, ENDED)
    much = {
        each.step: each.peak
        for each in measured
        if each.peak > (MOST_OF_HEAVY if each.step in HEAVY else MOST)
    }
    assert not much


def test_a_command_that_does_not_end_is_said() -> None:
    outcome, seconds, *_ = run([sys.executable, "-c", "import time; time.sleep(60)"], 0.3)
    assert outcome == "not ended after 0 s"
    assert seconds < 30


def test_a_command_that_fails_is_said() -> None:
    assert run([sys.executable, "-c", "exit('no room')"], 30)[0] == "failed: no room"


def test_the_peak_is_that_of_the_command() -> None:
    small, large = (
        run([sys.executable, "-c", f"import time; held = b'x' * {size}; time.sleep(1)"], 30)[3]
        for size in (1, 300_000_000)
    )
    assert 250 < large - small < 350


def test_the_page_holds_what_was_measured() -> None:
    results = Results([], [], {})
    results.put(Measured("Neo4j", "M", "load", "failed: a | b", 1, 1, 1))
    results.put(Measured("Neo4j", "M", "load", ENDED, 12.3, 4.5, 678.9, 5.6, 901.2))
    results.put_sweep(Sweep("M", 64, 1.0, 2.0, 300.0, 400.0))
    text = page(results, TEMPLATE.read_text(encoding="utf-8"))
    assert "| `load` | 12 s, 4 + 6 s, 679 + 901 MB |" in text
    assert "| M | 64 | 1.00 s / 2.00 s | 0.50 | 300 MB / 400 MB |" in text
    assert not re.search(r"\{[a-z]+\}", text)


def test_what_was_measured_is_kept(tmp_path: Path) -> None:
    results = Results([], [], {})
    results.put(Measured("Neo4j", "M", "load", ENDED, 12.3, 4.5, 678.9))
    results.write(tmp_path / "kept.json")
    assert Results.read(tmp_path / "kept.json") == results
