"""The repository itself: nothing left out of the wheel, nothing private, nothing open to others."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.neo4j_container import IMAGE
from tests.neo4j_packages import ROOT

NOT_SHIPPED = {"tests", "bench", "docs", "build", "dist"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
DEVELOPERS_HOME = re.compile(r"(?<![\w.~-])/(?:home|root|Users)/\w")


@pytest.fixture(scope="module")
def source_files() -> list[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.split("\0") if (path := ROOT / name).is_file()]


def package_folders() -> set[str]:
    tops = (path.parent for path in ROOT.glob("*/*.py"))
    shipped = (top for top in tops if top.name[0] != "." and top.name not in NOT_SHIPPED)
    modules = (module for top in set(shipped) for module in top.rglob("*.py"))
    return {".".join(module.parent.relative_to(ROOT).parts) for module in modules}


def test_wheel_has_every_package() -> None:
    packages = set(PROJECT["tool"]["setuptools"]["packages"])
    assert package_folders() <= packages
    assert all(ROOT.joinpath(*package.split(".")).is_dir() for package in packages)


def test_wheel_has_every_module() -> None:
    modules = {path.stem for path in ROOT.glob("*.py")}
    assert modules == set(PROJECT["tool"]["setuptools"]["py-modules"])


def test_wheel_has_every_file_that_the_packages_read() -> None:
    setup = PROJECT["tool"]["setuptools"]
    shipped = {
        file
        for package, patterns in setup["package-data"].items()
        for pattern in patterns
        for file in ROOT.joinpath(*package.split(".")).glob(pattern)
    }
    folders = [ROOT.joinpath(*package.split(".")) for package in setup["packages"]]
    there = {file for folder in folders for file in folder.glob("*.*") if file.suffix != ".py"}
    assert there
    assert there == shipped


@pytest.mark.parametrize(
    ("tool", "setting"), [("mypy", "packages"), ("importlinter", "root_packages")]
)
def test_every_package_is_linted(tool: str, setting: str) -> None:
    tops = {package.partition(".")[0] for package in PROJECT["tool"]["setuptools"]["packages"]}
    assert tops <= set(PROJECT["tool"][tool][setting])


def test_compose_publishes_on_loopback_alone() -> None:
    published = re.findall(r'^ +- "(.*:\d+)"$', COMPOSE, re.MULTILINE)
    assert published == ["127.0.0.1:7474:7474", "127.0.0.1:7687:7687"]
    assert "network_mode" not in COMPOSE


def test_compose_has_no_password_of_its_own() -> None:
    assert 'NEO4J_AUTH: "neo4j/${NEO4J_PASSWORD:?' in COMPOSE


def test_compose_runs_the_release_that_is_tested() -> None:
    assert f"image: {IMAGE}\n" in COMPOSE


def test_no_file_names_a_developers_home(source_files: list[Path]) -> None:
    texts = {path: path.read_text(encoding="utf-8", errors="ignore") for path in source_files}
    assert [path for path, text in texts.items() if DEVELOPERS_HOME.search(text)] == []


def test_changelog_has_a_place_for_what_is_new() -> None:
    assert "\n## [Unreleased]\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_query_says_what_it_answers() -> None:
    queries = list((ROOT / "graph" / "queries").glob("*.cypher"))
    assert queries
    assert [path for path in queries if not path.read_text(encoding="utf-8").startswith("//")] == []
