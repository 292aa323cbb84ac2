"""What choosing settings costs beside the fit that follows, and what the default reaches.

    python -m bench.choosing SPLIT

prints it as JSON for the pickled Split in the file SPLIT.
"""

import json
import pickle
import sys
from pathlib import Path
from statistics import median
from time import process_time

from bench.peer_tables import DATA_SETS
from bench.solver import alone
from bench.stage import Stage, say
from bench.table import Row, Section, spread
from tastegraph.models.algorithms.factory import create
from tastegraph.models.evaluation.split import Split
from tastegraph.models.training.choosing.candidates import as_text
from tastegraph.models.training.choosing.choose import choose_settings
from tastegraph.models.training.choosing.request import TrainingRequest
from tastegraph.models.training.learn_weights import blended_ndcg

TITLE = "Choosing"
HOW = (
    "What `train` does by default on the training part of a split: processor time of choosing "
    "(trials on slices, weights of the signals) over that of the fit that follows, each in a "
    "process of its own with one thread. The data sets are those of docs/reproduction.md."
)

BOUND = "at most 2"

Run = dict[str, float]


def measure(stage: Stage) -> Section:
    """Choose for every data set that is there; a tenth of the data has one."""
    runs: dict[str, list[Run]] = {}
    for name in ["hetrec"] if stage.quick else DATA_SETS:
        say(name)
        file = stage.folder / f"{name}.pickle"
        file.write_bytes(pickle.dumps(DATA_SETS[name].read(stage.data)))
        runs[name] = [alone("bench.choosing", str(file)) for _ in range(stage.repeats)]
    return section(runs)


def section(runs: dict[str, list[Run]]) -> Section:
    """Render processor seconds and NDCG by data set."""
    return Section(TITLE, HOW, [_row(name, found) for name, found in runs.items()])


def _row(name: str, runs: list[Run]) -> Row:
    choosing, fit, quality = (median(run[key] for run in runs) for key in ("choose", "fit", "NDCG"))
    return Row(
        f"{DATA_SETS[name].title}: choosing / fit",
        BOUND,
        f"{spread([run['choose'] / run['fit'] for run in runs])}: {choosing:.2f} s / {fit:.2f} s, "
        f"NDCG@10 {quality:.4f}",
    )


def choose_and_fit(split: Split) -> Run:
    """Processor seconds of choosing and of the fit, and NDCG@10 on the held-out listens."""
    import tastegraph.models.solver.tensorflow_quiet  # noqa: F401

    started = process_time()
    choice = choose_settings(split.data, TrainingRequest())
    chosen = process_time()
    model = create(choice.algorithm, as_text(choice.settings))
    model.fit(split.data)
    fitted = process_time()
    assert model.vectors is not None
    values = blended_ndcg(split, model.vectors, choice.blend.weights)
    return {"choose": chosen - started, "fit": fitted - chosen, "NDCG": float(values.mean())}


if __name__ == "__main__":
    print(json.dumps(choose_and_fit(pickle.loads(Path(sys.argv[1]).read_bytes()))))
