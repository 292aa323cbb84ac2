"""``train``: learn vectors and write them into the graph."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from tastegraph.commands.command import command
from tastegraph.commands.completion import complete_algorithms
from tastegraph.commands.options import (
    SEED,
    assignments_option,
    engine_options,
    number,
    weights_option,
)
from tastegraph.commands.output import emit, output_options, picture_file, rows_file
from tastegraph.commands.session import Session, pass_session

if TYPE_CHECKING:
    from tastegraph.spark.engine import Spark


@command(epilog="Example: tastegraph train --dimensions 64 --seed 1")
@click.option(
    "--algorithm",
    metavar="NAME",
    shell_complete=complete_algorithms,
    help="Which model; the default is the best known.",
)
@click.option("--dimensions", type=number("dimensions"), help="Length of a vector.")
@click.option("--epochs", type=number("epochs"), help="How often the data is gone through.")
@click.option(
    "--half-life",
    type=number("half_life"),
    metavar="DAYS",
    help="A listen weighs half after so many days.  [default: old and new alike]",
)
@click.option(
    "--seed", default=0, show_default=True, type=SEED, help="The same seed gives the same model."
)
@assignments_option(
    "--set", "settings", "NAME=VALUE", "Any other setting of the algorithm; repeatable."
)
@weights_option
@click.option(
    "--tune",
    "tune",
    default="quick",
    show_default=True,
    type=click.Choice(["quick", "thorough", "off"]),
    help="How many settings to try on slices of the listens before; off: the defaults.",
)
@click.option(
    "--minutes",
    type=number("minutes"),
    help="Try no further settings after this time.",
)
@click.option("--anew", is_flag=True, help="Choose settings though those of the last model serve.")
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
    type=number("keep"),
    help="Models to keep for 'models use', this one included.",
)
@engine_options
@output_options
@pass_session
def train(
    session: Session,
    algorithm: str | None,
    dimensions: int | None,
    epochs: int | None,
    half_life: float | None,
    seed: int,
    settings: dict[str, str],
    weights: dict[str, float],
    tune: str,
    minutes: float | None,
    anew: bool,
    plot: Path | None,
    history_file: Path | None,
    keep: int,
    engine: "Spark | None",
    format_: str,
    output: Path | None,
) -> None:
    """Learn from the graph's listens, friendships and tags.

    Before, settings of the model and the weights of the hybrid score's signals are chosen on a
    slice of the listens, and what they reach is told of another one. What is set by hand is kept
    (--set, --weights, an --algorithm of als, collective-als or collective); the rest is chosen,
    and used again by later trainings while the data is much the same.

    With --half-life, listens that were last heard long before the latest one of the graph weigh
    less. It serves later updates and reasons, too; friends and tags are blended in as before.

    The vectors and a (:Model) replace the last ones together, at the very end; until then, and
    if training is interrupted, the last ones serve.
    """
    from tastegraph.commands.configuration import saved_settings
    from tastegraph.models.algorithms.factory import DEFAULT
    from tastegraph.models.training.choosing.family import CHOSEN

    chosen = algorithm or DEFAULT
    learned = _learned_on(engine, chosen)
    asked = click.get_current_context().get_parameter_source("tune") != ParameterSource.DEFAULT
    if asked and tune != "off" and chosen not in CHOSEN:
        session.note(
            f"train chooses no settings of {chosen}: "
            f"{session.shell(f'tune --algorithm {chosen}')} searches them"
        )
    with session.graph() as graph:
        rows = graph.train(
            algorithm=chosen,
            dimensions=dimensions,
            epochs=epochs,
            half_life=half_life,
            seed=seed,
            settings=saved_settings(learned) | settings,
            weights=weights,
            keep=keep,
            tune=tune,
            minutes=minutes,
            anew=anew,
            need_history=bool(plot or history_file),
            engine=engine,
        )
    if graph.history is not None and history_file:
        emit(graph.history, "table", history_file)
    if graph.history is not None and plot:
        from tastegraph.analysis.pictures.lines import losses
        from tastegraph.analysis.pictures.style import save

        save(losses(graph.history), plot)
        session.note(f"{plot} shows each part of the loss, by epoch")
    emit(rows, format_, output)


def _learned_on(engine: "Spark | None", algorithm: str) -> str:
    """What comes of ``algorithm``, whose settings are those that are saved."""
    if engine is None:
        return algorithm
    from tastegraph.spark.algorithms import spread_algorithm

    return spread_algorithm(algorithm)[0]
