"""Time to fit: our solvers against the conjugate gradients of ``implicit`` and ``irspack``.

    python -m bench.solver [--repeats 5] [--threads 1]

Every fit has a process of its own, ours and theirs in turn and with the same seed, on the same
data and cores, with imports and reading done before the clock starts. "first fit" is what the
ratios compare; "second fit" is the same fit again in that process. Both peers run on the listens
alone, weighted as ours: ``implicit`` its 15 iterations, with alpha and regularization chosen on a
slice of train and one BLAS thread, as it recommends; ``irspack``, which minimises our objective,
the eight sweeps that it needs for our NDCG, with its own three steps of conjugate gradients a
half-sweep.
"""

import argparse
import contextlib
import io
import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from bench.public_split import FOLDER, figures, public_split
from tastegraph.models.algorithms.als import ListensAls, ListensConfig
from tastegraph.models.algorithms.base import FactorModel
from tastegraph.models.algorithms.collective import Collective, CollectiveConfig
from tastegraph.models.algorithms.collective_als import CollectiveAls, CollectiveAlsConfig
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.scalings import log_user_mean
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.evaluation.split import Split
from tastegraph.models.solver.als import typical_weight

Fit = Callable[[Dataset, int], tuple[Matrix, Matrix]]

RACES = (
    ("collective", "implicit", 256),
    ("collective-als", "implicit", 256),
    *(("als", peer, size) for peer in ("implicit", "irspack") for size in (64, 128, 256)),
)

ALPHA, REGULARIZATION = 10.0, 40.0
"""``implicit``'s best on a slice of train, at 64, 128 and 256 dimensions alike."""


IRSPACK_SWEEPS = 8


def ours(name: str, size: int) -> Fit:
    """A fit, from a seed, that gives user and artist vectors, TensorFlow imported beforehand."""
    import tastegraph.models.solver.tensorflow_quiet  # noqa: F401

    def fit(data: Dataset, seed: int) -> tuple[Matrix, Matrix]:
        model = _MODELS[name](size)
        model.fit(data, seed)
        assert model.vectors is not None
        return model.vectors.users, model.vectors.artists

    return fit


_MODELS: dict[str, Callable[[int], FactorModel[Any]]] = {
    "collective": lambda size: Collective(CollectiveConfig(dimensions=size)),
    "collective-als": lambda size: CollectiveAls(CollectiveAlsConfig(dimensions=size)),
    "als": lambda size: ListensAls(ListensConfig(dimensions=size)),
}


def theirs(size: int) -> Fit:
    """The same for ``implicit``."""
    from implicit.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, "blas")

    def fit(data: Dataset, seed: int) -> tuple[Matrix, Matrix]:
        model = AlternatingLeastSquares(
            factors=size,
            alpha=ALPHA,
            regularization=REGULARIZATION,
            iterations=15,
            use_cg=True,
            num_threads=len(os.sched_getaffinity(0)),
            random_state=seed,
        )
        model.fit(csr_matrix(log_user_mean(data.plays)), show_progress=False)
        return model.user_factors, model.item_factors

    return fit


def irspack(size: int) -> Fit:
    """The same for ``irspack``, with the settings of our ``als``."""
    from irspack import IALSRecommender

    settings = ListensConfig()

    def fit(data: Dataset, seed: int) -> tuple[Matrix, Matrix]:
        weights = settings.weights(data)
        penalty = settings.penalty(weights, typical_weight(weights))
        model = IALSRecommender(
            csr_matrix(weights),
            n_components=size,
            alpha0=penalty.unobserved,
            reg=penalty.reg,
            nu=penalty.reg_exponent,
            train_epochs=IRSPACK_SWEEPS,
            n_threads=len(os.sched_getaffinity(0)),
            random_seed=seed,
        )
        with contextlib.redirect_stdout(io.StringIO()):
            model.learn()
        return np.array(model.get_user_embedding()), np.array(model.get_item_embedding())

    return fit


PEERS: dict[str, Callable[[int], Fit]] = {"implicit": theirs, "irspack": irspack}


def run_once(name: str, size: int, file: Path, seed: int) -> dict[str, float]:
    """Seconds of a first and a second fit, processor seconds of the first, and its figures."""
    split: Split = pickle.loads(file.read_bytes())
    data, held = split.data, split.held
    started = perf_counter()
    fit = PEERS[name](size) if name in PEERS else ours(name, size)
    imported, processor = perf_counter(), process_time()
    users, artists = fit(data, seed)
    first, processor_first = perf_counter(), process_time()
    fit(data, seed)
    return {
        "import": imported - started,
        "first": first - imported,
        "processor": processor_first - processor,
        "second": perf_counter() - first,
        **figures(users @ artists.T, data, held),
    }


def in_own_process(
    name: str, size: int, file: Path, seed: int, threads: int = 1
) -> dict[str, float]:
    """``run_once`` in a fresh interpreter, on ``threads`` cores."""
    return alone("bench.solver", "--once", name, str(size), str(file), str(seed), threads=threads)


def alone(module: str, *arguments: str, threads: int = 1) -> dict[str, float]:
    """What ``module`` prints as JSON, run with ``arguments`` by itself on ``threads`` cores."""
    few = {name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    cores = set(sorted(os.sched_getaffinity(0))[:threads])
    output = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | few,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    ).stdout
    result: dict[str, float] = json.loads(output)
    return result


def race(name: str, peer: str, size: int, file: Path, *, repeats: int, threads: int) -> None:
    """Fit in turn and print medians and ratios."""
    pairs = [
        tuple(in_own_process(who, size, file, seed, threads) for who in (name, peer))
        for seed in range(repeats)
    ]
    print(f"\n{name} against {peer}, d {size}, medians of {repeats}")
    print(f"{'':16}{'import':>9}{'first fit':>11}{'second fit':>12}{'processor':>11}", end="")
    print(f"{'NDCG@10':>10}")
    for who, runs in zip((name, peer), zip(*pairs, strict=True), strict=True):
        middle = {key: median(run[key] for run in runs) for key in runs[0]}
        print(f"{who:16}{middle['import']:8.2f}s{middle['first']:10.2f}s", end="")
        print(f"{middle['second']:11.2f}s{middle['processor']:10.2f}s{middle['NDCG']:10.4f}")
    for key in ("first", "second", "processor"):
        ratios = [mine[key] / theirs[key] for mine, theirs in pairs]
        print(f"ratio {key:10}{median(ratios):6.2f}   ({min(ratios):.2f} to {max(ratios):.2f})")


def main() -> None:
    """Race every pair, or run one fit for a race."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1, help="cores of each fit")
    parser.add_argument("--data", type=Path, default=FOLDER, help="folder of the real data")
    parser.add_argument(
        "--once", nargs=4, metavar=("MODEL", "SIZE", "FILE", "SEED"), help="one fit"
    )
    options = parser.parse_args()
    if options.once:
        name, size, file, seed = options.once
        print(json.dumps(run_once(name, int(size), Path(file), int(seed))))
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "split.pickle"
        file.write_bytes(pickle.dumps(public_split(options.data)))
        for name, peer, size in RACES:
            race(name, peer, size, file, repeats=options.repeats, threads=options.threads)


if __name__ == "__main__":
    main()
