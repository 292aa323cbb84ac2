"""One sweep of our solver, or of ``implicit``'s, on the listens of a folder of tables.

    python -m bench.scale_fit als|implicit DATA DIMENSIONS

Prints processor seconds of a sweep (a fit of eight less one of two, by six) and the peak of memory
as JSON. Each has a process of its own, with one thread.
"""

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

from scipy.sparse import coo_array, csr_array, csr_matrix

from bench.scale_steps import peak_of
from bench.stage import ROOT

FEW, MORE = 2, 8

Fit = Callable[[int], None]


def sweep(name: str, data: Path, dimensions: int, limit: float) -> dict[str, float]:
    """Processor seconds of a sweep and peak in MB, of a process of its own."""
    few = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    told = subprocess.run(
        [sys.executable, "-m", "bench.scale_fit", name, str(data), str(dimensions)],
        check=True,
        capture_output=True,
        text=True,
        timeout=limit,
        cwd=ROOT,
        env=os.environ | few | {"TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    found: dict[str, float] = json.loads(told.stdout)
    return found


def ours(plays: csr_array, dimensions: int) -> Fit:
    """The solver of ``als``."""
    import numpy as np

    from tastegraph.models.algorithms.als import ListensConfig
    from tastegraph.models.data.scalings import log_user_mean
    from tastegraph.models.solver.als import factorize
    from tastegraph.runtime.progress import silent

    config = ListensConfig(dimensions=dimensions)
    weights = csr_array(log_user_mean(plays)).astype(np.float32)

    def fit(sweeps: int) -> None:
        factorize(weights, dataclasses.replace(config, epochs=sweeps), 0, silent, "als")

    return fit


def implicit(plays: csr_array, dimensions: int) -> Fit:
    """``implicit``'s conjugate gradients, on the same listens."""
    from implicit.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    from tastegraph.models.data.scalings import log_user_mean

    threadpool_limits(1, "blas")
    weights = csr_matrix(log_user_mean(plays))

    def fit(sweeps: int) -> None:
        model = AlternatingLeastSquares(
            factors=dimensions, iterations=sweeps, num_threads=1, random_state=0
        )
        model.fit(weights, show_progress=False)

    return fit


def listens(data: Path) -> csr_array:
    """Plays by user and artist."""
    import pandas as pd

    frame = pd.read_csv(data / "listens.csv")
    users, artists = (frame[name].astype("category").cat for name in ("user", "artist"))
    shape = len(users.categories), len(artists.categories)
    at = (users.codes.to_numpy(), artists.codes.to_numpy())
    return csr_array(coo_array((frame["plays"].to_numpy(dtype=float), at), shape=shape))


def main() -> None:
    """Fit twice and print what a sweep takes."""
    name, data, dimensions = sys.argv[1:]
    fit = {"als": ours, "implicit": implicit}[name](listens(Path(data)), int(dimensions))
    fit(1)
    seconds = {sweeps: _processor(fit, sweeps) for sweeps in (FEW, MORE)}
    took = (seconds[MORE] - seconds[FEW]) / (MORE - FEW)
    print(json.dumps({"sweep": took, "peak": peak_of(os.getpid())}))


def _processor(fit: Fit, sweeps: int) -> float:
    started = process_time()
    fit(sweeps)
    return process_time() - started


if __name__ == "__main__":
    main()
