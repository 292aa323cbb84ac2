"""``tune``: good settings of a model, without a look at the test."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tastegraph.commands.options import SEED, assignments_option, unit_interval
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session

if TYPE_CHECKING:
    from tastegraph.models.data.dataset import Dataset

_FILE = click.Path(path_type=Path, dir_okay=False)
_TRIALS = 20
_SHARE = 0.2


@click.command(epilog="Example: tastegraph tune --algorithm als --trials 3 --range reg=0.001:0.1")
@click.option("--algorithm", metavar="NAME", help="Which model; the default is train's.")
@click.option(
    "--trials", type=click.IntRange(min=1), help=f"How many choices to try.  [default: {_TRIALS}]"
)
@click.option(
    "--minutes",
    type=click.FloatRange(min=0, min_open=True),
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
    "--novelty",
    default=0.1,
    show_default=True,
    callback=unit_interval,
    metavar="X",
    help="Part of novelty in the blend, 0 to 1.",
)
@click.option("-k", default=10, show_default=True, type=click.IntRange(1), help="List length.")
@click.option(
    "--slices",
    default=2,
    show_default=True,
    type=click.IntRange(1, 20),
    help="How often a fifth of the listens is held out to measure a trial.",
)
@assignments_option(
    "--range", "ranges", "NAME=LOW:HIGH", "Search this setting, and no others; repeatable."
)
@click.option("--train", type=_FILE, metavar="FILE", help="Take the listens from FILE.")
@click.option(
    "--test", type=_FILE, metavar="FILE", help="Pairs to be kept out of sight, their tags too."
)
@click.option("--seed", default=0, show_default=True, type=SEED, help="Of slices, fits, choices.")
@click.option("--restart", is_flag=True, help="Forget the trials of an earlier run.")
@click.option("--save", is_flag=True, help="Make the best settings train's in tastegraph.toml.")
@output_options
@pass_session
def tune(
    session: Session,
    algorithm: str | None,
    trials: int | None,
    minutes: float | None,
    objective: str,
    novelty: float,
    k: int,
    slices: int,
    ranges: dict[str, str],
    train: Path | None,
    test: Path | None,
    seed: int,
    restart: bool,
    save: bool,
    format_: str,
    output: Path | None,
) -> None:
    """Search good settings of a model on slices of the listens.

    Each trial fits the model to every slice and ranks what the slice holds out; trials that
    are behind after the first slice are given up. A search that is interrupted goes on when the
    same command is given again. What a test is to measure must not be in the graph's listens:
    give --train and --test if it is.
    """
    from tastegraph.models.algorithms.factory import DEFAULT
    from tastegraph.models.evaluation.split import split_at_random
    from tastegraph.models.storage.read_graph import read_dataset
    from tastegraph.models.training.tune import Objective, Tuning, assignments, chosen_space

    if (train is None) != (test is None):
        raise click.UsageError("--train and --test belong together: give both, or neither.")
    chosen = algorithm or DEFAULT
    space = chosen_space(chosen, ranges)
    with session.store() as store:
        data = read_dataset(store, session.progress, taggings=True)
    if train and test:
        data = _training_part(session, data, train, test)
    divided = [split_at_random(data, _SHARE, seed + at) for at in range(slices)]
    search = Tuning(chosen, space, divided, Objective(objective, k, novelty), seed)
    if restart:
        search.forget()
    elif search.earlier:
        session.note(f"goes on from {search.earlier} trials of an earlier run (or --restart)")
    frame = search.run(trials if trials or minutes else _TRIALS, minutes, session.progress)
    best = assignments(search.best)
    if save:
        from tastegraph.commands.configuration import CONFIG, save_defaults

        save_defaults("train", {"algorithm": chosen, "set": best})
        session.note(f"'tastegraph train' in this folder now uses the best: see {CONFIG}")
    else:
        words = [word for each in best for word in ("--set", each)]
        command = shlex.join(["train", "--algorithm", chosen, *words])
        session.note(f"the best: {session.shell(command)}")
    emit(frame, format_, output)


def _training_part(session: Session, data: "Dataset", train: Path, test: Path) -> "Dataset":
    from tastegraph.loaders.readers.pairs import read_test, read_train
    from tastegraph.models.evaluation.split import split_by_pairs

    pairs, notes = read_test(test)
    split = split_by_pairs(data, read_train(train), pairs)
    for note in [*notes, *split.notes]:
        session.note(note)
    return split.data
