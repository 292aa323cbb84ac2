"""``evaluate``: models side by side on listens that they have not seen."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tastegraph.commands.options import SEED
from tastegraph.commands.output import emit, output_options, picture_file
from tastegraph.commands.session import Session, pass_session

if TYPE_CHECKING:
    import pandas as pd

    from tastegraph.models.data.dataset import Dataset
    from tastegraph.models.evaluation.model_spec import ModelSpec
    from tastegraph.models.evaluation.result_cache import ResultCache
    from tastegraph.models.evaluation.split import Split

_FILE = click.Path(path_type=Path, dir_okay=False)
_MODELS = "popularity,als,collective"
_TURNED = "hybrid"
_SHARE = 0.2


def _numbers(least: int) -> Callable[[click.Context, click.Parameter, str | None], list[int]]:
    """Read whole numbers, ``least`` or more, separated by commas; repeats count once."""

    def read(ctx: click.Context, option: click.Parameter, text: str | None) -> list[int]:
        words = [word.strip() for word in (text or "").split(",") if word.strip()]
        if text is not None and not words:
            raise click.BadParameter("give at least one number", ctx, option)
        if wrong := [word for word in words if not word.isdigit() or int(word) < least]:
            raise click.BadParameter(
                f"{', '.join(wrong)} is no whole number from {least}", ctx, option
            )
        return list(dict.fromkeys(map(int, words)))

    return read


@click.command(epilog="Example: tastegraph evaluate --models popularity,als,collective --seeds 1,2")
@click.option(
    "--models",
    show_default=f"{_MODELS}; --cold-start: the default algorithm; --knobs: {_TURNED}",
    metavar="NAME[:SETTING=VALUE]...,...",
    help="What to compare; each name may carry settings: collective:dimensions=128.",
)
@click.option("--train", type=_FILE, metavar="FILE", help="The listens to learn from.")
@click.option("--test", type=_FILE, metavar="FILE", help="The listens to be found.")
@click.option(
    "--holdout",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    metavar="SHARE",
    help=f"Without files: the share of the listens to hold out at random.  [default: {_SHARE}]",
)
@click.option("--seed", default=0, show_default=True, type=SEED, help="Of the split and the fits.")
@click.option(
    "--seeds",
    callback=_numbers(0),
    metavar="N,N,...",
    help="Several seeds instead: their mean, and the spread in ndcg_sd.",
)
@click.option(
    "-k", "ks", default="10", show_default=True, callback=_numbers(1), help="List lengths: 10,20."
)
@click.option(
    "--correlation",
    is_flag=True,
    help="Also the rank correlation of a user's scores with popularity and listeners.",
)
@click.option(
    "--bands", is_flag=True, help="Instead, what goes to head, middle and tail of the artists."
)
@click.option(
    "--cold-start",
    is_flag=True,
    help="Instead, how newcomers are served who are known by 0, 1, 3, 5 and 10 listens.",
)
@click.option(
    "--knobs",
    is_flag=True,
    help="Instead, what novelty, diversity and the weights of friends and tags cost and win.",
)
@click.option(
    "--plot",
    type=_FILE,
    callback=picture_file,
    metavar="FILE",
    help="Also draw the curves of --cold-start or --knobs: .png, .svg or .pdf.",
)
@output_options
@pass_session
def evaluate(
    session: Session,
    models: str | None,
    train: Path | None,
    test: Path | None,
    holdout: float | None,
    seed: int,
    seeds: list[int],
    ks: list[int],
    correlation: bool,
    bands: bool,
    cold_start: bool,
    knobs: bool,
    plot: Path | None,
    format_: str,
    output: Path | None,
) -> None:
    """Compare models on listens that they have not seen.

    Friends and tags come from the graph, listens too, or from --train and --test: files with
    the columns userID, artistID and (train) weight. A model sees the training listens alone;
    tags that a user gave a held-out artist are dropped first. Each tested user gets a ranking
    of all artists but those of their training listens.

    ndcg, precision, recall, map and mrr are means over users; ci_low and ci_high hold ndcg with
    95 % confidence; p_value is that of a paired t-test of ndcg against the first model. A run
    that is interrupted goes on where it was when the same command is given again.
    """
    from tastegraph.models.algorithms.factory import DEFAULT
    from tastegraph.models.evaluation.cold_start import cold_start_table
    from tastegraph.models.evaluation.knobs import knob_table
    from tastegraph.models.evaluation.model_spec import model_specs
    from tastegraph.models.evaluation.result_cache import ResultCache
    from tastegraph.models.storage.read_graph import read_dataset

    if (train is None) != (test is None):
        raise click.UsageError("--train and --test belong together: give both, or neither.")
    if train and holdout is not None:
        raise click.UsageError("--holdout draws a split; --train and --test are one already.")
    if cold_start and (train or holdout is not None or bands or correlation or seeds or knobs):
        raise click.UsageError("--cold-start goes with --models, --seed, -k and --plot alone.")
    if knobs and (bands or correlation or len(ks) > 1):
        raise click.UsageError("--knobs goes with one -k, and without --bands and --correlation.")
    if plot and not (cold_start or knobs):
        raise click.UsageError("--plot draws --cold-start or --knobs: give one of them with it.")
    field = model_specs(models or (DEFAULT if cold_start else _TURNED if knobs else _MODELS))
    with session.store() as store:
        data = read_dataset(store, session.progress, taggings=True)
    kept, progress = ResultCache(), session.progress
    if cold_start:
        rows = cold_start_table(field, data, seed, ks, cache=kept, progress=progress)
    else:
        split_for, seeds = _splitter(session, data, train, test, holdout), seeds or [seed]
        if knobs:
            rows = knob_table(field, split_for, seeds, k=ks[0], cache=kept, progress=progress)
        else:
            rows = _compared(session, field, split_for, seeds, ks, correlation, bands, kept)
    if kept.found:
        found = ", ".join(dict.fromkeys(kept.found))
        session.note(f"taken from the run that was interrupted: {found}")
    if plot:
        _draw(rows, plot, cold_start)
    emit(rows, format_, output)
    kept.done()


def _compared(
    session: Session,
    field: "Sequence[ModelSpec]",
    split_for: "Callable[[int], Split]",
    seeds: list[int],
    ks: list[int],
    correlation: bool,
    bands: bool,
    cache: "ResultCache",
) -> "pd.DataFrame":
    """The rows of the comparison, or of its bands; says what the models have to say."""
    from tastegraph.models.evaluation.bands import band_table
    from tastegraph.models.evaluation.compare import compare, table

    runs = compare(
        field,
        split_for,
        seeds,
        k=max(ks),
        cache=cache,
        correlate=correlation,
        progress=session.progress,
    )
    for note in dict.fromkeys(
        note for run in runs for made in run.by_model.values() for note in made.notes
    ):
        session.note(note)
    return band_table(runs, ks) if bands else table(runs, ks)


def _draw(rows: "pd.DataFrame", file: Path, cold_start: bool) -> None:
    from tastegraph.analysis.pictures import curves
    from tastegraph.analysis.pictures.style import save

    save(curves.cold_start(rows) if cold_start else curves.knobs(rows), file)


def _splitter(
    session: Session,
    data: "Dataset",
    train: Path | None,
    test: Path | None,
    share: float | None,
) -> "Callable[[int], Split]":
    """How the split of a seed is made; says what each drops, the same thing once."""
    from tastegraph.errors import InputError
    from tastegraph.loaders.readers.pairs import read_test, read_train
    from tastegraph.models.evaluation.split import split_at_random, split_by_pairs

    if not len(data.artists):
        raise InputError(
            "there are no artists in the graph: 'tastegraph load PATH' puts the data there that "
            "models learn from"
        )
    if train and test:
        pairs, notes = read_test(test)
        split = split_by_pairs(data, read_train(train), pairs)
        for note in [*notes, *split.notes]:
            session.note(note)
        return lambda _seed: split

    def drawn(seed: int) -> "Split":
        split = split_at_random(data, share or _SHARE, seed)
        for note in split.notes:
            session.note(f"seed {seed}: {note}")
        return split

    return drawn
