"""How long it takes from one's own history to recommendations, in a graph that holds others'."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter

import numpy as np

from bench.stage import NEO4J, Stage, say
from bench.table import Row, Section, spread
from tests.neo4j_packages import UnavailableError

TITLE = "One's own history"
HOW = (
    "Whole processes on Neo4j with the real data and its model: `load Spotify.zip --user NAME`, "
    "which folds it in, and `recommend NAME`, one after the other. The zip has 20,000 plays of 440 "
    "artists as three years of extended streaming history; the graph knows 400 of them. The first "
    "history makes the ids of the graph's users text and adds 40 artists, by which the idf of "
    "every tag changes; those after it find all of their artists there."
)
BOUND = "5 s"
STEPS = ("load", "recommend")
FIRST, NEXT = "the first history", "the next ones"

_KNOWN, _NEW, _PLAYS, _SECONDS = 400, 40, 20_000, 3 * 365 * 86_400

Times = dict[str, list[float]]


def measure(stage: Stage) -> Section:
    """Load several people's histories into a trained graph on Neo4j, which is wiped afterwards."""
    place = stage.stores().get(NEO4J)
    if place is None:
        raise UnavailableError(" ".join(stage.missing()))
    stage.ensure_trained(place)
    stage.command(place, "recommend", "2")
    history = stage.folder / "Spotify.zip"
    write_history(history, _names(stage.source / "artists.dat"))
    try:
        runs = [_timed(stage, place, history, f"me-{at}") for at in range(1 + stage.repeats)]
    finally:
        stage.wipe_neo4j()
    return section({FIRST: runs[:1], NEXT: runs[1:]})


def section(runs: Mapping[str, Sequence[Mapping[str, float]]]) -> Section:
    """Render the seconds of each step of ``runs``, by whose history it was."""
    rows = []
    for name, timed in runs.items():
        whole = [sum(run[step] for step in STEPS) for run in timed]
        parts = ", ".join(f"`{step}` {spread([run[step] for run in timed])}" for step in STEPS)
        rows += [
            Row(f"{name}: until `recommend` has answered", BOUND, spread(whole, "s")),
            Row(f"{name}: seconds by step", "", parts),
        ]
    return Section(TITLE, HOW, rows)


def write_history(path: Path, names: Sequence[str]) -> None:
    """A zip as Spotify sends it, of some of the artists ``names`` and some that nobody knows."""
    rng = np.random.default_rng(0)
    known = rng.choice(names, min(_KNOWN, len(names)), replace=False).tolist()
    heard = [*known, *(f"Unheard of {number}" for number in range(_NEW))]
    shares = 1.0 / np.arange(1, len(heard) + 1)
    drawn = rng.choice(len(heard), _PLAYS, p=shares / shares.sum())
    begun = np.datetime64("2021-01-01T00:00:00") + np.sort(rng.integers(0, _SECONDS, _PLAYS))
    plays = [
        {
            "ts": f"{moment}Z",
            "ms_played": 200_000,
            "master_metadata_track_name": f"Song {place}",
            "master_metadata_album_artist_name": heard[artist],
            "spotify_track_uri": f"spotify:track:{artist}-{place}",
        }
        for place, (artist, moment) in enumerate(zip(drawn.tolist(), begun, strict=True))
    ]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("my_spotify_data/Streaming_History_Audio_2021_0.json", json.dumps(plays))


def _names(artists: Path) -> list[str]:
    rows = artists.read_text(encoding="utf-8").splitlines()[1:]
    return [row.split("\t")[1] for row in rows if row.count("\t")]


def _timed(stage: Stage, place: str, history: Path, user: str) -> dict[str, float]:
    say(f"the history of {user}")
    commands = {
        "load": ("load", str(history), "--user", user),
        "recommend": ("recommend", user),
    }
    seconds = {}
    for step, words in commands.items():
        start = perf_counter()
        stage.command(place, *words)
        seconds[step] = perf_counter() - start
    return seconds
