"""The cache of Java's classes as programs meet it: installing or ``serve`` makes it, and the next
JVM uses it.
"""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.commands.running import PROGRAM, Ask, empty_store, start
from tests.patience import until

pytestmark = pytest.mark.slow

NOTE = "Note: preparing a faster start of the embedded store"

# Seconds for what has the lowest priority on a busy machine.
PATIENCE = 900


def environment(folder: Path, **more: str) -> dict[str, str]:
    return os.environ | {"TASTEGRAPH_CACHE": str(folder), "TASTEGRAPH_JAVA_CACHE": "on"} | more


@contextmanager
def served(ask: Ask, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """A server that has shown its first page."""
    words = ("--store", ask.place, "serve", "--port", 0)
    with start(*words, env=environment(folder), stderr=subprocess.PIPE) as serving:
        assert serving.stdout
        address = serving.stdout.readline().strip()
        with urllib.request.urlopen(address, timeout=60) as response:
            assert response.status == 200
        yield serving
        if serving.poll() is None:
            ended(serving)


def ended(serving: "subprocess.Popen[str]") -> str:
    """What a server that Ctrl-C ends has said on stderr."""
    serving.send_signal(signal.SIGINT)
    assert serving.wait(60) == 0
    assert serving.stderr
    return serving.stderr.read()


def files(folder: Path, pattern: str) -> list[Path]:
    return sorted((folder / "java").glob(pattern))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    return empty_store(tmp_path_factory.mktemp("java") / "store")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which a cache was made while installing."""
    folder = tmp_path_factory.mktemp("cache")
    assert prepare(environment(folder)).startswith(NOTE)
    return folder


def prepare(given: dict[str, str]) -> str:
    """What installing says of it."""
    line = [sys.executable, "-m", "tastegraph.web.prepare_java"]
    done = subprocess.run(
        line, env=given, capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    assert done.stdout == ""
    return done.stderr


def info(ask: Ask, **given: str) -> "subprocess.CompletedProcess[str]":
    """What the store holds, told by a process of its own."""
    line = [*PROGRAM, "--store", str(ask.place), "--quiet", "info"]
    return subprocess.run(
        line, env=os.environ | given, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.fixture(scope="module")
def told(store: Ask) -> str:
    """What the store holds, without a cache."""
    return info(store).stdout


def shared_classes(ask: Ask, log: Path, **given: str) -> int:
    """How many classes of the database a JVM takes from a cache."""
    told = {"ARCADEDB_JVM_ARGS": f"{os.environ['ARCADEDB_JVM_ARGS']} -Xlog:class+load:file={log}"}
    done = info(ask, **given | told)
    assert (done.returncode, done.stderr) == (0, "")
    lines = log.read_text(encoding="utf-8").splitlines()
    assert lines
    return sum("com.arcadedb." in line and "shared objects file" in line for line in lines)


def test_installing_again_makes_none(made: Path) -> None:
    (file,) = files(made, "*.aot")
    before = file.stat()
    assert prepare(environment(made)) == ""
    assert file.stat().st_mtime_ns == before.st_mtime_ns


def test_where_it_is_off_installing_makes_none(tmp_path: Path) -> None:
    assert prepare(environment(tmp_path, TASTEGRAPH_JAVA_CACHE="off")) == ""
    assert list(tmp_path.iterdir()) == []


def test_the_next_process_uses_what_was_made(store: Ask, made: Path, tmp_path: Path) -> None:
    (file,) = files(made, "*.aot")
    assert file.stat().st_size < 100_000_000
    with_cache = environment(made)
    assert shared_classes(store, tmp_path / "with.log", **with_cache) > 500
    off = with_cache | {"TASTEGRAPH_JAVA_CACHE": "off"}
    assert shared_classes(store, tmp_path / "off.log", **off) == 0
    # The JVM itself refuses it here, where objects are stored otherwise.
    large = with_cache | {"TASTEGRAPH_HEAP": "40g"}
    assert shared_classes(store, tmp_path / "large.log", **large) == 0


def test_a_server_that_uses_it_makes_none(store: Ask, made: Path) -> None:
    (file,) = files(made, "*.aot")
    file.with_suffix(".log").unlink()
    before = file.stat()
    with served(store, made) as serving:
        assert NOTE not in ended(serving)
    assert file.stat().st_mtime_ns == before.st_mtime_ns


def cut(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def flipped(at: float) -> Callable[[bytes], bytes]:
    """Another page at this part of the file."""

    def change(whole: bytes) -> bytes:
        start = int(at * len(whole))
        page = bytes(byte ^ 0xFF for byte in whole[start : start + 4096])
        return whole[:start] + page + whole[start + 4096 :]

    return change


DAMAGES = {
    "empty": lambda whole: b"",
    "no cache": lambda whole: b"\x7fELF" * 10_000,
    "cut": cut,
    "head": flipped(0),
    "middle": flipped(0.5),
    "end": flipped(0.95),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_one_changes_no_answer_and_says_nothing(
    store: Ask, made: Path, told: str, tmp_path: Path, damage: str
) -> None:
    (file,) = files(made, "*.aot")
    (tmp_path / "java").mkdir(mode=0o700)
    broken = tmp_path / "java" / file.name
    broken.write_bytes(DAMAGES[damage](file.read_bytes()))
    broken.chmod(0o600)
    done = info(store, **environment(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, told, "")


def test_the_end_of_the_server_is_the_end_of_making(store: Ask, tmp_path: Path) -> None:
    with served(store, tmp_path) as serving:
        assert until(lambda: bool(files(tmp_path, "*/store")), PATIENCE)
        assert ended(serving).count(NOTE) == 1
    assert [path.name for path in files(tmp_path, "*")] == ["making.lock"]


def test_a_server_without_a_place_for_it_says_nothing(store: Ask, tmp_path: Path) -> None:
    (tmp_path / "java").write_text("no folder", encoding="utf-8")
    with served(store, tmp_path) as serving:
        said = ended(serving)
    assert NOTE not in said
    assert "Traceback" not in said
