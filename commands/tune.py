"""``tune``: good settings of a model, without a look at the test."""

import shlex
from pathlib import Path

import click

from tastegraph.commands.command import command
from tastegraph.commands.completion import complete_algorithms
from tastegraph.commands.options import SEED, assignments_option, number
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session

_FILE = click.Path(path_type=Path, dir_okay=False)
_TRIALS = 20


@command(
    epilog="Example: tastegraph tune --algorithm als --trials 3 --range reg=0.02:0.5",
    renamed={"--novelty": "--novelty-weight"},
)
@click.option(
    "--algorithm",
    metavar="NAME",
    shell_complete=complete_algorithms,
    help="Which model; the default is train's.",
)
@click.option(
    "--trials", type=number("trials"), help=f"How many choices to try.  [default: {_TRIALS}]"
)
@click.option(
    "--minutes",
    type=number("minutes"),
    help="Begin no further trial after this time.",
)
@click.option(
    "--objective",
    type=click.Choice(["ndcg", "recall", "blend"]),
    default="ndcg",
    show_default=True,
    help="What is to be high; blend adds novelty to ndcg.",
)
@click.option(
    "--novelty-weight",
    default=0.1,
    show_default=True,
    type=number("novelty_weight"),
    metavar="X",
    help="Part of novelty in the blend, 0 to 1.",
)
@click.option(
    "-k",
    "--count",
    "k",
    default=10,
    show_default=True,
    type=number("k"),
    help="List length.",
)
@click.option(
    "--slices",
    default=2,
    show_default=True,
    type=number("slices"),
    help="How often a fifth of the listens is held out to measure a trial.",
)
@assignments_option(
    "--range", "ranges", "NAME=LOW:HIGH", "Search this setting, and no others; repeatable."
)
@click.option("--train", type=_FILE, metavar="FILE", help="Take the listens from FILE.")
@click.option(
    "--test", type=_FILE, metavar="FILE", help="Pairs to be kept out of sight, their tags too."
)
@click.option(
    "--holdout",
    type=number("holdout"),
    metavar="SHARE",
    help="Keep out of sight what evaluate holds out with the same --holdout, --split and --seed.",
)
@click.option(
    "--split",
    type=click.Choice(["random", "time"]),
    default="random",
    show_default=True,
    help="Hold out listens at random, or the latest of each user, and search half-lives as well.",
)
@click.option("--seed", default=0, show_default=True, type=SEED, help="Of slices, fits, choices.")
@click.option("--restart", is_flag=True, help="Forget the trials of an earlier run.")
@click.option(
    "--save", is_flag=True, help="Make the best settings the algorithm's in tastegraph.toml."
)
@output_options
@pass_session
def tune(
    session: Session,
    algorithm: str | None,
    trials: int | None,
    minutes: float | None,
    objective: str,
    novelty_weight: float,
    k: int,
    slices: int,
    ranges: dict[str, str],
    train: Path | None,
    test: Path | None,
    holdout: float | None,
    split: str,
    seed: int,
    restart: bool,
    save: bool,
    format_: str,
    output: Path | None,
) -> None:
    """Search good settings of a model on slices of the listens.

    Each trial fits the model to every slice and ranks what the slice holds out; trials that
    are behind after the first slices are given up. A search that is interrupted goes on when the
    same command is given again. What a test is to measure must not be in the graph's listens:
    give --holdout, or --train and --test, if it is.

    With --split time each slice ends before the one before it begins, and how far old listens
    weigh less is searched, too: half_life, in days, where 0 weighs old and new alike.
    """
    from tastegraph.commands.configuration import place_for_settings
    from tastegraph.models.algorithms.factory import DEFAULT

    chosen = algorithm or DEFAULT
    if save:
        # Said before a search of hours rather than after it.
        place_for_settings(chosen)
    with session.graph() as graph:
        rows = graph.tune(
            algorithm=chosen,
            trials=trials,
            minutes=minutes,
            objective=objective,
            novelty_weight=novelty_weight,
            k=k,
            slices=slices,
            ranges=ranges,
            train=train,
            test=test,
            holdout=holdout,
            split=split,
            seed=seed,
            restart=restart,
        )
    _say_best(session, chosen, rows["parameters"].iloc[0].split(), save)
    emit(rows, format_, output)


def _say_best(session: Session, algorithm: str, best: list[str], save: bool) -> None:
    """Keep the best settings, or say how to train with them."""
    if save:
        from tastegraph.commands.configuration import save_settings

        file = save_settings(algorithm, best)
        session.note(f"'tastegraph train' takes the best settings of {algorithm} from {file} now")
        return
    words = [word for each in best for word in ("--set", each)]
    command_line = shlex.join(["train", "--algorithm", algorithm, *words])
    session.note(f"the best: {session.shell(command_line)}")
