"""Four listeners by hand, and the real data."""

from pathlib import Path

import pytest

from tastegraph.analysis.source import Snapshot
from tastegraph.loaders.source import read_source
from tests.analysis.snapshots import snapshot
from tests.contract.frames import frames


@pytest.fixture(scope="session")
def four() -> Snapshot:
    """Users 1 to 4 and artists a to d: 1 and 2 are friends, 3 knows 2, 4 knows nobody."""
    return snapshot(
        frames(
            users=[1, 2, 3, 4],
            artists=[(10, "Ann"), (20, "Bob"), (30, "Cid"), (40, "Dee")],
            tags=[(1, "rock"), (2, "pop"), (3, "jazz")],
            listens=[(1, 10, 5), (1, 20, 1), (2, 10, 3), (2, 20, 7), (3, 10, 2), (4, 30, 100)],
            friendships=[(1, 2), (2, 3)],
            taggings=[
                (1, 10, 1, ""),
                (1, 10, 2, ""),
                (1, 20, 2, ""),
                (2, 10, 1, ""),
                (2, 20, 2, ""),
                (2, 20, 3, ""),
                (3, 40, 3, ""),
            ],
        )
    )


@pytest.fixture(scope="session")
def real_snapshot(real_data: Path) -> Snapshot:
    return snapshot(read_source(real_data / "hetrec2011-lastfm-2k"))
