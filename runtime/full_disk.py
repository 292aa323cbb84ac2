"""A full disk, which databases report in many ways and no clear one."""

import shutil
from pathlib import Path

from tastegraph.errors import StoreError

# With less than this left, in bytes, the embedded database can't write its next page or log.
_LEAST = 2_000_000


def full_disk(place: str | Path) -> StoreError | None:
    """The error to raise for a failure of the store in ``place`` where its disk is full."""
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
