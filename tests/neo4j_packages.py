"""Neo4j Community as Maven packages: which ones, for which Java, and where they are kept."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tastegraph</groupId>
  <artifactId>neo4j-for-tests</artifactId>
  <version>1</version>
  <dependencies>
{dependencies}
  </dependencies>
</project>
"""

DEPENDENCY = """\
    <dependency>
      <groupId>{}</groupId>
      <artifactId>{}</artifactId>
      <version>{}</version>
    </dependency>"""


class UnavailableError(Exception):
    """Neo4j can't be had in this way; the message says what is missing."""


@dataclass(frozen=True)
class Release:
    """One Neo4j release, its entry point and the oldest Java that runs it."""

    version: str
    main_class: str
    java: int
    browser: str = "5.24.0"


NEO4J_5 = Release("5.26.30", "org.neo4j.server.CommunityEntryPoint", 17)
NEO4J_2026 = Release("2026.08.1", "org.neo4j.server.Neo4jCommunity", 21)


def java_for(release: Release) -> Path:
    """Find the oldest installed Java that runs ``release``: a newer one may be too new for it."""
    versions = {path: java_version(path) for path in installed_javas()}
    usable = {path: version for path, version in versions.items() if version >= release.java}
    if not usable:
        raise UnavailableError(f"no Java {release.java} or newer for Neo4j {release.version}")
    return min(usable, key=lambda path: (usable[path], path))


def installed_javas() -> set[Path]:
    """Every ``java`` under JAVA_HOME, on PATH or where Linux distributions put them."""
    candidates = list(Path("/usr/lib/jvm").glob("*/bin/java"))
    if home := os.environ.get("JAVA_HOME"):
        candidates.append(Path(home, "bin", "java"))
    if on_path := shutil.which("java"):
        candidates.append(Path(on_path))
    return {path.resolve() for path in candidates if path.is_file()}


def java_version(java: Path) -> int:
    """Give the major version that ``java`` reports, 0 when it reports none."""
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(?:1\.)?(\d+)', told.stderr)
    return int(found[1]) if found else 0


def jars_of(release: Release) -> Path:
    """Give the folder with the release's jars, downloading them the first time."""
    return fetched_once(release.version, lambda folder: download(release, folder)) / "lib"


def fetched_once(name: str, fetch: Callable[[Path], object]) -> Path:
    """Give the folder that ``fetch`` fills the first time, whole or not at all."""
    cache = Path(os.environ.get("TASTEGRAPH_NEO4J_CACHE") or ROOT / ".neo4j")
    folder = cache / name
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix="download-") as workspace:
            built = Path(workspace, name)
            fetch(built)
            publish(built, folder)
    return folder


def download(release: Release, folder: Path) -> None:
    """Let Maven copy the release and all it depends on into ``folder/lib``."""
    maven = shutil.which("mvn")
    if maven is None:
        raise UnavailableError("no Maven (mvn) on PATH")
    folder.mkdir()
    (folder / "pom.xml").write_text(pom_of(release), encoding="utf-8")
    command = [maven, "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        told = done.stdout.partition("[ERROR] ")[2] or done.stderr
        reason = told.partition("\n")[0]
        raise UnavailableError(f"Maven could not fetch Neo4j: {reason}")


def pom_of(release: Release) -> str:
    """Write a project that depends on the server, its database and Neo4j Browser."""
    packages = [
        ("org.neo4j.app", "neo4j-server", release.version),
        ("org.neo4j", "neo4j", release.version),
        ("org.neo4j.client", "neo4j-browser", release.browser),
    ]
    return POM.format(dependencies="\n".join(DEPENDENCY.format(*one) for one in packages))


def publish(built: Path, folder: Path) -> None:
    """Put a complete download in place, unless another process was quicker."""
    try:
        built.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
