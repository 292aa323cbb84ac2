"""Spark's own start, quiet, and everything that has to be there before it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tastegraph.errors import EngineError, UsageError
from tastegraph.spark.engine import Spark

_JAVA = 17

# Seconds in which a master has to take a connection.
_ANSWER = 5.0

_QUIET = """
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %p %c{1}: %m%n%throwable{1}%n
"""

# Each task has one core, and its linear algebra no more.
_ONE_THREAD = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
    *("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
)


@contextmanager
def session(engine: Spark) -> Iterator[Any]:
    """A SparkSession of ``engine``; one that is there already is used, and left as it is.

    EngineError where it can't be had, UsageError where pyspark is not installed.
    """
    sql = _pyspark()
    if active := sql.SparkSession.getActiveSession():
        yield active
        return
    _require_java()
    _require_master(engine)
    with tempfile.TemporaryDirectory(prefix="tastegraph-spark-") as folder:
        started = _started(engine, Path(folder))
        try:
            yield started
        finally:
            _stopped(started)


def _pyspark() -> Any:
    try:
        with warnings.catch_warnings():
            # Nothing here goes through pandas, of whose version Spark warns.
            warnings.simplefilter("ignore")
            import pyspark.sql
            import pyspark.sql.functions
            import pyspark.sql.types
    except ImportError as error:
        raise UsageError(
            f"--engine spark needs pyspark, which can't be imported ({error}): pip install "
            "'tastegraph[spark]'"
        ) from error
    return pyspark.sql


def _require_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else "java"
    found = shutil.which(java)
    wanted = f"install Java {_JAVA} or newer, and let JAVA_HOME name its folder or PATH find it"
    if found is None:
        raise EngineError(f"Spark needs Java, and there is no {java}: {wanted}")
    said = subprocess.run(  # noqa: S603
        [found, "-version"], capture_output=True, text=True, check=False, timeout=60
    ).stderr
    version = re.search(r'version "(?:1\.)?(\d+)', said)
    if version is None or int(version[1]) < _JAVA:
        named = said.splitlines()[0] if said else "it does not say its version"
        raise EngineError(
            f"Spark needs Java {_JAVA} or newer, and {found} is not ({named}): {wanted}"
        )


def _require_master(engine: Spark) -> None:
    """Refuse a standalone master that takes no connection, to which Spark would go for minutes."""
    reasons = []
    for host, port in engine.addresses:
        try:
            socket.create_connection((host, port), timeout=_ANSWER).close()
            return
        except OSError as error:
            reasons.append(f"{host}:{port}: {error.strerror or error}")
    if reasons:
        raise EngineError(
            f"there is no Spark master at {engine.master} ({'; '.join(reasons)}): start it "
            "(sbin/start-master.sh), or give the address that its page shows"
        )


def _started(engine: Spark, folder: Path) -> Any:
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    log = folder / "log4j2.properties"
    log.write_text(_QUIET, encoding="utf-8")
    conf = SparkConf().setMaster(engine.master).setAppName("tastegraph")
    conf.setAll(list(_settings(engine, log, folder).items()))
    if engine.is_here:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    said = folder / "stderr"
    # It has no types.
    launch: Any = launch_gateway
    try:
        with said.open("wb") as stderr, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            gateway = launch(conf, popen_kwargs={"stderr": stderr})
            context = SparkContext(conf=conf, gateway=gateway)
            return SparkSession(context)
    except Exception as error:
        raise EngineError(
            f"Spark could not start on {engine.master}: {last_words(error, said)}"
        ) from error


def _settings(engine: Spark, log: Path, folder: Path) -> dict[str, str]:
    """Of Spark; what a person sets goes before."""
    own = {
        "spark.ui.showConsoleProgress": "false",
        "spark.ui.enabled": "false",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={log.as_uri()}",
        "spark.driver.maxResultSize": "0",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        **{f"spark.executorEnv.{name}": "1" for name in _ONE_THREAD},
    }
    if engine.is_here:
        own |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    return own | dict(engine.settings)


def _stopped(started: Any) -> None:
    """Stop Spark and its Java, which otherwise lives as long as this process."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    with suppress(Exception):
        started.stop()
    if gateway is None:
        return
    with suppress(Exception):
        gateway.shutdown()
    process = getattr(gateway, "proc", None)
    if process is not None:
        with suppress(Exception):
            process.stdin.close()
            process.wait(timeout=10)
        if process.poll() is None:
            process.kill()
    SparkContext._gateway = SparkContext._jvm = None


def last_words(error: BaseException, log: Path | None = None) -> str:
    """What an error of Spark is about, in one line: that of Python on a worker, if it is one."""
    text = str(error)
    if log is not None and log.exists():
        text = f"{log.read_text(encoding='utf-8', errors='replace')}\n{text}"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith("at ")] or lines
    python = [line for line in lines if re.match(r"(\w+\.)*\w*(Error|Exception|Interrupt)\b", line)]
    java = [line for line in lines if re.search(r"(Exception|Error)\b", line)]
    chosen = (python or java or lines or [type(error).__name__])[-1]
    return re.sub(r"^(Caused by)?: ", "", chosen)[:400]
