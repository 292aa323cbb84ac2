"""Every command of the page on exploring runs as it stands there."""

import re
import shlex
from pathlib import Path

import pytest

from tests.commands.running import Ask, columns, run
from tests.neo4j_packages import ROOT

PAGE = (ROOT / "docs" / "explore.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
LINES = [line.removeprefix("$ ") for block in BLOCKS for line in block.splitlines()]
SOCIAL = {"friends", "path", "suggest-friends", "communities", "influence", "export-graph"}


def test_page_shows_every_command() -> None:
    assert {shlex.split(line)[1] for line in LINES} >= SOCIAL
    assert all(line.startswith("tastegraph ") for line in LINES)


@pytest.mark.parametrize("line", LINES)
def test_command_of_the_page(line: str, change: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASTEGRAPH_STORE", str(change.place))
    words = shlex.split(line)[1:]
    result = run(*words)
    if "-o" in words:
        assert Path(words[words.index("-o") + 1]).stat().st_size > 0
        return
    assert len(result.stdout.splitlines()) > 1
    if words[0] in SOCIAL and "json" not in words:
        assert [name for name in columns(result) if f"`{name}`" not in PAGE] == []
