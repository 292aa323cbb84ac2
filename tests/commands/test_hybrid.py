"""Every command of the page on the hybrid runs, and its worked example is what comes out."""

import re
import shlex
from pathlib import Path

import pytest

from tests.commands.running import Ask, run
from tests.neo4j_packages import ROOT

# The sections on steering and housekeeping have a test of their own.
PAGE = (ROOT / "docs" / "hybrid.md").read_text(encoding="utf-8").split("\n## Steering\n")[0]
BLOCKS = re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
LINES = [line.removeprefix("$ ") for block in BLOCKS for line in block.splitlines()]
ADDENDS = re.findall(r"^\| (\w+) \| ([^|]*) \| (-?\d\.\d{4}) \|$", PAGE, re.MULTILINE)
(SCORE,) = re.findall(r"^\| \| \*\*score\*\* \| \*\*(\d\.\d{4})\*\* \|$", PAGE, re.MULTILINE)
EXAMPLE = next(line for line in LINES if "new-listener" in line and "json" in line)

# Another machine's processor rounds otherwise while it learns.
CLOSE = 1e-3


@pytest.mark.parametrize("line", list(dict.fromkeys(LINES)))
def test_command_of_the_page(line: str, change: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASTEGRAPH_STORE", str(change.place))
    monkeypatch.setenv("TASTEGRAPH_CACHE", "cache")
    words = shlex.split(line)[1:]
    result = run(*words)
    if "--sheet-template" in words:
        assert Path("sheet.csv").read_text(encoding="utf-8").count("\n") == 51
        return
    if "-o" in words:
        assert Path(words[-1]).stat().st_size > 0
        return
    assert len(result.stdout.splitlines()) > 1
    if "--plot" in words:
        assert Path(words[-1]).read_bytes().startswith(b"\x89PNG")


def test_the_worked_example_adds_up_and_is_what_the_demo_says(ask: Ask) -> None:
    assert sum(float(value) for _, _, value in ADDENDS) == pytest.approx(
        float(SCORE), abs=len(ADDENDS) * 5e-5
    )
    (row,) = ask.rows(*shlex.split(EXAMPLE)[1:-2])
    assert row["score"] == pytest.approx(float(SCORE), abs=CLOSE)
    found = {(p["kind"], str(p["name"] or p["id"])): p["value"] for p in row["why"]}
    told = {(kind, of.strip()): float(value) for kind, of, value in ADDENDS}
    assert found == pytest.approx(told, abs=CLOSE)
