"""Several models on the same held-out listens, as one table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import ttest_rel

from tastegraph.models.data.dataset import Dataset
from tastegraph.models.evaluation.metrics import ACCURACY, Top, coverage, diversity, novelty
from tastegraph.models.evaluation.model_spec import ModelSpec
from tastegraph.models.evaluation.ranking import RankHeldOut, rank
from tastegraph.models.evaluation.result_cache import ResultCache, Run, key_of, run_model
from tastegraph.models.evaluation.split import Split
from tastegraph.models.ranking.tag_profiles import artist_tags
from tastegraph.runtime.progress import Progress, silent

COLUMNS = (
    *("model", "users", "k", *ACCURACY, "coverage", "novelty", "diversity"),
    *("ci_low", "ci_high", "p_value", "seeds", "ndcg_sd", "fit_seconds"),
)
CORRELATIONS = ("rho_popularity", "rho_listeners")

# Resamples of the users behind the interval, and their seed.
_RESAMPLES = 2_000
_SEED = 0
_INTERVAL = (2.5, 97.5)


@dataclass(frozen=True)
class SeedRuns:
    """All specs on the split of one seed.

    by_model  by the spec's label
    """

    seed: int
    split: Split
    by_model: dict[str, Run]


def compare(
    field: Sequence[ModelSpec],
    split_for: Callable[[int], Split],
    seeds: Sequence[int],
    *,
    k: int,
    cache: ResultCache,
    correlate: bool = False,
    progress: Progress = silent,
    rank_by: RankHeldOut = rank,
) -> list[SeedRuns]:
    """Fit and rank every spec on the split of each seed, lists of length ``k``."""
    asked: dict[str, Any] = {
        "k": k,
        "correlate": correlate,
        "progress": progress,
        "rank_by": rank_by,
    }
    runs = []
    for seed in seeds:
        split = split_for(seed)
        by_model = {}
        for spec in field:
            model = spec.model()
            by_model[spec.label] = cache.get(
                spec.label,
                key_of(model, split, seed, k, correlate),
                partial(run_model, model, split, seed, **asked),
            )
        runs.append(SeedRuns(seed, split, by_model))
    return runs


def table(runs: Sequence[SeedRuns], ks: Sequence[int]) -> pd.DataFrame:
    """One row a model and k, in the order of the specs; columns COLUMNS, then CORRELATIONS
    where they were asked for.

    Figures are means over users, then over seeds. ci_low and ci_high are the 95 % interval of
    NDCG by bootstrap over users, ndcg_sd its standard deviation over seeds. p_value is that of
    a paired t-test of NDCG against the first model, over the users (with several seeds, over
    users' means).
    """
    labels = list(runs[0].by_model)
    rows = []
    for label in labels:
        for k in ks:
            first = _by_user(runs, labels[0], k)
            rows.append({"model": label, "k": k, **_row(runs, label, k, first)})
    frame = pd.DataFrame(rows)
    return frame[[name for name in (*COLUMNS, *CORRELATIONS) if name in frame]]


def _row(runs: Sequence[SeedRuns], label: str, k: int, first: pd.Series) -> dict[str, float | int]:
    measured = [measures(*_lists(run, label, k), run.split.data) for run in runs]
    ndcg = _by_user(runs, label, k)
    low, high = interval(ndcg.to_numpy())
    row: dict[str, float | int] = {
        "users": len(ndcg),
        **{name: float(np.mean([each[name] for each in measured])) for name in measured[0]},
        "ci_low": low,
        "ci_high": high,
        "p_value": paired_p_value(ndcg.to_numpy(), first.to_numpy()),
        "seeds": len(runs),
        "ndcg_sd": float(np.std([each["ndcg"] for each in measured], ddof=1))
        if len(runs) > 1
        else float("nan"),
        "fit_seconds": _mean(np.array([run.by_model[label].fit_seconds for run in runs])),
    }
    found = [run.by_model[label].ranking.correlations for run in runs]
    correlations = [each.mean(axis=0) for each in found if each is not None]
    if correlations:
        row |= dict(zip(CORRELATIONS, np.mean(correlations, axis=0).tolist(), strict=True))
    return row


def measures(top: Top, held: csr_array, data: Dataset) -> dict[str, float]:
    """All measures of the lists ``top`` (users, k), means over users where they are a user's.

    held  (users, artists)  the held-out listens of the same users
    data  what the model has seen
    """
    taught = int(np.count_nonzero(np.diff(data.plays.indptr)))
    return {
        **{name: float(of(top, held).mean()) for name, of in ACCURACY.items()},
        "coverage": coverage(top, len(data.artists)),
        "novelty": _mean(novelty(top, data.listeners, taught)),
        "diversity": _mean(diversity(top, artist_tags(data.tag_counts))),
    }


def _by_user(runs: Sequence[SeedRuns], label: str, k: int) -> pd.Series:
    """NDCG of each user, averaged over the seeds in which they were tested."""
    values = [
        pd.Series(ACCURACY["ndcg"](*_lists(run, label, k)), index=run.split.users) for run in runs
    ]
    return pd.concat(values).groupby(level=0).mean()


def _lists(run: SeedRuns, label: str, k: int) -> tuple[Top, csr_array]:
    return run.by_model[label].ranking.top[:, :k], run.split.held[run.split.users]


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """95 % interval of the mean of ``values`` by bootstrap (percentiles of resampled means)."""
    rng = np.random.default_rng(_SEED)
    count = len(values)
    times = rng.multinomial(count, np.full(count, 1.0 / count), size=_RESAMPLES)
    low, high = np.percentile(times @ values / count, _INTERVAL)
    return float(low), float(high)


def paired_p_value(values: NDArray[np.float64], others: NDArray[np.float64]) -> float:
    """Two-sided p of a paired t-test; NaN where no pair differs."""
    if len(values) < 2 or np.array_equal(values, others):
        return float("nan")
    return float(ttest_rel(values, others).pvalue)


def _mean(values: NDArray[np.float64]) -> float:
    """Mean of the values that are there."""
    there = values[~np.isnan(values)]
    return float(there.mean()) if len(there) else float("nan")
