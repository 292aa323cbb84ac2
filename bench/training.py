"""How long the whole of a training takes, until readers see it."""

from time import perf_counter
from typing import Any

from bench.stage import NEO4J, Stage
from bench.table import Row, Section, spread

TITLE = "Training"
HOW = (
    "The whole `train` command with defaults (d 256, 12 sweeps) on the real data, its process "
    "started anew each time, after one run that warms the server. Visible: vectors and Model are "
    "in the graph. Online: the vector indexes serve as well. What counts beside the fit is "
    "everything else: starting Python and TensorFlow, reading, writing, ending."
)

Run = dict[str, Any]


def measure(stage: Stage) -> Section:
    """Train on every store, several times."""
    runs: dict[str, list[Run]] = {}
    for name, place in stage.stores().items():
        stage.ensure_trained(place)
        runs[name] = [_timed(stage, place) for _ in range(stage.repeats)]
    return section(runs, stage.missing())


def section(runs: dict[str, list[Run]], notes: list[str]) -> Section:
    """Render runs (what ``train`` prints, and process_seconds) by store."""
    return Section(TITLE, HOW, [row for name in runs for row in _rows(name, runs[name])], notes)


def _rows(name: str, runs: list[Run]) -> list[Row]:
    beside = [run["process_seconds"] - run["fit_seconds"] for run in runs]
    visible = [rest - run["index_seconds"] for rest, run in zip(beside, runs, strict=True)]
    steps = ", ".join(
        f"{step} {spread([run[f'{step}_seconds'] for run in runs])}"
        for step in ("read", "fit", "write", "index")
    )
    bounded = name == NEO4J
    return [
        Row(
            f"{name}: until vectors and Model are visible",
            "fit + 12 s" if bounded else "",
            f"fit + {spread(visible, 's', 1)}",
        ),
        Row(
            f"{name}: until the indexes are online",
            "fit + 30 s" if bounded else "",
            f"fit + {spread(beside, 's', 1)}",
        ),
        Row(f"{name}: seconds by step", "", steps),
        Row(
            f"{name}: peak memory of `train`",
            "2 GB",
            spread([run["peak_memory_mb"] / 1000 for run in runs], "GB"),
        ),
    ]


def _timed(stage: Stage, place: str) -> Run:
    start = perf_counter()
    run = stage.train(place)
    return run | {"process_seconds": perf_counter() - start}
