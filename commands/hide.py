"""``hide`` and ``unhide``: what a person never wants to be recommended."""

from pathlib import Path

import click

from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session


@click.command(epilog="Example: tastegraph hide 2 7")
@click.argument("user_id", metavar="USER_ID")
@click.argument("artists", nargs=-1, metavar="[ARTIST ...]")
@output_options
@pass_session
def hide(
    session: Session, user_id: str, artists: tuple[str, ...], format_: str, output: Path | None
) -> None:
    """Never recommend ARTISTs, by name or id, to USER_ID again.

    Prints all that the user has hidden; without an artist only that.
    """
    import pandas as pd

    from tastegraph.graph.hidden_artists import hide as hide_from
    from tastegraph.graph.lookup import find_artist, find_user
    from tastegraph.graph.query_files import query

    with session.store(brief=True) as store:
        user = find_user(store, user_id)
        found = [find_artist(store, name) for name in artists]
        for name, artist in zip(artists, found, strict=True):
            session.say_choice(name, artist)
            if not hide_from(store, user, artist.id):
                session.note(f"{artist.name!r} was hidden from user {user} before")
        asked = query("hidden-artists")
        rows = store.rows(asked.cypher, {"userId": user})
    if not rows:
        session.note(f"user {user} has hidden no artist")
    emit(pd.DataFrame(rows, columns=asked.columns), format_, output)


@click.command(epilog="Example: tastegraph hide 2 7 && tastegraph unhide 2 7")
@click.argument("user_id", metavar="USER_ID")
@click.argument("artists", nargs=-1, required=True, metavar="ARTIST ...")
@pass_session
def unhide(session: Session, user_id: str, artists: tuple[str, ...]) -> None:
    """Let ARTISTs, by name or id, be recommended to USER_ID again."""
    from tastegraph.graph.hidden_artists import unhide as unhide_from
    from tastegraph.graph.lookup import find_artist, find_user

    with session.store(brief=True) as store:
        user = find_user(store, user_id)
        found = [find_artist(store, name) for name in artists]
        for name, artist in zip(artists, found, strict=True):
            session.say_choice(name, artist)
            was_hidden = unhide_from(store, user, artist.id)
            now = "can be recommended again to" if was_hidden else "was not hidden from"
            session.note(f"{artist.name!r} {now} user {user}")
