"""The repository itself: nothing left out of the wheel, nothing private, nothing open to others."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.neo4j_container import IMAGE
from tests.neo4j_packages import ROOT

NOT_SHIPPED = {"tests", "bench", "docs", "maintenance", "build", "dist"}
PACKAGE = "tastegraph"
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


def folder_of(package: str) -> Path:
    """The folder of a package, whose first name stands for the root of the repository."""
    return ROOT.joinpath(*package.split(".")[1:])


def shipped_folders() -> set[Path]:
    """Folders that hold modules of the program."""
    modules = (path for path in ROOT.rglob("*.py") if path.parent != ROOT)
    tops = {path: path.relative_to(ROOT).parts[0] for path in modules}
    return {path.parent for path, top in tops.items() if top[0] != "." and top not in NOT_SHIPPED}


def test_the_wheel_has_every_package_and_no_other_name() -> None:
    packages = PROJECT["tool"]["setuptools"]["packages"]
    assert {package.split(".")[0] for package in packages} == {PACKAGE}
    assert {folder_of(package) for package in packages} == shipped_folders() | {ROOT}
    assert PROJECT["tool"]["setuptools"]["package-dir"] == {PACKAGE: "."}


def test_the_wheel_has_every_file_that_the_packages_read() -> None:
    data = PROJECT["tool"]["setuptools"]["package-data"]
    shipped = {
        file
        for package, patterns in data.items()
        for pattern in patterns
        for file in folder_of(package).glob(pattern)
    }
    there = {
        file for folder in shipped_folders() for file in folder.rglob("*.*") if file.suffix != ".py"
    }
    assert there
    assert there == shipped


@pytest.mark.slow
def test_the_wheel_installs_one_name_that_needs_no_neighbour(tmp_path: Path) -> None:
    source, wheels, site = tmp_path / "source", tmp_path / "wheels", tmp_path / "site"
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, source / name)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", wheels, source], check=True)
    (wheel,) = wheels.glob("*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--target", site, wheel], check=True)
    names = {path.name for path in site.iterdir() if not path.name.endswith(".dist-info")}
    assert names - {"bin"} == {PACKAGE}
    (tmp_path / "models.py").write_text("OWN = True\n", encoding="utf-8")
    asked = "import models, tastegraph; print(models.OWN, tastegraph.__file__)"
    told = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.split() == ["True", str(site / PACKAGE / "__init__.py")]


def test_compose_publishes_on_loopback_alone() -> None:
    published = re.findall(r'^ +- "(.*:\d+)"$', COMPOSE, re.MULTILINE)
    assert published == ["127.0.0.1:7474:7474", "127.0.0.1:7687:7687", "127.0.0.1:8484:8484"]
    assert "network_mode" not in COMPOSE


def test_compose_has_no_password_of_its_own() -> None:
    assert 'NEO4J_AUTH: "neo4j/${NEO4J_PASSWORD:?' in COMPOSE
    secrets = re.findall(r"^ +(?:NEO4J_PASSWORD|TASTEGRAPH_TOKEN): (.*)$", COMPOSE, re.MULTILINE)
    assert len(secrets) == 2
    assert all(re.match(r'"\$\{\w+:', secret) for secret in secrets)


def test_the_image_is_made_of_all_that_the_package_needs(tmp_path: Path) -> None:
    """The page's image is built of what .dockerignore lets through."""
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    let_through = [name.removeprefix("!") for name in ignored if name.startswith("!")]
    for pattern in let_through:
        for path in ROOT.glob(pattern):
            copy = shutil.copytree if path.is_dir() else shutil.copy
            copy(path, tmp_path / path.name)
    packages = PROJECT["tool"]["setuptools"]["packages"]
    folders = {name.partition(".")[2].replace(".", "/") for name in packages}
    assert [name for name in folders if not (tmp_path / name / "__init__.py").is_file()] == []
    assert all((tmp_path / name).is_file() for name in ("pyproject.toml", "README.md", "LICENSE"))
    assert "COPY . /source" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_compose_runs_the_release_that_is_tested() -> None:
    assert f"image: {IMAGE}\n" in COMPOSE


def test_no_file_names_a_developers_home(source_files: list[Path]) -> None:
    texts = {path: path.read_text(encoding="utf-8", errors="ignore") for path in source_files}
    assert [path for path, text in texts.items() if DEVELOPERS_HOME.search(text)] == []


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="one process tests")
def test_one_process_runs_all_tests_of_a_file(request: pytest.FixtureRequest) -> None:
    """Several would each make what a file's tests share; xdist keeps its group in the id."""
    assert request.node.nodeid.endswith("@tests/test_project.py quick")


def test_changelog_has_a_place_for_what_is_new() -> None:
    assert "\n## [Unreleased]\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_query_says_what_it_answers() -> None:
    queries = list((ROOT / "graph" / "queries").glob("*.cypher"))
    assert queries
    assert [path for path in queries if not path.read_text(encoding="utf-8").startswith("//")] == []
