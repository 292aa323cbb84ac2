"""The cache of Java's classes: which file fits, what is done with one that does not."""

import os
import sys
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock

from tastegraph.errors import InputError
from tastegraph.graph.store.java_cache import JavaCache, use
from tastegraph.graph.store.make_java_cache import JavaCacheMaker
from tastegraph.runtime.notes import unsaid

OPTIONS = ["-XX:+UseSerialGC"]

# A program that leaves as a cache what its JVM would be told to write, and takes it a second time.
WRITES = """
import os, shlex
for option in shlex.split(os.environ["ARCADEDB_JVM_ARGS"]):
    name, _, file = option.partition("=")
    if name == "-XX:AOTCacheOutput":
        open(file, "w").write("made")
    if name == "-XX:AOTCache":
        assert open(file).read() == "made"
"""
# The same, whose JVM does not take what it was given.
REFUSES = WRITES + '        raise SystemExit("unfit")\n'


SUFFIXES = (".aot", ".log")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of caches, which is not there yet."""
    monkeypatch.setenv("TASTEGRAPH_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("TASTEGRAPH_JAVA_CACHE")
    monkeypatch.delenv("ARCADEDB_JVM_ARGS", raising=False)
    return tmp_path / "cache" / "java"


def cache_of(*options: str) -> JavaCache:
    cache = JavaCache.of([*OPTIONS, *options])
    assert cache is not None
    return cache


def maker(cache: JavaCache, program: str = WRITES) -> JavaCacheMaker:
    return JavaCacheMaker(cache, [sys.executable, "-c", program], unsaid)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"making.lock"}


def test_one_cache_for_every_heap_and_compiler_and_another_for_other_options(folder: Path) -> None:
    same = cache_of("-Xmx2g", "-XX:TieredStopAtLevel=1", "-XX:ErrorFile=/x")
    assert cache_of() == same
    assert cache_of("-XX:-UseCompactObjectHeaders") != same
    assert cache_of().file.parent == folder


@pytest.mark.parametrize("variable", ["ARCADEDB_JVM_ARGS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"])
def test_options_of_the_environment_tell(
    folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    before = cache_of()
    monkeypatch.setenv(variable, "-XX:+UseParallelGC")
    assert cache_of() != before
    # The JVM takes no second one.
    monkeypatch.setenv(variable, "-XX:SharedArchiveFile=own.jsa")
    assert JavaCache.of(OPTIONS) is None


def test_another_class_path_has_another_cache(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    jars = tmp_path / "jars"
    jars.mkdir()
    jar = jars / "engine.jar"
    jar.write_bytes(b"1")
    monkeypatch.setattr("arcadedb_embedded.jvm.get_jar_path", lambda: str(jars))
    before = cache_of()
    os.utime(jar, (1, 1))
    later = cache_of()
    jar.write_bytes(b"12")
    os.utime(jar, (1, 1))
    assert len({before, later, cache_of()}) == 3


def test_switched_off_and_what_is_neither(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASTEGRAPH_JAVA_CACHE", "off")
    assert JavaCache.of(OPTIONS) is None
    monkeypatch.setenv("TASTEGRAPH_JAVA_CACHE", "of")
    with pytest.raises(InputError, match="TASTEGRAPH_JAVA_CACHE=of is neither on nor off"):
        JavaCache.of(OPTIONS)


def test_made_for_nobody_else_and_then_used(folder: Path) -> None:
    cache = cache_of()
    assert cache.options == []
    assert maker(cache).make()
    assert names(folder) == {cache.file.name, cache.file.with_suffix(".log").name}
    assert cache.file.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert cache.options == use(cache.file)


@pytest.mark.parametrize("place", ["file", "folder"])
def test_what_others_could_have_written_is_not_used(folder: Path, place: str) -> None:
    cache = cache_of()
    maker(cache).make()
    (cache.file if place == "file" else folder).chmod(0o777)
    assert cache.options == []


def test_a_link_is_not_used(folder: Path, tmp_path: Path) -> None:
    cache = cache_of()
    maker(cache).make()
    cache.file.rename(tmp_path / "moved")
    cache.file.symlink_to(tmp_path / "moved")
    assert cache.options == []


def test_a_cache_that_its_own_jvm_refuses_is_none(folder: Path) -> None:
    cache = cache_of()
    assert not maker(cache, REFUSES).make()
    assert not cache.is_there
    log = cache.file.with_suffix(".log")
    assert names(folder) == {log.name}
    assert "unfit" in log.read_text(encoding="utf-8")


def test_what_failed_is_tried_again_a_day_later(folder: Path) -> None:
    cache = cache_of()
    maker(cache, REFUSES).make()
    assert not maker(cache).make()
    yesterday = time.time() - 90_000
    os.utime(cache.file.with_suffix(".log"), (yesterday, yesterday))
    assert maker(cache).make()


def test_the_newest_of_other_versions_stays_and_nothing_older(folder: Path) -> None:
    oldest, other, new = cache_of("-Dold=1"), cache_of("-Dold=2"), cache_of()
    for at, cache in enumerate((oldest, other), 1):
        maker(cache).make()
        os.utime(cache.file, (at, at))
    (folder / "tmpkilled").mkdir()
    (folder / "tmpkilled" / "cache.aot").write_text("half", encoding="utf-8")
    assert maker(new).make()
    left = {each.file.with_suffix(suffix).name for each in (other, new) for suffix in SUFFIXES}
    assert names(folder) == left


def test_the_second_maker_leaves_it_to_the_first(folder: Path) -> None:
    cache = cache_of()
    folder.mkdir(parents=True)
    with FileLock(folder / "making.lock"):
        assert not maker(cache).make()
    assert names(folder) == set()


def test_closing_ends_the_program_and_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    cache = cache_of()
    waits = f"{WRITES}\nopen({str(begun)!r}, 'w').close()\nimport time; time.sleep(600)"
    making = maker(cache, waits)
    thread = threading.Thread(target=making.make)
    thread.start()
    begun.open(encoding="utf-8").close()
    making.close()
    thread.join(60)
    assert not thread.is_alive()
    assert names(folder) == set()
    # Not what was tried and failed: the next one makes it.
    assert maker(cache).make()
    assert not making.make()


def test_a_folder_that_cannot_be_made_means_none(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cache").write_text("no folder", encoding="utf-8")
    cache = cache_of()
    assert not maker(cache).make()
    assert cache.options == []


def test_a_disk_with_little_room_is_left_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tastegraph.graph.store.make_java_cache._ROOM", 1 << 62)
    assert not maker(cache_of()).make()
    assert names(folder) == set()


def test_a_port_that_is_named_is_left_to_the_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TASTEGRAPH_BOLT_PORT", "7687")
    assert maker(cache_of(), f"{WRITES}\nassert 'TASTEGRAPH_BOLT_PORT' not in os.environ").make()
