"""Every command of the page on the hybrid about steering and housekeeping runs as it stands."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tests.commands.running import run
from tests.neo4j_packages import ROOT

PAGE = (ROOT / "docs" / "hybrid.md").read_text(encoding="utf-8")
SECTIONS = re.findall(
    r"^## (?:Steering|Housekeeping)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL
)
BLOCKS = re.findall(r"^```console\n(.*?)^```$", "".join(SECTIONS), re.MULTILINE | re.DOTALL)
LINES = [line.removeprefix("$ ") for block in BLOCKS for line in block.splitlines()]
SILENT = {"unhide", "forget", "generate", "use"}


@pytest.fixture(scope="module")
def own(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the demo's store of the page's own: it forgets somebody."""
    copy = tmp_path_factory.mktemp("page") / "store"
    shutil.copytree(demo_store, copy, ignore=shutil.ignore_patterns("owner*"))
    with open_store(Settings.of(copy)):
        yield copy


@pytest.mark.slow
def test_the_page_in_its_order(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASTEGRAPH_STORE", str(own))
    monkeypatch.setenv("TASTEGRAPH_CACHE", "cache")
    assert len(LINES) > 10
    for line in LINES:
        program, *words = shlex.split(line)
        assert program == "tastegraph"
        shown = run(*words).stdout.splitlines()
        assert (len(shown) > 1) == (SILENT.isdisjoint(words)), line
