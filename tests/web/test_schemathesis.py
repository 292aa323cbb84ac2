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
EXAMPLES = 40

# What no link leads to: who and what is there.
CONFIG = """
[[operations]]
include-name-regex = "/recommendations$|/recommendations/group"
parameters = { "query.user" = ["2", "10"] }

[[operations]]
include-name-regex = "/(compare|why-not)"
parameters = { "path.id" = "2", "query.other" = "5", "query.artist" = "id:7" }
"""

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
        config = tmp_path / "schemathesis.toml"
        config.write_text(CONFIG, encoding="utf-8")
        line = [PROGRAM, "run", f"{address}/api/openapi.json", "--continue-on-failure"]
        asked = ["--max-examples", str(EXAMPLES), "--seed", seed, "--warnings", "off"]
        # However busy this machine is.
        asked += ["--request-timeout", "60"]
        done = subprocess.run(
            [*line, *asked], capture_output=True, text=True, cwd=tmp_path, check=False
        )
        counts = answered(httpx.get(f"{address}/api/metrics").text)
    assert done.returncode == 0, done.stdout + done.stderr
    assert sum(counts.values()) >= LEAST
    # Not only refusals.
    assert not {path for path in document()["paths"] if (f"/api{path}", 200) not in counts}
    assert not [status for _, status in counts if status >= 500]
