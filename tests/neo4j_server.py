"""A real Neo4j server for tests, started from Maven packages without Docker."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, Self

from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from tastegraph.runtime.ports import free_port
from tests.neo4j_packages import ROOT, Release, jars_of, java_for

Auth = tuple[str, str] | None

START_SECONDS = 120
STOP_SECONDS = 30
LOGS = ROOT / ".test-output"
OPENED = ["java.nio", "java.io", "sun.nio.ch", "java.util.concurrent"]
JVM = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED]
# The serial collector starts and runs as fast as the default one here, in 100 MB less.
SERVER_JVM = [*JVM, "-Xms256m", "-Xmx1g", "-XX:+UseSerialGC"]
# What lives as long as tests do is better compiled soon than compiled well.
BRIEF_JVM = [*SERVER_JVM, "-XX:TieredStopAtLevel=1"]

# The wait for Bolt's thread pool is a pause of ten seconds at each stop, even of an idle server.
CONFIGURATION = """\
server.directories.logs={logs}
server.bolt.listen_address=127.0.0.1:{bolt}
server.bolt.advertised_address=127.0.0.1:{bolt}
server.http.listen_address=127.0.0.1:{http}
server.http.advertised_address=127.0.0.1:{http}
server.https.enabled=false
server.memory.pagecache.size=128m
db.tx_log.preallocate=false
internal.server.bolt.thread_pool_shutdown_wait_time=0s
dbms.usage_report.enabled=false
client.allow_telemetry=false
dbms.security.auth_enabled={authenticated}
"""


class Server(Protocol):
    """What the tests need of a server, wherever it runs.

    ``auth`` is what the driver takes: a user name and password, or None where the server asks
    for neither. ``logs`` tells a person where to look when it does not start.
    """

    uri: str
    browser_url: str
    auth: Auth
    logs: str

    @property
    def running(self) -> bool:
        """Whether what we started is still there."""

    def start(self) -> None:
        """Start the server and return once it answers a query."""

    def stop(self) -> None:
        """Stop the server; its data and ports stay for the next start."""


class Neo4jServer:
    """A ``Server`` from Maven packages, with a home of its own that goes at the end.

    brief        that it is for tests, and nothing is timed on it
    settings     lines for neo4j.conf
    environment  variables for its process, beside ours
    """

    def __init__(
        self,
        release: Release,
        password: str | None = None,
        *,
        brief: bool = True,
        settings: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._settings, self._environment = settings, environment or {}
        self._jvm = BRIEF_JVM if brief else SERVER_JVM
        self.release = release
        self.auth: Auth = ("neo4j", password) if password else None
        self.java = java_for(release)
        self.jars = jars_of(release)
        self.bolt_port, self.http_port = free_ports(2)
        self.uri = f"bolt://127.0.0.1:{self.bolt_port}"
        self.browser_url = f"http://127.0.0.1:{self.http_port}/browser/"
        self.logs = str(LOGS / f"neo4j-{release.version}-{self.bolt_port}")
        self._home = tempfile.TemporaryDirectory(prefix="tastegraph-neo4j-")
        self._process: subprocess.Popen[bytes] | None = None
        self._configure()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.stop()
        self._home.cleanup()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The server's process, while there is one."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        with Path(self.logs, "console.log").open("ab") as console:
            self._process = subprocess.Popen(
                self._java(self._jvm, self.release.main_class, *self._places()),
                cwd=self._home.name,
                env={**os.environ, **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                # Control-C in the terminal is for pytest, which then stops the server.
                start_new_session=True,
            )
        try:
            wait_until_ready(self)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def send(self, number: signal.Signals) -> None:
        """Send its process a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def _configure(self) -> None:
        Path(self.logs).mkdir(parents=True, exist_ok=True)
        conf = Path(self._home.name, "conf")
        conf.mkdir()
        text = CONFIGURATION.format(
            bolt=self.bolt_port,
            http=self.http_port,
            logs=self.logs,
            authenticated=str(bool(self.auth)).lower(),
        )
        lines = "".join(f"{line}\n" for line in self._settings)
        (conf / "neo4j.conf").write_text(text + lines, encoding="utf-8")
        if self.auth:
            self._set_initial_password(self.auth[1])

    def _set_initial_password(self, password: str) -> None:
        self.admin("dbms", "set-initial-password", password).check_returncode()

    def admin(
        self, *arguments: str, folder: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run neo4j-admin in ``folder`` for this server, which must be stopped for most of it."""
        home = self._home.name
        return subprocess.run(
            self._java(BRIEF_JVM, "org.neo4j.cli.AdminTool", *arguments),
            env={**os.environ, "NEO4J_HOME": home, "NEO4J_CONF": f"{home}/conf"},
            cwd=folder,
            check=False,
            capture_output=True,
            text=True,
        )

    def _java(self, options: list[str], main_class: str, *arguments: str) -> list[str]:
        return [str(self.java), *options, "-cp", f"{self.jars}/*", main_class, *arguments]

    def _places(self) -> list[str]:
        return [f"--home-dir={self._home.name}", f"--config-dir={self._home.name}/conf"]


def free_ports(count: int) -> list[int]:
    """Find ports on the loopback address that nothing listens on."""
    ports: set[int] = set()
    while len(ports) < count:
        ports.add(free_port())
    return sorted(ports)


def wait_until_ready(server: Server) -> None:
    """Return when the server answers a query; fail when it ends first or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            ask(server)
            return
        except (DriverError, Neo4jError) as error:
            if not server.running or time.monotonic() > deadline:
                raise RuntimeError(f"Neo4j did not start; see {server.logs}") from error
        time.sleep(0.2)


def ask(server: Server) -> None:
    """Run the smallest query, without the retries of ``execute_query`` and their pauses."""
    with (
        GraphDatabase.driver(server.uri, auth=server.auth, connection_timeout=5) as driver,
        driver.session(database="neo4j") as session,
    ):
        session.run("RETURN 1").consume()
