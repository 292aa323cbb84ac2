"""docs/python.md is true: its code runs, beside somebody's own models.py."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tastegraph.api.graph import Graph
from tastegraph.api.loading import generate
from tests.neo4j_packages import ROOT

PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
CODE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.slow
def test_the_page_runs_beside_a_module_called_models(tmp_path: Path) -> None:
    generate(tmp_path / "made-up", users=40, artists=120, seed=3)
    (tmp_path / "models.py").write_text("OWN = True\n", encoding="utf-8")
    script = tmp_path / "page.py"
    script.write_text("\n".join(["import models", *CODE, "print(models.OWN)"]), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if "NEO4J" not in name}
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "True"
    assert "there is no user nobody" in done.stdout


def test_the_page_names_every_method() -> None:
    table = PAGE[PAGE.index("## All methods") :]
    named = set(re.findall(r"`(\w+)`", table))
    methods = {
        name
        for name in vars(Graph) | {k: v for base in Graph.__mro__ for k, v in vars(base).items()}
        if not name.startswith("_") and callable(getattr(Graph, name))
    }
    lowest = {"open", "close", "sign_in", "user", "demo_data", "note", "progress"}
    assert methods - lowest <= named
