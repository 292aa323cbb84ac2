"""Making the cache of Java's classes: a process of its own is its rehearsal, and nobody waits."""

import os
import shlex
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock, Timeout

from tastegraph.graph.store.java_cache import JavaCache, use, write
from tastegraph.runtime.closing import Closing
from tastegraph.runtime.environment import ARCADEDB_JVM_ARGS, BOLT_PORT, JAVA_CACHE
from tastegraph.runtime.notes import Note

# Bytes that have to be free: more than what is made takes, since others need the disk, too.
_ROOM = 500_000_000

# Seconds until what did not succeed is tried again.
_AGAIN = 86_400.0

_LOCK = "making.lock"


class JavaCacheMaker(Closing):
    """Makes a cache that is missing, by a program that closing it ends.

    cache      what to make
    rehearsal  the program, which is given a folder: it starts a JVM, does there what others will
               do, and ends the JVM. The second time it finds what it left in the folder
    note       is told that it begins
    """

    def __init__(self, cache: JavaCache, rehearsal: Sequence[str], note: Note) -> None:
        self._cache = cache
        self._rehearsal = rehearsal
        self._note = note
        self._closing = threading.Lock()
        self._is_closed = False
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_made(self) -> bool:
        """Whether the cache is there."""
        return self._cache.is_there

    def make(self) -> bool:
        """Make the cache and remove old ones; gives whether it is there then.

        Whatever keeps it from being made, a full disk or another maker, is none of the caller's
        business; what the program said of it stays beside the cache for a day, and nothing is
        tried meanwhile.
        """
        folder = self._cache.file.parent
        with suppress(OSError, Timeout):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._is_closed or self._was_tried or shutil.disk_usage(folder).free < _ROOM:
                return False
            with FileLock(folder / _LOCK, blocking=False, mode=0o600):
                self._remove_others()
                with TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as place:
                    return self._made(Path(place))
        return False

    def close(self) -> None:
        """End the program, if it runs."""
        with self._closing:
            self._is_closed = True
            if self._process is not None and self._process.returncode is None:
                _kill(self._process)

    @property
    def _log(self) -> Path:
        return self._cache.file.with_suffix(".log")

    @property
    def _was_tried(self) -> bool:
        try:
            return time.time() - self._log.stat().st_mtime < _AGAIN
        except OSError:
            return False

    def _made(self, place: Path) -> bool:
        self._note(
            "preparing a faster start of the embedded store for the next time "
            f"({JAVA_CACHE.name}=off leaves it out)"
        )
        made = place / "cache.aot"
        # A JVM that refuses it, or crashes with it, does so here and not before a person.
        well = self._rehearsed(place, write(made))
        well = well and self._rehearsed(place, ["-XX:AOTMode=on", *use(made)])
        if self._is_closed:
            self._log.unlink(missing_ok=True)
            return False
        if well:
            made.chmod(0o600)
            made.replace(self._cache.file)
        return well

    def _rehearsed(self, place: Path, options: Sequence[str]) -> bool:
        """Whether the program ended well with a JVM of these ``options``."""
        given = [*shlex.split(ARCADEDB_JVM_ARGS.value or ""), *options]
        # Where a port is named, it is that of whoever makes this.
        environment = {
            **{name: value for name, value in os.environ.items() if name != BOLT_PORT.name},
            ARCADEDB_JVM_ARGS.name: shlex.join(given),
        }
        opened = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(opened, "ab") as log, self._closing:
            if self._is_closed:
                return False
            self._process = subprocess.Popen(  # noqa: S603
                [*self._rehearsal, str(place)],
                cwd=place,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                # Ctrl-C is for the server alone, and what the JVM starts ends with the program. A
                # session of its own would take its low priority for one among its own alone.
                process_group=0,
            )
        code = self._process.wait()
        # It is held open until then: without it the program ends.
        assert self._process.stdin
        self._process.stdin.close()
        return code == 0

    def _remove_others(self) -> None:
        """Remove the caches of other versions but the newest, which another installation may use,
        and what somebody left who was killed.
        """
        folder = self._cache.file.parent
        others = [file for file in folder.glob("*.aot") if file != self._cache.file]
        newest = max(others, key=lambda file: file.stat().st_mtime, default=self._cache.file)
        for other in folder.iterdir():
            if other.is_dir():
                shutil.rmtree(other, ignore_errors=True)
            elif other.stem not in (self._cache.file.stem, newest.stem) and other.name != _LOCK:
                other.unlink(missing_ok=True)
        self._log.unlink(missing_ok=True)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    if os.name == "posix":
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
