"""``evaluate``: models side by side on listens that they have not seen."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.options import SEED
from commands.output import emit, output_options
from commands.session import Session, pass_session

if TYPE_CHECKING:
    import pandas as pd

    from models.evaluation.split import Split
    from models.evidence import Evidence

_FILE = click.Path(path_type=Path, dir_okay=False)
_MODELS = "popularity,als,collective"
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
    show_default=_MODELS,
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
    from models.evaluation.bands import band_table
    from models.evaluation.compare import compare, table
    from models.evaluation.entrant import entrants
    from models.evaluation.knobs import knob_table
    from models.evaluation.outcome import Unfinished
    from models.evidence import pull_evidence

    if (train is None) != (test is None):
        raise click.UsageError("--train and --test belong together: give both, or neither.")
    if train and holdout is not None:
        raise click.UsageError("--holdout draws a split; --train and --test are one already.")
    if cold_start:
        if train or holdout is not None or bands or correlation or seeds:
            raise click.UsageError("--cold-start goes with --models, --seed and -k alone.")
        emit(_newcomers(session, models, seed, ks), format_, output)
        return
    if knobs and (bands or correlation or len(ks) > 1):
        raise click.UsageError("--knobs goes with one -k, and without --bands and --correlation.")
    field = entrants(models or _MODELS)
    with session.store() as store:
        evidence = pull_evidence(store, session.progress)
    split_for = _splitter(session, evidence, train, test, holdout or _SHARE)
    if knobs:
        rows = knob_table(field, split_for, seeds or [seed], k=ks[0], progress=session.progress)
        emit(rows, format_, output)
        return
    unfinished = Unfinished()
    runs = compare(
        field,
        split_for,
        seeds or [seed],
        k=max(ks),
        unfinished=unfinished,
        correlate=correlation,
        progress=session.progress,
    )
    if unfinished.found:
        session.note(f"taken from the run that was interrupted: {', '.join(unfinished.found)}")
    for note in dict.fromkeys(
        note for run in runs for made in run.outcomes.values() for note in made.notes
    ):
        session.note(note)
    emit(band_table(runs, ks) if bands else table(runs, ks), format_, output)
    unfinished.done()


def _newcomers(session: Session, models: str | None, seed: int, ks: list[int]) -> "pd.DataFrame":
    import pandas as pd

    from models.evaluation.cold_start import cold_start
    from models.evaluation.entrant import entrants
    from models.evidence import pull_evidence
    from models.registry import DEFAULT

    field = entrants(models or DEFAULT)
    with session.store() as store:
        evidence = pull_evidence(store, session.progress)
    frames = [
        cold_start(evidence, entrant.model(), seed, k, session.progress).assign(model=entrant.label)
        for entrant in field
        for k in ks
    ]
    return pd.concat(frames, ignore_index=True)


def _splitter(
    session: Session,
    evidence: "Evidence",
    train: Path | None,
    test: Path | None,
    share: float,
) -> "Callable[[int], Split]":
    """How the split of a seed is made; says what each drops, the same thing once."""
    from graph.errors import InputError
    from loaders.pairs import read_test, read_train
    from models.evaluation.split import split_at_random, split_by_pairs

    if not len(evidence.data.artists):
        raise InputError(
            "there are no artists in the graph: 'tastegraph load PATH' puts the data there that "
            "models learn from"
        )
    if train and test:
        split = split_by_pairs(evidence, read_train(train), read_test(test))
        for note in split.notes:
            session.note(note)
        return lambda _seed: split

    def drawn(seed: int) -> "Split":
        split = split_at_random(evidence, share, seed)
        for note in split.notes:
            session.note(f"seed {seed}: {note}")
        return split

    return drawn
