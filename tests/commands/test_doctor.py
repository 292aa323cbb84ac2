"""``doctor``: what is wrong, and what mends it."""

import json
from pathlib import Path

from tastegraph.runtime.ports import free_port
from tests.commands.running import Ask, empty_store, run


def checks(ask: Ask, code: int) -> dict[str, tuple[str, str]]:
    rows = json.loads(ask("doctor", "--format", "json", code=code).stdout)
    assert all(list(row) == ["check", "status", "detail"] for row in rows)
    return {row["check"]: (row["status"], row["detail"]) for row in rows}


def test_all_is_well_after_the_demo(ask: Ask) -> None:
    found = checks(ask, code=0)
    assert list(found)[:4] == ["store", "reachable", "version", "schema"]
    assert {status for status, _ in found.values()} == {"ok"}
    assert found["store"][1] == str(ask.place)
    assert "800 Artist" in found["data"][1]
    assert ": collective, 256 dimensions" in found["model"][1]
    assert "recommend-fast finds 1.0000 of the exact top 10 of" in found["candidates"][1]


def test_empty_graph_and_no_model_are_problems_with_fixes(tmp_path: Path) -> None:
    ask = empty_store(tmp_path / "new")
    found = checks(ask, code=1)
    assert found["data"][0] == found["model"][0] == "problem"
    assert ask.hint("load") in found["data"][1]
    assert ask.hint("train") in found["model"][1]


def test_unreachable_server_is_a_problem_with_a_fix() -> None:
    uri = f"bolt://127.0.0.1:{free_port()}"
    found = checks(Ask(uri), code=1)
    assert found["store"] == ("ok", uri)
    assert found["reachable"][0] == "problem"
    assert "docker compose up" in found["reachable"][1]


def test_folder_of_something_else_is_a_problem_with_a_fix(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    found = checks(Ask(tmp_path), code=1)
    assert found["reachable"][0] == "problem"
    assert "letter.txt" in found["reachable"][1]
    assert "--store" in found["reachable"][1]


def test_place_that_is_none_is_an_error() -> None:
    assert "bolt://" in run("--store", "http://localhost", "doctor", code=1).stderr
