"""Every command of the pages in docs/ runs as it stands there."""

import re
import shlex
from pathlib import Path

import pytest

from tests.commands.running import Ask, columns, run
from tests.neo4j_packages import ROOT

PAGES = {
    name: (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    for name in ("explore", "evaluation", "clients")
}
SOCIAL = {
    *("friends", "path", "compare-users", "suggest-friends"),
    *("communities", "influence", "export-graph"),
}
# Whose columns the pages explain one by one.
EXPLAINED = {*SOCIAL, "evaluate"}


def lines(page: str) -> list[str]:
    blocks = re.findall(r"^```console\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


COMMANDS = [(name, line) for name, page in PAGES.items() for line in lines(page)]


def test_pages_show_every_command() -> None:
    shown = {shlex.split(line)[1] for _, line in COMMANDS}
    assert shown >= {*SOCIAL, "query", "evaluate", "tune", "tag-precision"}
    assert all(line.startswith("tastegraph ") for _, line in COMMANDS)


@pytest.mark.parametrize(("page", "line"), COMMANDS)
def test_command_of_a_page(
    page: str, line: str, change: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TASTEGRAPH_STORE", str(change.place))
    monkeypatch.setenv("TASTEGRAPH_CACHE", str(tmp_path / "cache"))
    words = shlex.split(line)[1:]
    result = run(*words)
    if "-o" in words:
        assert Path(words[words.index("-o") + 1]).stat().st_size > 0
        return
    assert len(result.stdout.splitlines()) > 1
    if words[0] in EXPLAINED and "json" not in words:
        assert [name for name in columns(result) if f"`{name}`" not in PAGES[page]] == []
