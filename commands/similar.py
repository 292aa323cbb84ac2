"""``similar-artists`` and ``similar-users``: who is near, by vectors or by tags."""

from pathlib import Path

import click

from tastegraph.commands.command import command
from tastegraph.commands.options import count_option
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session


@command("similar-artists", epilog="Example: tastegraph similar-artists 1 -k 5")
@click.argument("name")
@count_option
@click.option(
    "--measure",
    type=click.Choice(["cosine", "dot", "tags"]),
    default="cosine",
    show_default=True,
    help="Of the vectors, cosine compares directions and dot favours the popular; tags compares "
    "the tags that people give.",
)
@output_options
@pass_session
def similar_artists(
    session: Session, name: str, k: int, measure: str, format_: str, output: Path | None
) -> None:
    """Find the artists nearest to the artist NAME (a name, a part of one, or an id)."""
    with session.graph(brief=True) as graph:
        rows = graph.similar_artists(name, k=k, measure=measure)
    emit(rows, format_, output)


@command("similar-users", epilog="Example: tastegraph similar-users 2 -k 5")
@click.argument("user_id")
@count_option
@output_options
@pass_session
def similar_users(
    session: Session, user_id: str, k: int, format_: str, output: Path | None
) -> None:
    """Find the users whose taste is nearest to that of USER_ID, and what both listen to."""
    with session.graph(brief=True) as graph:
        rows = graph.similar_users(user_id, k=k)
    emit(rows, format_, output)
