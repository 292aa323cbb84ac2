"""A full disk, and too few files that may be open: databases report them in no clear way."""

import shutil
import sys
from pathlib import Path

from tastegraph.errors import StoreError

# With less than this left, in bytes, the embedded database can't write its next page or log.
_LEAST = 2_000_000

# So many files an embedded store may need to have open, and those of Java and Python.
_FILES = 1_024


def exhausted(place: str | Path) -> StoreError | None:
    """The error to raise for a failure of the store in ``place`` where something has run out."""
    return _full_disk(place) or _few_files(place)


def _full_disk(place: str | Path) -> StoreError | None:
    try:
        free = shutil.disk_usage(Path(place).expanduser()).free
    except OSError:
        return None
    if free >= _LEAST:
        return None
    return StoreError(
        f"the disk that holds the store in {place} is full: make room, or give another --store, "
        "and run the same command again"
    )


def _few_files(place: str | Path) -> StoreError | None:
    if sys.platform == "win32":
        return None
    import resource

    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed == resource.RLIM_INFINITY or allowed >= _FILES:
        return None
    return StoreError(
        f"the store in {place} can't be used while a process may have only {allowed} files open: "
        f"allow {_FILES:,} (ulimit -n {_FILES}) and run the same command again"
    )
