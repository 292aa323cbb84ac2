"""``train``: learn vectors and write them into the graph."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tastegraph.commands.options import SEED, assignments_option, weights_option
from tastegraph.commands.output import emit, output_options, picture_file, rows_file
from tastegraph.commands.session import Session, pass_session

if TYPE_CHECKING:
    import pandas as pd


@click.command(epilog="Example: tastegraph train --dimensions 64 --seed 1")
@click.option("--algorithm", metavar="NAME", help="Which model; the default is the best known.")
@click.option("--dimensions", type=click.IntRange(min=1), help="Length of a vector.")
@click.option("--epochs", type=click.IntRange(min=1), help="How often the data is gone through.")
@click.option(
    "--seed", default=0, show_default=True, type=SEED, help="The same seed gives the same model."
)
@assignments_option(
    "--set", "settings", "NAME=VALUE", "Any other setting of the algorithm; repeatable."
)
@weights_option
@click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=picture_file,
    metavar="FILE",
    help="Draw the training by epoch, each part of the loss: .png, .svg or .pdf.",
)
@click.option(
    "--history",
    "history_file",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=rows_file,
    metavar="FILE",
    help="Write the training by epoch as rows; the suffix says how, as for -o.",
)
@click.option(
    "--keep",
    default=3,
    show_default=True,
    type=click.IntRange(min=0),
    help="Models to keep for 'models use', this one included.",
)
@output_options
@pass_session
def train(
    session: Session,
    algorithm: str | None,
    dimensions: int | None,
    epochs: int | None,
    seed: int,
    settings: dict[str, str],
    weights: dict[str, float],
    plot: Path | None,
    history_file: Path | None,
    keep: int,
    format_: str,
    output: Path | None,
) -> None:
    """Learn from the graph's listens, friendships and tags.

    The weights of the hybrid score's signals are learned on a fifth of the listens, for which
    the model is fitted once more without them; --weights sets them instead.

    The vectors and a (:Model) replace the last ones together, at the very end; until then, and
    if training is interrupted, the last ones serve.
    """
    import pandas as pd

    from tastegraph.errors import InputError
    from tastegraph.models.algorithms.factory import DEFAULT, create
    from tastegraph.models.ranking.weights import SignalWeights
    from tastegraph.models.training.train import train as run

    chosen = dict(settings)
    if dimensions is not None:
        chosen["dimensions"] = str(dimensions)
    if epochs is not None:
        chosen["epochs"] = str(epochs)
    model = create(algorithm or DEFAULT, chosen)
    if (plot or history_file) and not model.has_history:
        raise InputError(
            f"{model.name} keeps no history of its training: --plot and --history are for mf, "
            "keras-dot and bpr"
        )
    with session.store() as store:
        by_hand = SignalWeights(0.0)._replace(**weights) if weights else None
        training = run(store, model, seed, session.progress, by_hand, keep_models=keep)
    for note in training.notes:
        session.note(note)
    _show_history(training.history, plot, history_file)
    metrics = training.metrics()
    emit(pd.DataFrame(metrics.items(), columns=["metric", "value"], dtype=object), format_, output)


def _show_history(history: "pd.DataFrame | None", plot: Path | None, file: Path | None) -> None:
    if history is None:
        return
    if file:
        emit(history, "table", file)
    if plot:
        from tastegraph.analysis.pictures.lines import losses
        from tastegraph.analysis.pictures.style import save

        save(losses(history), plot)
