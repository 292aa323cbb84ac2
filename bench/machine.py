"""What the figures were measured on, in one line that names no machine."""

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = ("neo4j", "arcadedb-embedded", "tensorflow-cpu", "tensorflow", "numpy", "implicit")


def machine_line() -> str:
    """Return date, cores, memory, processor, Python and libraries."""
    versions = [f"{name} {found}" for name in LIBRARIES if (found := _version(name))]
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {_cores()} cores ({_processor()}), "
        f"{_memory()}; Python {platform.python_version()}, {', '.join(versions)}."
    )


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory() -> str:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return "memory unknown"
    return f"{size / 2**30:.0f} GB of memory"


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    named = re.search(r"^model name\s*:\s*(.+)$", told, re.MULTILINE)
    return named[1] if named else platform.machine()
