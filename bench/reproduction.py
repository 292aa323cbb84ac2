"""``python -m bench.reproduction``: docs/reproduction.md, every model beside what is reported."""

import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import click
import numpy as np
import pandas as pd

from bench.__main__ import check_data
from bench.literature import REPORTED
from bench.machine import machine_line
from bench.peer_tables import DATA_SETS, peer_section, section_title
from bench.public_split import K, evidence, figures, public_split
from bench.readme import updated
from bench.solver import theirs
from bench.stage import DEFAULT_DATA, say
from bench.studies import Study, studies
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.evaluation.compare import compare, table
from tastegraph.models.evaluation.model_spec import model_specs
from tastegraph.models.evaluation.result_cache import ResultCache
from tastegraph.models.evaluation.split import Split, split_at_random

PAGE = Path(__file__).parents[1] / "docs" / "reproduction.md"

SEEDED = (
    "collective-exact,collective:dimensions=384,collective,collective:dimensions=128,"
    "collective:dimensions=64,collective-als,als,als:dimensions=64,bpr,keras-dot,keras-dense,mf,"
    "random"
)
"""Models that depend on their seed, fitted with each of SEEDS."""

FIXED = "collective-ease,ease,item-knn,friends,tags,popularity"
SEEDS = (1, 2, 3)

OTHERS = "collective,collective-exact,collective-als"
OTHER_SEEDS = (11, 12)
"""Random splits on which the first is set beside the others."""

PEERS = (64, 256)
"""Dimensions of ``implicit``'s conjugate gradients."""

_INTRODUCTION = """\
# Reproduction

Everything below is written by

    make reproduce

(`python -m bench.reproduction --only yelp` renews one part), which needs the real data beside the
repository. Our models have their default settings, which
were chosen on slices of train, never on a test. {machine}
"""

_STUDIES = """\
## The two reference studies

Figures as reported, and of our own implementation of the same model on the same kind of split:
means over seeds {seeds}.
"""

_PUBLIC = """\
## The public split

74,267 training listens, {held:,} held out of {users:,} users, all unheard artists ranked. NDCG@10
is a mean over seeds {seeds} where a fit depends on one; the interval is that of the mean over
users (bootstrap); p is of a paired t-test against the first line. {notes}
Figures in italics are reported by others for this same split and were not computed here.
"""

_RANDOM = """\
## Other splits

Two random 80/20 splits of the listens, seeds {seeds}: the default model over the factorisation
alone, and how much of its full-rank teacher it keeps.
"""


PARTS = {
    "studies": "The two reference studies",
    "public": "The public split",
    "random": "Other splits",
    **{name: section_title(name) for name in DATA_SETS},
}
"""What the page consists of, and the title of each part."""


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=DEFAULT_DATA)
@click.option("--page", type=click.Path(path_type=Path), default=PAGE)
@click.option("--only", multiple=True, type=click.Choice([*PARTS]), help="Renew this part alone.")
def main(data: Path, page: Path, only: tuple[str, ...]) -> None:
    """Fit everything and write PAGE, or renew parts of it."""
    check_data(data)
    makers: dict[str, Callable[[], str]] = {
        "studies": lambda: studies_section(list(studies(data, public_split(data)))),
        "public": lambda: public_section(public_split(data)),
        "random": lambda: random_section(evidence(data)),
        **{name: partial(peer_section, name, data) for name in DATA_SETS},
    }
    for name in only or PARTS:
        text = page.read_text(encoding="utf-8") if page.exists() else ""
        section = {PARTS[name]: makers[name]()}
        introduction = _INTRODUCTION.format(machine=machine_line())
        page.parent.mkdir(exist_ok=True)
        page.write_text(updated(text, section, [*PARTS.values()], introduction), encoding="utf-8")
        say(f"{page}: {PARTS[name]} is written")


def studies_section(rows: Sequence[Study]) -> str:
    """The studies, with what stands above them."""
    return _STUDIES.format(seeds="0, 1 and 2") + "\n" + studies_table(rows)


def studies_table(rows: Sequence[Study]) -> str:
    """The studies as Markdown."""
    lines = ["| what | reported | ours | where they differ |", "| --- | --- | --- | --- |"]
    lines += [f"| {row.what} | {row.reported} | {row.ours} | {row.why} |" for row in rows]
    return "\n".join(lines) + "\n"


def public_section(split: Split) -> str:
    """Every model on the public split, best first, among what others report."""
    seeded = _compared(split, SEEDED, SEEDS)
    fixed = _compared(split, FIXED, SEEDS[:1])
    lines = [(float(row["ndcg"]), _line(row)) for _, row in pd.concat([seeded, fixed]).iterrows()]
    for size in PEERS:
        say(f"implicit, d {size}")
        users, artists = theirs(size)(split.data, SEEDS[0])
        found = figures(users @ artists.T, split.data, split.held)
        cells = f"{found['NDCG']:.4f} | | | {found['precision']:.4f} | {found['recall']:.4f} | | |"
        lines.append((found["NDCG"], f"| `implicit` ALS d {size} | {cells}"))
    lines += [(ndcg, f"| *{name}* | *{ndcg:g}* | | | | | | |") for name, ndcg in REPORTED.items()]
    head = (
        "| model | NDCG@10 | interval | p | P@10 | R@10 | coverage | fit, s |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
    )
    introduction = _PUBLIC.format(
        held=split.held.nnz,
        users=len(split.users),
        seeds=", ".join(map(str, SEEDS)),
        notes=". ".join(note[0].upper() + note[1:] for note in split.notes) + ".",
    )
    return introduction + "\n" + head + "\n".join(line for _, line in sorted(lines)[::-1]) + "\n"


def _compared(split: Split, models: str, seeds: Sequence[int]) -> pd.DataFrame:
    say(models)
    with tempfile.TemporaryDirectory() as folder:
        field, kept = model_specs(models), ResultCache(Path(folder))
        return table(compare(field, lambda _: split, seeds, k=K, cache=kept), [K])


def _line(row: pd.Series) -> str:
    spread = f" ± {row['ndcg_sd']:.4f}" if row["seeds"] > 1 else ""
    p = "" if np.isnan(row["p_value"]) else f"{row['p_value']:.2g}"
    return (
        f"| `{row['model']}` | {row['ndcg']:.4f}{spread} | {row['ci_low']:.3f} to "
        f"{row['ci_high']:.3f} | {p} | {row['precision']:.4f} | {row['recall']:.4f} | "
        f"{row['coverage']:.3f} | {row['fit_seconds']:.1f} |"
    )


def random_section(everything: Dataset) -> str:
    """The default model on splits of our own."""
    rows = []
    for seed in OTHER_SEEDS:
        split = split_at_random(everything, 0.2, seed)
        frame = _compared(split, OTHERS, [seed]).set_index("model")["ndcg"]
        gain = frame["collective"] - frame["collective-als"]
        cells = " | ".join(f"{frame[name]:.4f}" for name in OTHERS.split(","))
        rows.append(f"| {seed} | {cells} | {gain:+.4f} |")
    names = " | ".join(f"`{name}`" for name in OTHERS.split(","))
    head = f"| seed | {names} | gain |\n| --- | --- | --- | --- | --- |\n"
    seeds = " and ".join(map(str, OTHER_SEEDS))
    return _RANDOM.format(seeds=seeds) + "\n" + head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
