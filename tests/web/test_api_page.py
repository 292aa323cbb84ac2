"""docs/api.md is true: its clients run, and it names what there is."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tastegraph.web.service import map_file, metrics
from tastegraph.web.service.endpoints import ENDPOINTS, ROOT
from tastegraph.web.service.parameters import STEERING
from tests.neo4j_packages import ROOT as REPOSITORY

PAGE = (REPOSITORY / "docs" / "api.md").read_text(encoding="utf-8")


def code(language: str) -> str:
    """The page's one block of code in ``language``."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return found


def run(command: list[str], served: str) -> str:
    """What ``command`` prints, which asks the server at ``served``."""
    environment = os.environ | {"TASTEGRAPH_URL": served, "TASTEGRAPH_TOKEN": ""}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def test_the_client_in_python_is_of_ten_lines_and_runs(served: str) -> None:
    assert len(code("python").rstrip().splitlines()) <= 12
    shown = run([sys.executable, "-c", code("python")], served)
    assert [line.split()[0] for line in shown.splitlines()] == ["1", "2", "3"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
def test_the_client_in_curl_runs(served: str) -> None:
    shown = run(["sh", "-e", "-c", code("sh")], served)
    assert shown.count('"id":') >= 4
    assert '"found":' in shown


def test_it_names_every_endpoint_and_parameter() -> None:
    named = {re.sub(r"\?.*", "", each) for each in re.findall(r"^\| `(/[^`]+)` \|", PAGE, re.M)}
    assert named == {
        f"{ROOT}{path}"
        for path in (map_file.PATH, metrics.PATH, *(each.path for each in ENDPOINTS))
    }
    assert all(f"`{each.name}`" in PAGE for each in STEERING)
