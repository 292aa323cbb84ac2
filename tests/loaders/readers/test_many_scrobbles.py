"""Histories that are much larger than what is left of them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROWS = int(os.environ.get("SCROBBLES", "1000000"))
ARTISTS, BLOCK = 40_000, 100_000

# What 10 million rows may take: seconds of processor time, and bytes of memory.
MOST_SECONDS, MOST_MEMORY = 60, 10**9

# A process of its own: the one of the tests may have a JVM in it, which works and takes memory too.
READ = """
import json, resource, sys
from pathlib import Path
from tastegraph.loaders.source import ReadOptions, read_source

def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024

(start, before), frames = used(), read_source(Path(sys.argv[1]), options=ReadOptions(user="me"))
end, peak = used()
print(json.dumps([len(frames.listens), int(frames.listens["plays"].sum()),
                  end - start, peak - before]))
"""


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
    command = [sys.executable, "-c", READ, str(scrobbles)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    artists, plays, seconds, memory = json.loads(answer.stdout)
    print(f"{ROWS:,} rows: {seconds:.1f} s of processor time, {memory / 2**20:.0f} MB more")
    assert plays == ROWS
    assert artists <= ARTISTS
    assert seconds < max(MOST_SECONDS * ROWS / 10**7, 10)
    assert memory < MOST_MEMORY
