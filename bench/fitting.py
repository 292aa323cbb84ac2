"""How long our solvers take to fit, against ``implicit``."""

import pickle
from statistics import median

from bench.stage import Stage, say
from bench.table import Row, Section, spread

TITLE = "Fitting"
HOW = (
    "The fit alone on the public split, ours and `implicit` AlternatingLeastSquares (conjugate "
    "gradient, 15 iterations, the listens alone) in turn, each in a process of its own; "
    "compilation counts. `bench/solver.py` says what is run and prints more."
)

BOUNDS = {"collective": "at most 3, aim 1.5", "collective-als": "at most 3, aim 1"}

Pair = tuple[dict[str, float], dict[str, float]]


def measure(stage: Stage) -> Section:
    """Race every pair."""
    from bench.public_split import public_split
    from bench.solver import RACES, in_own_process

    file = stage.folder / "split.pickle"
    file.write_bytes(pickle.dumps(public_split(stage.data)))
    runs: dict[tuple[str, int], list[Pair]] = {}
    for name, size in RACES:
        say(f"{name}, d {size}")
        runs[name, size] = [
            (in_own_process(name, size, file), in_own_process("implicit", size, file))
            for _ in range(stage.repeats)
        ]
    return section(runs)


def section(runs: dict[tuple[str, int], list[Pair]]) -> Section:
    """Render pairs (ours, theirs) of seconds and NDCG by model and size."""
    return Section(TITLE, HOW, [_row(name, size, pairs) for (name, size), pairs in runs.items()])


def _row(name: str, size: int, pairs: list[Pair]) -> Row:
    ratios = [mine["first"] / theirs["first"] for mine, theirs in pairs]
    seconds = [median(run["first"] for run in runs) for runs in zip(*pairs, strict=True)]
    quality = [median(run["NDCG"] for run in runs) for runs in zip(*pairs, strict=True)]
    bound = BOUNDS.get(name, "at most 1, NDCG@10 no lower")
    return Row(
        f"`{name}` d {size}: ours / `implicit`",
        bound,
        f"{spread(ratios)}: {seconds[0]:.2f} s / {seconds[1]:.2f} s, "
        f"NDCG@10 {quality[0]:.4f} / {quality[1]:.4f}",
    )
