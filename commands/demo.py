"""``demo``: the whole way, from data to recommendations with reasons."""

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tastegraph.commands.command import command
from tastegraph.commands.output import emit
from tastegraph.commands.session import Session, pass_session

if TYPE_CHECKING:
    from tastegraph.api.graph import Graph
    from tastegraph.graph.frames import GraphFrames, Id

# What the examples in the commands' help ask for.
_EXAMPLE_USER = 2


@command(epilog="Example: tastegraph demo")
@click.option(
    "--replace/--no-replace", default=False, help="Replace other data that the store holds."
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Use the data in PATH (as for load) instead of synthetic data.",
)
@pass_session
def demo(session: Session, replace: bool, data: Path | None) -> None:
    """Load data, train, and recommend with reasons.

    Without --data, 300 invented users listen to 800 invented artists. A store that holds
    other data is left alone, unless --replace is given.
    """
    with session.graph() as graph:
        frames = graph.demo_data(data, replace=replace)
        click.echo(f"Loading into {session.place}")
        emit(graph.load(frames, replace=replace), "table")
        _train(graph)
        user, artist = _recommend(graph, frames)
    click.echo(f"\nThe graph stays in {session.place}. What to try next:\n")
    for line in _next(session, user, artist):
        click.echo(f"  {line}")


def _train(graph: "Graph") -> None:
    from tastegraph.models.algorithms.factory import DEFAULT

    click.echo(f"\nTraining {DEFAULT}")
    metrics: dict[str, Any] = dict(graph.train().itertuples(index=False))
    click.echo(
        f"{metrics['dimensions']} dimensions from {metrics['listens']:,} listens, friendships and "
        f"tags: read {metrics['read_seconds']:.1f} s, "
        f"choose settings {metrics['choose_seconds']:.1f} s, fit {metrics['fit_seconds']:.1f} s, "
        f"weigh the signals {metrics['blend_seconds']:.1f} s, "
        f"write {metrics['write_seconds'] + metrics['index_seconds']:.1f} s"
    )


def _recommend(graph: "Graph", frames: "GraphFrames") -> "tuple[Id, str]":
    """Print what a user listens to and might like; gives the user and an artist's name."""
    listeners = frames.listens["user"].tolist()
    user = _EXAMPLE_USER if _EXAMPLE_USER in listeners else listeners[0]
    click.echo(f"\nWhat user {user} plays most")
    listens = graph.run_query("user-listens", userId=user, k=5)
    # Columns of times say nothing where the source has none.
    emit(listens.dropna(axis="columns", how="all"), "table")
    click.echo(f"\nWhat user {user} might like: score = embedding + friends + tags, and why")
    best = graph.recommend(user, why=True)
    emit(best, "table")
    return user, (best if len(best) else listens)["name"].iloc[0]


def _next(session: Session, user: "Id", artist: str) -> list[str]:
    """Commands that show more of it."""
    # Text that looks like a number would be taken for one.
    user_id = json.dumps(user, ensure_ascii=False) if str(user).isdigit() else user
    return [
        session.shell("recommend --why --json", user),
        session.shell("similar-artists", artist),
        session.shell(f"query run friends-favourites -p {shlex.quote(f'userId={user_id}')}"),
        session.shell("query list"),
        session.shell("doctor"),
        session.shell("serve --open"),
    ]
