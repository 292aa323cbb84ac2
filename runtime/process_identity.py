"""Which process this is, and whether another one still lives."""

import os
import platform
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# Fields of /proc/PID/stat after the name in brackets, counted from 0.
_STATE, _STARTED = 0, 19


@dataclass(frozen=True)
class Process:
    """A process, told from all others, also from a later one with the same number.

    ``machine`` is where process numbers mean the same: a machine since it was started, and the
    container in it. ``started`` is empty where the system does not say.
    """

    machine: str
    pid: int
    started: str

    @classmethod
    def current(cls) -> "Process":
        """The process that asks."""
        return cls(_machine(), os.getpid(), _started(os.getpid()) or "")

    @property
    def is_ours(self) -> bool:
        """Whether it is the process that asks."""
        return self == Process.current()

    @property
    def has_ended(self) -> bool | None:
        """Whether it is gone; None where that can't be told from here."""
        if self.machine != _machine():
            return None
        if Path("/proc/self/stat").exists():
            return _started(self.pid) != self.started
        return _is_gone(self.pid) if os.name == "posix" else None


@cache
def _machine() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return f"{platform.node()} {uuid.getnode():x}"


def _started(pid: int) -> str | None:
    """When the process was started, in ticks since the machine was; None for one that is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[_STATE] in "ZX" else fields[_STARTED]


def _is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
