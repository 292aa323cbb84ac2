"""How good the recommendations are: the public split, through the command line."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from bench.stage import Stage, say
from bench.table import Row, Section
from tastegraph.models.data.id_map import IdMap
from tastegraph.models.evaluation.metrics import ndcg, precision, recall

TITLE = "Quality"
HOW = (
    "The public 80/20 split: `load --listens train.tsv --without test.tsv` into a new embedded "
    "store, `train`, `recommend --all -k 10`, all with defaults; then the lists against "
    "test.tsv, over the users who have held-out listens."
)
K = 10


def measure(stage: Stage) -> Section:
    """Load, train and recommend as a person would, then compare with what was held out."""
    store, lists = str(stage.folder / "quality"), stage.folder / "lists.parquet"
    train, test = (str(stage.split / name) for name in ("train.tsv", "test.tsv"))
    say("loading the training listens")
    stage.command(store, "load", str(stage.source), "--listens", train, "--without", test)
    say("training")
    told = json.loads(stage.command(store, "train", "--format", "json"))
    say("recommending for everybody")
    stage.command(store, "recommend", "--all", "-k", str(K), "-o", str(lists))
    peak = next(row["value"] for row in told if row["metric"] == "peak_memory_mb")
    return section(figures(lists, Path(test)), peak)


def section(values: dict[str, float], peak: float) -> Section:
    """Render NDCG, precision and recall by name, and the memory in MB."""
    bounds = {"NDCG@10": 0.288, "precision@10": 0.218, "recall@10": 0.220}
    rows = [
        Row(name, f"at least {bound:.3f}", f"{values[name]:.4f}") for name, bound in bounds.items()
    ]
    rows.append(Row("peak memory of `train`", "2 GB", f"{peak / 1000:.2f} GB"))
    return Section(TITLE, HOW, rows)


def figures(lists: Path, test: Path) -> dict[str, float]:
    """NDCG, precision and recall at 10 of recommendations in a file."""
    frame = pd.read_parquet(lists)
    held = pd.read_csv(test, sep="\t")
    users = IdMap.of(sorted({*frame["user"].tolist(), *held["userID"].tolist()}))
    artists = IdMap.of(sorted({*frame["artist"].tolist(), *held["artistID"].tolist()}))
    top: NDArray[np.intp] = np.full((len(users), K), -1, dtype=np.intp)
    top[users.rows(frame["user"].tolist()), frame["rank"] - 1] = artists.rows(
        frame["artist"].tolist()
    )
    pairs = (users.rows(held["userID"].tolist()), artists.rows(held["artistID"].tolist()))
    wanted = csr_array((np.ones(len(held)), pairs), shape=(len(users), len(artists)))
    measures = {"NDCG@10": ndcg, "precision@10": precision, "recall@10": recall}
    tested = np.flatnonzero(np.diff(wanted.indptr))
    return {name: float(of(top[tested], wanted[tested]).mean()) for name, of in measures.items()}
