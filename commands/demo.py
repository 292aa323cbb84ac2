"""``demo``: the whole way, from data to recommendations with reasons."""

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tastegraph.commands.output import emit
from tastegraph.commands.session import Session, pass_session

if TYPE_CHECKING:
    from tastegraph.graph.frames import GraphFrames, Id
    from tastegraph.graph.store.graph_store import GraphStore

# What the examples in the commands' help ask for.
_EXAMPLE_USER = 2


@click.command(epilog="Example: tastegraph demo")
@click.option("--replace", is_flag=True, help="Replace other data that the store holds.")
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
    from tastegraph.loaders.source import read_source
    from tastegraph.loaders.synthetic.generate import generate

    frames = generate() if data is None else read_source(data, progress=session.progress)
    for note in frames.notes:
        session.note(note)
    with session.store() as store:
        _refuse_other_data(session, store, frames, replace)
        _load(session, store, frames, replace)
        _train(session, store)
        user, artist = _recommend(store, frames)
    click.echo(f"\nThe graph stays in {session.place}. What to try next:\n")
    for line in _next(session, user, artist):
        click.echo(f"  {line}")


def _refuse_other_data(
    session: Session, store: "GraphStore", frames: "GraphFrames", replace: bool
) -> None:
    from tastegraph.errors import InputError
    from tastegraph.loaders.ingest.other_data import holds_other_data

    if not replace and holds_other_data(store, frames):
        raise InputError(
            f"{session.place} holds other data, which the demo leaves alone: give --store a new "
            "folder, or --replace to remove that data"
        )


def _load(session: Session, store: "GraphStore", frames: "GraphFrames", replace: bool) -> None:
    from tastegraph.commands.data import report
    from tastegraph.loaders.ingest.ingest import ingest

    click.echo(f"Loading into {session.place}")
    ingest(store, frames, replace, session.progress)
    emit(report(frames), "table")


def _train(session: Session, store: "GraphStore") -> None:
    from tastegraph.models.algorithms.factory import DEFAULT, create
    from tastegraph.models.training.train import train

    click.echo(f"\nTraining {DEFAULT}")
    training = train(store, create(DEFAULT, {}), 0, session.progress)
    for note in training.notes:
        session.note(note)
    metrics = training.metrics()
    click.echo(
        f"{metrics['dimensions']} dimensions from {metrics['listens']:,} listens, friendships and "
        f"tags: read {metrics['read_seconds']:.1f} s, fit {metrics['fit_seconds']:.1f} s, "
        f"weigh the signals {metrics['blend_seconds']:.1f} s, "
        f"write {metrics['write_seconds'] + metrics['index_seconds']:.1f} s"
    )


def _recommend(store: "GraphStore", frames: "GraphFrames") -> "tuple[Id, str]":
    """Print what a user listens to and might like; gives the user and an artist's name."""
    import pandas as pd

    from tastegraph.graph.query_files import query
    from tastegraph.models.ranking.options import RecommendOptions
    from tastegraph.models.serving.one_user_in_database import recommend_one, with_reasons
    from tastegraph.models.storage.model_card import read_card

    listeners = frames.listens["user"].tolist()
    user = _EXAMPLE_USER if _EXAMPLE_USER in listeners else listeners[0]
    click.echo(f"\nWhat user {user} plays most")
    listens = store.rows(query("user-listens").cypher, {"userId": user, "k": 5})
    emit(pd.DataFrame(listens), "table")
    click.echo(f"\nWhat user {user} might like: score = embedding + friends + tags, and why")
    options = RecommendOptions(k=10, weights=read_card(store).weights)
    best = recommend_one(store, user, options)
    emit(with_reasons(store, user, best, options), "table")
    return user, best["name"].iloc[0] if len(best) else listens[0]["name"]


def _next(session: Session, user: "Id", artist: str) -> list[str]:
    """Commands that show more of it."""
    # Text that looks like a number would be taken for one.
    user_id = json.dumps(user, ensure_ascii=False) if str(user).isdigit() else user
    return [
        session.shell("recommend --why --format json", user),
        session.shell("similar-artists", artist),
        session.shell(f"query run friends-favourites -p {shlex.quote(f'userId={user_id}')}"),
        session.shell("query list"),
        session.shell("doctor"),
    ]
