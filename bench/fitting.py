"""How long our solvers take to fit, against ``implicit`` and ``irspack``."""

import pickle
from statistics import median

from bench.stage import Stage, say
from bench.table import Row, Section, spread

TITLE = "Fitting"
HOW = (
    "Processor time of the fit alone on the public split, ours and a peer's in turn, each in a "
    "process of its own with one thread, each repetition with another seed: `implicit` "
    "AlternatingLeastSquares (conjugate gradient, 15 iterations) or `irspack` iALS "
    "(conjugate gradient, 8 sweeps), both on the listens alone. "
    "`bench/solver.py` says what is run and prints more."
)

BOUNDS = {
    ("collective", 256): "at most 1.5",
    ("collective-als", 256): "at most 3, aim 1",
    ("als", 256): "at most 0.8, NDCG@10 no lower",
}

Race = tuple[str, str, int]

Pair = tuple[dict[str, float], dict[str, float]]


def measure(stage: Stage) -> Section:
    """Race every pair."""
    from bench.public_split import public_split
    from bench.solver import RACES, in_own_process

    file = stage.folder / "split.pickle"
    file.write_bytes(pickle.dumps(public_split(stage.data)))
    runs: dict[Race, list[Pair]] = {}
    for name, peer, size in RACES:
        say(f"{name} against {peer}, d {size}")
        runs[name, peer, size] = [
            (in_own_process(name, size, file, seed), in_own_process(peer, size, file, seed))
            for seed in range(stage.repeats)
        ]
    return section(runs)


def section(runs: dict[Race, list[Pair]]) -> Section:
    """Render pairs (ours, theirs) of seconds and NDCG by model, peer and size."""
    return Section(TITLE, HOW, [_row(race, pairs) for race, pairs in runs.items()])


def _row(race: Race, pairs: list[Pair]) -> Row:
    name, peer, size = race
    ratios = [mine["processor"] / theirs["processor"] for mine, theirs in pairs]
    seconds = [median(run["processor"] for run in runs) for runs in zip(*pairs, strict=True)]
    quality = [median(run["NDCG"] for run in runs) for runs in zip(*pairs, strict=True)]
    bound = BOUNDS.get((name, size), "at most 1, NDCG@10 no lower")
    return Row(
        f"`{name}` d {size}: ours / `{peer}`",
        bound,
        f"{spread(ratios)}: {seconds[0]:.2f} s / {seconds[1]:.2f} s, "
        f"NDCG@10 {quality[0]:.4f} / {quality[1]:.4f}",
    )
