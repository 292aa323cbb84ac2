"""Histories that are much larger than what is left of them."""

import os
import resource
import time
from pathlib import Path

import numpy as np
import pytest

from tastegraph.loaders.source import ReadOptions, read_source

ROWS = int(os.environ.get("SCROBBLES", "1000000"))
ARTISTS, BLOCK = 40_000, 100_000

# What 10 million rows may take: seconds of processor time, and bytes of memory.
MOST_SECONDS, MOST_MEMORY = 60, 10**9


@pytest.fixture
def scrobbles(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    weights = rng.pareto(1.0, ARTISTS) + 1
    weights /= weights.sum()
    path = tmp_path / "many.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n")
        for start in range(0, ROWS, BLOCK):
            artists = rng.choice(ARTISTS, BLOCK, p=weights).tolist()
            file.writelines(
                f'"{1300000000 + start + row}","31 Jan 2021, 12:34","Ärtist number {artist}","",'
                f'"Album {artist % 1000}","","A track with a name of usual length",""\n'
                for row, artist in enumerate(artists)
            )
    return path


@pytest.mark.slow
def test_many_scrobbles_are_counted_in_little_time_and_memory(scrobbles: Path) -> None:
    before, start = _peak(), time.process_time()
    frames = read_source(scrobbles, options=ReadOptions(user="me"))
    seconds, memory = time.process_time() - start, _peak() - before
    print(f"{ROWS:,} rows: {seconds:.1f} s of processor time, {memory / 2**20:.0f} MB more")
    assert frames.listens["plays"].sum() == ROWS
    assert len(frames.listens) <= ARTISTS
    assert seconds < max(MOST_SECONDS * ROWS / 10**7, 10)
    assert memory < MOST_MEMORY


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
