"""What is said where Spark can't be had."""

import socket
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tastegraph.cli import cli
from tastegraph.errors import EngineError, UsageError
from tastegraph.spark.engine import Spark
from tastegraph.spark.start import _require_java, _require_master, last_words, session


@pytest.mark.parametrize("master", ["", "local[x]", "spark://host", "http://host:7077", "mesos"])
def test_no_master_has_that_form(master: str) -> None:
    with pytest.raises(UsageError, match="no Spark master"):
        Spark(master)


@pytest.mark.parametrize(
    "master",
    ["local", "local[*]", "local[2]", "local-cluster[2,1,1024]", "yarn", "k8s://https://h:443"],
)
def test_these_are_masters(master: str) -> None:
    assert Spark(master).addresses == []


def test_a_master_that_is_not_there_ends_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(EngineError, match=f"no Spark master at spark://127.0.0.1:{port}"):
            _require_master(Spark(f"spark://127.0.0.1:{port}"))


def test_pyspark_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(UsageError, match=r"pip install 'tastegraph\[spark\]'"), session(Spark()):
        pass


def test_java_is_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineError, match="Spark needs Java, and there is no"):
        _require_java()


def test_an_old_java_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_392\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineError, match="needs Java 17 or newer"):
        _require_java()


def test_of_a_trace_the_cause_is_said() -> None:
    said = [
        "An error occurred while calling o41.parquet.",
        ": java.lang.RuntimeException: it broke",
        "\tat org.apache.spark.QueryExecution$.withInternalError(QueryExecution.scala:927)",
        "Caused by: java.lang.ClassNotFoundException: Class S3AFileSystem not found",
        "\tat java.base/java.lang.Error.of(Error.java:1)",
    ]
    last = "java.lang.ClassNotFoundException: Class S3AFileSystem not found"
    assert last_words(RuntimeError("\n".join(said))) == last
    assert last_words(RuntimeError("\n".join(said[:3]))) == "java.lang.RuntimeException: it broke"


def test_a_master_is_of_an_engine() -> None:
    done = CliRunner().invoke(cli, ["recommend", "--all", "--master", "local[2]"])
    assert done.exit_code == 2
    assert "--engine spark" in done.output
