"""``evaluate``: models side by side on listens that they have not seen."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tastegraph.commands.command import command
from tastegraph.commands.options import SEED, engine_options, number, whole_number
from tastegraph.commands.output import emit, output_options, picture_file
from tastegraph.commands.session import Session, pass_session
from tastegraph.runtime.numbers import RANGES

if TYPE_CHECKING:
    import pandas as pd

    from tastegraph.spark.engine import Spark


_FILE = click.Path(path_type=Path, dir_okay=False)
_MODELS = "popularity,als,collective"
_SHARE = 0.2


def _numbers(name: str) -> Callable[[click.Context, click.Parameter, str | None], list[int]]:
    """Read whole numbers as ``name`` may be, separated by commas; repeats count once."""

    def read(ctx: click.Context, option: click.Parameter, text: str | None) -> list[int]:
        words = [word.strip() for word in (text or "").split(",") if word.strip()]
        if text is not None and not words:
            raise click.BadParameter("give at least one number", ctx, option)
        numbers = [whole_number(word, name) for word in words]
        if wrong := [word for word, each in zip(words, numbers, strict=True) if each is None]:
            raise click.BadParameter(f"{', '.join(wrong)} is not {RANGES[name]}", ctx, option)
        return [each for each in dict.fromkeys(numbers) if each is not None]

    return read


@command(epilog="Example: tastegraph evaluate --models popularity,als,collective --seeds 1,2")
@click.option(
    "--models",
    show_default=f"{_MODELS}; --cold-start: the default algorithm; --knobs: hybrid",
    metavar="NAME[:SETTING=VALUE]...,...",
    help="What to compare; each name may carry settings: collective:dimensions=128.",
)
@click.option("--train", type=_FILE, metavar="FILE", help="The listens to learn from.")
@click.option("--test", type=_FILE, metavar="FILE", help="The listens to be found.")
@click.option(
    "--holdout",
    type=number("holdout"),
    metavar="SHARE",
    help=f"Without files: the share of the listens to hold out.  [default: {_SHARE}]",
)
@click.option(
    "--split",
    type=click.Choice(["random", "time"]),
    default="random",
    show_default=True,
    help="Without files: hold out listens at random, or the latest of each user.",
)
@click.option("--seed", default=0, show_default=True, type=SEED, help="Of the split and the fits.")
@click.option(
    "--seeds",
    callback=_numbers("seeds"),
    metavar="N,N,...",
    help="Several seeds instead: their mean, and the spread in ndcg_sd.",
)
@click.option(
    "-k",
    "--count",
    "ks",
    default="10",
    show_default=True,
    callback=_numbers("k"),
    help="List lengths: 10,20.",
)
@click.option(
    "--correlation/--no-correlation",
    default=False,
    help="Also the rank correlation of a user's scores with popularity and listeners.",
)
@click.option(
    "--bands/--no-bands",
    default=False,
    help="Instead, what goes to head, middle and tail of the artists.",
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
    "--save",
    is_flag=True,
    help="Measure --knobs of the graph's own model, and keep them with it for the page.",
)
@click.option(
    "--plot",
    type=_FILE,
    callback=picture_file,
    metavar="FILE",
    help="Also draw the curves of --cold-start or --knobs: .png, .svg or .pdf.",
)
@engine_options
@output_options
@pass_session
def evaluate(
    session: Session,
    models: str | None,
    train: Path | None,
    test: Path | None,
    holdout: float | None,
    split: str,
    seed: int,
    seeds: list[int],
    ks: list[int],
    correlation: bool,
    bands: bool,
    cold_start: bool,
    knobs: bool,
    save: bool,
    plot: Path | None,
    engine: "Spark | None",
    format_: str,
    output: Path | None,
) -> None:
    """Compare models on listens that they have not seen.

    Friends and tags come from the graph, listens too, or from --train and --test: files with
    the columns userID, artistID and (train) weight. A model sees the training listens alone;
    tags that a user gave a held-out artist are dropped first. Each tested user gets a ranking
    of all artists but those of their training listens. With --split time the latest listens of
    each user are held out, by when they were last heard; nothing later of a user is learned.

    ndcg, precision, recall, map and mrr are means over users; ci_low and ci_high hold ndcg with
    95 % confidence; p_value is that of a paired t-test of ndcg against the first model. A run
    that is interrupted goes on where it was when the same command is given again.
    """
    if engine and (cold_start or knobs):
        raise click.UsageError("--engine spark is not for --cold-start and --knobs.")
    if cold_start and (train or test or holdout is not None or split != "random"):
        raise click.UsageError(
            "--cold-start draws its own split: give no files, no --holdout and no --split."
        )
    if cold_start and (bands or correlation or seeds or knobs):
        raise click.UsageError("--cold-start goes with --models, --seed, -k and --plot alone.")
    if knobs and (bands or correlation or len(ks) > 1):
        raise click.UsageError("--knobs goes with one -k, and without --bands and --correlation.")
    if save and not knobs:
        raise click.UsageError("--save keeps --knobs: give that with it.")
    if plot and not (cold_start or knobs):
        raise click.UsageError("--plot draws --cold-start or --knobs: give one of them with it.")
    named: dict[str, Any] = {} if models is None else {"models": models}
    files: dict[str, Any] = {
        **{"train": train, "test": test, "holdout": holdout},
        **{"split": split, "seeds": seeds},
    }
    with session.graph() as graph:
        if cold_start:
            rows = graph.evaluate_cold_start(**named, seed=seed, k=ks)
        elif knobs:
            rows = graph.evaluate_knobs(**named, **files, seed=seed, k=ks[0], save=save)
        else:
            rows = graph.evaluate(
                **named,
                **files,
                seed=seed,
                k=ks,
                correlation=correlation,
                bands=bands,
                engine=engine,
            )
    if plot:
        _draw(rows, plot, cold_start)
        session.note(f"{plot} shows the curves")
    emit(rows, format_, output)


def _draw(rows: "pd.DataFrame", file: Path, cold_start: bool) -> None:
    from tastegraph.analysis.pictures import curves
    from tastegraph.analysis.pictures.style import save

    save(curves.cold_start(rows) if cold_start else curves.knobs(rows), file)
