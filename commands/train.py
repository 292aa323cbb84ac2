"""``train``: learn vectors and write them into the graph."""

from pathlib import Path

import click

from tastegraph.commands.command import command
from tastegraph.commands.completion import complete_algorithms
from tastegraph.commands.options import SEED, assignments_option, weights_option
from tastegraph.commands.output import emit, output_options, picture_file, rows_file
from tastegraph.commands.session import Session, pass_session


@command(epilog="Example: tastegraph train --dimensions 64 --seed 1")
@click.option(
    "--algorithm",
    metavar="NAME",
    shell_complete=complete_algorithms,
    help="Which model; the default is the best known.",
)
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
    from tastegraph.commands.configuration import saved_settings
    from tastegraph.models.algorithms.factory import DEFAULT

    chosen = algorithm or DEFAULT
    with session.graph() as graph:
        rows = graph.train(
            algorithm=chosen,
            dimensions=dimensions,
            epochs=epochs,
            seed=seed,
            settings=saved_settings(chosen) | settings,
            weights=weights,
            keep=keep,
            need_history=bool(plot or history_file),
        )
    if graph.history is not None and history_file:
        emit(graph.history, "table", history_file)
    if graph.history is not None and plot:
        from tastegraph.analysis.pictures.lines import losses
        from tastegraph.analysis.pictures.style import save

        save(losses(graph.history), plot)
        session.note(f"{plot} shows each part of the loss, by epoch")
    emit(rows, format_, output)
