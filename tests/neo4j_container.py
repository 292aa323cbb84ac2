"""A real Neo4j server for tests in a Docker container, where an engine answers."""

import shutil
import subprocess
from typing import Self

from tests.neo4j_packages import UnavailableError
from tests.neo4j_server import Auth, free_ports, wait_until_ready

IMAGE = "neo4j:5.26-community"


class Neo4jContainer:
    """A ``Server`` in a container of its own that goes at the end."""

    auth: Auth = None

    def __init__(self) -> None:
        require_engine()
        bolt, http = free_ports(2)
        self.uri = f"bolt://127.0.0.1:{bolt}"
        self.browser_url = f"http://127.0.0.1:{http}/browser/"
        self.name = f"tastegraph-test-{bolt}"
        self.logs = f"docker logs {self.name}"
        docker(
            "create",
            f"--name={self.name}",
            f"--publish=127.0.0.1:{bolt}:7687",
            f"--publish=127.0.0.1:{http}:7474",
            "--env=NEO4J_AUTH=none",
            f"--env=NEO4J_server_bolt_advertised__address=127.0.0.1:{bolt}",
            "--env=NEO4J_server_memory_heap_max__size=1g",
            IMAGE,
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *failure: object) -> None:
        docker("rm", "--force", "--volumes", self.name)

    @property
    def running(self) -> bool:
        return docker("inspect", "--format={{.State.Running}}", self.name) == "true"

    def start(self) -> None:
        docker("start", self.name)
        wait_until_ready(self)

    def stop(self) -> None:
        docker("stop", self.name)


def require_engine() -> None:
    """Raise unless the docker command reaches an engine."""
    if shutil.which("docker") is None:
        raise UnavailableError("no Docker")
    docker("info", "--format={{.ServerVersion}}")


def docker(*arguments: str) -> str:
    """Run one docker command and give what it prints."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise UnavailableError(f"docker {arguments[0]}: {done.stderr.strip()}")
    return done.stdout.strip()
