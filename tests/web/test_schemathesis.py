"""The service keeps to its description, asked by Schemathesis what nobody would think of.

Schemathesis lives in an environment of its own: ``make ask-api``.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from tastegraph.api.graph import Graph
from tastegraph.web.service.openapi import document
from tests.web.serving import serving

PROGRAM = shutil.which("schemathesis")
LEAST = 2_000
# Of one operation; there are also those that try each parameter at its edges, and each link.
EXAMPLES = 60

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PROGRAM is None, reason="no schemathesis here: 'make ask-api' brings it"),
]


def answered(metrics: str) -> dict[tuple[str, int], int]:
    """How often each route gave each status."""
    lines = re.findall(r'tastegraph_requests_total{route="(.*)",status="(\d+)"} (\d+)', metrics)
    return {(route, int(status)): int(count) for route, status, count in lines}


def test_no_answer_is_another_than_described(graph: Graph, tmp_path: Path) -> None:
    assert PROGRAM
    seed = os.environ.get("ASK_API_SEED", "1")
    with serving(graph) as address:
        line = [PROGRAM, "run", f"{address}/api/openapi.json", "--continue-on-failure"]
        asked = ["--max-examples", str(EXAMPLES), "--seed", seed, "--warnings", "off"]
        done = subprocess.run(
            [*line, *asked], capture_output=True, text=True, cwd=tmp_path, check=False
        )
        counts = answered(httpx.get(f"{address}/api/metrics").text)
    assert done.returncode == 0, done.stdout + done.stderr
    assert sum(counts.values()) >= LEAST
    # Not only refusals: what is there was found by the links.
    lacking = {path for path in document()["paths"] if (f"/api{path}", 200) not in counts}
    assert lacking <= {"/users/{id}/why-not"}
    assert not [status for _, status in counts if status >= 500]
