"""``similar-artists`` and ``similar-users``: who is near in the embedding."""

from pathlib import Path

import click

from tastegraph.commands.options import count_option
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session


@click.command("similar-artists", epilog="Example: tastegraph similar-artists 1 -k 5")
@click.argument("name")
@count_option
@click.option(
    "--measure",
    type=click.Choice(["cosine", "dot"]),
    default="cosine",
    show_default=True,
    help="cosine compares directions; dot favours the popular.",
)
@output_options
@pass_session
def similar_artists(
    session: Session, name: str, k: int, measure: str, format_: str, output: Path | None
) -> None:
    """Find the artists nearest to the artist NAME (a name, a part of one, or an id)."""
    from tastegraph.graph.lookup import find_artist
    from tastegraph.models.serving.similar import similar_artists as nearest

    with session.store(brief=True) as store:
        found = find_artist(store, name)
        session.say_choice(name, found)
        frame = nearest(store, found.id, k, measure)
    emit(frame, format_, output)


@click.command("similar-users", epilog="Example: tastegraph similar-users 2 -k 5")
@click.argument("user_id")
@count_option
@output_options
@pass_session
def similar_users(
    session: Session, user_id: str, k: int, format_: str, output: Path | None
) -> None:
    """Find the users whose taste is nearest to that of USER_ID, and what both listen to."""
    from tastegraph.graph.lookup import find_user
    from tastegraph.models.serving.similar import similar_users as nearest

    with session.store(brief=True) as store:
        frame = nearest(store, find_user(store, user_id), k)
    emit(frame, format_, output)
