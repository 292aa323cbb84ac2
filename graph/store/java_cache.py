"""What Java learns of its classes when it starts, kept so that the next start is faster (JEP 483).

The JVM checks what it is given as well; but it says so on stdout, or crashes, where that is
damaged, so that a file that does not fit is not even named to it.
"""

import hashlib
import json
import os
import platform
import shlex
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tastegraph.errors import InputError
from tastegraph.runtime.cache_folder import cache_folder
from tastegraph.runtime.environment import (
    ARCADEDB_JVM_ARGS,
    JAVA_CACHE,
    JAVA_OPTIONS,
    JAVA_TOOL_OPTIONS,
)

# Options that one cache serves all values of.
_INDIFFERENT = ("-Xmx", "-Xms", "-Xlog:", "-XX:TieredStopAtLevel=", "-XX:ErrorFile=")

# Options of somebody who sees to it themselves; the JVM takes no two of them.
_OTHERS = ("-XX:AOT", "-XX:+AOT", "-XX:-AOT", "-XX:Shared", "-XX:+AutoCreateShared", "-Xshare")

# By this property a JVM is known that was started with a cache.
_MARK = "tastegraph.java.cache"

# The JVM adds up what is in the file, and complains nowhere.
_CHECKED = (f"-D{_MARK}=yes", "-XX:+VerifySharedSpaces", "-Xlog:aot*=off")


@dataclass(frozen=True)
class JavaCache:
    """The cache of one Java, one class path and one set of options, which need not be there."""

    file: Path

    @classmethod
    def of(cls, options: Sequence[str]) -> "JavaCache | None":
        """The cache of a JVM that is started with ``options`` and those of the environment.

        None where TASTEGRAPH_JAVA_CACHE is off, or the environment names a cache of its own.
        InputError where it says anything else.
        """
        if JAVA_CACHE.value not in (None, "on", "off"):
            raise InputError(f"{JAVA_CACHE.name}={JAVA_CACHE.value} is neither on nor off")
        given = [*options, *_from_environment()]
        file = cache_folder().absolute() / "java" / f"{_key(given)}.aot"
        is_off = JAVA_CACHE.value == "off" or any(option.startswith(_OTHERS) for option in given)
        # The JVM takes a list of files there.
        return None if is_off or os.pathsep in str(file) else cls(file)

    @property
    def is_there(self) -> bool:
        """Whether there is a file, and nobody else can have written it."""
        try:
            file, folder = self.file.lstat(), self.file.parent.lstat()
        except OSError:
            return False
        return stat.S_ISREG(file.st_mode) and _is_ours(file) and _is_ours(folder)

    @property
    def options(self) -> list[str]:
        """What the JVM is started with to use it."""
        return use(self.file) if self.is_there and os.access(self.file, os.R_OK) else []


def use(file: Path) -> list[str]:
    """Options of a JVM that uses the cache in ``file`` where it can."""
    return [f"-XX:AOTCache={file}", *_CHECKED]


def write(file: Path) -> list[str]:
    """Options of a JVM that writes a cache to ``file`` when it ends."""
    return [f"-XX:AOTCacheOutput={file}"]


def is_used() -> bool:
    """Whether the JVM of this process runs with a cache of ours."""
    from jpype import JClass

    system = JClass("java.lang.System")
    return system.getProperty(_MARK) is not None and "sharing" in str(
        system.getProperty("java.vm.info")
    )


def _from_environment() -> list[str]:
    """Options that reach the JVM past us."""
    variables = (ARCADEDB_JVM_ARGS, JAVA_TOOL_OPTIONS, JAVA_OPTIONS)
    return [option for variable in variables for option in shlex.split(variable.value or "")]


def _key(options: Sequence[str]) -> str:
    """A mark of all that a cache depends on."""
    import arcadedb_embedded
    import jpype

    parts = [
        arcadedb_embedded.__version__,
        jpype.__version__,
        platform.machine(),
        [option for option in options if not option.startswith(_INDIFFERENT)],
        list(_files()),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _files() -> Iterator[tuple[str, int, int]]:
    """Java and its class path: each file's path, size in bytes and time in nanoseconds."""
    import jpype
    from arcadedb_embedded.jvm import get_bundled_jre_lib_path, get_jar_path

    java = Path(get_bundled_jre_lib_path())
    modules = java.parents[1] / "modules"
    bridge = Path(jpype.__file__).parents[1] / "org.jpype.jar"
    # In the folder's order, which is that of the class path.
    for file in (java, modules, bridge, *Path(get_jar_path()).iterdir()):
        if file.exists():
            found = file.stat()
            yield str(file), found.st_size, found.st_mtime_ns


def _is_ours(found: os.stat_result) -> bool:
    if not hasattr(os, "geteuid"):
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & 0o022
