"""``tag-precision``: how many neighbours or recommendations have tags in common."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tastegraph.commands.options import count_option
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session

if TYPE_CHECKING:
    from tastegraph.models.evaluation.tag_precision import Comparison
    from tastegraph.models.storage.model_card import Card


@click.command("tag-precision", epilog="Example: tastegraph tag-precision --artist 7 -k 5")
@click.option("--artist", metavar="NAME", help="The artist's neighbours (a name or an id).")
@click.option("--user", "user_id", metavar="ID", help="The user's recommendations.")
@click.option("--all", "everybody", is_flag=True, help="Means over artists and over users.")
@count_option
@click.option(
    "--min-listeners",
    default=3,
    show_default=True,
    type=click.IntRange(min=0),
    metavar="N",
    help="Listeners that a neighbour needs: the vector of an artist with one or two only repeats "
    "theirs, and hardly anybody has tagged it.",
)
@click.option(
    "--most",
    default=500,
    show_default=True,
    type=click.IntRange(min=1),
    metavar="N",
    help="With --all: how many of the most heard artists.",
)
@output_options
@pass_session
def tag_precision(
    session: Session,
    artist: str | None,
    user_id: str | None,
    everybody: bool,
    k: int,
    min_listeners: int,
    most: int,
    format_: str,
    output: Path | None,
) -> None:
    """Measure precision with tag overlap as relevance, beside what chance gives.

    precision counts artists with at least one tag of the artist or user asked for; strict, those
    with half of their five main tags among its ten main ones. random is the precision of artists
    drawn by lot, popular that of the most listened ones.
    """
    if (artist is not None) + (user_id is not None) + everybody != 1:
        raise click.UsageError("Give one of --artist, --user and --all.")
    from tastegraph.graph.lookup import find_artist, find_user
    from tastegraph.models.evaluation.tag_precision import TagPrecision
    from tastegraph.models.storage.model_card import consistent_read

    with session.store() as store:
        found = find_artist(store, artist) if artist is not None else None
        user = find_user(store, user_id) if user_id is not None else None
        if found is not None and artist is not None:
            session.say_choice(artist, found)

        def compare(card: "Card") -> "Comparison":
            session.say_if_stale(store, card)
            measured = TagPrecision.of(store, card, session.progress)
            if found is not None:
                return measured.artist(found.id, k, min_listeners)
            if user is not None:
                return measured.user(user, k)
            return measured.everybody(k, min_listeners, most)

        compared = consistent_read(store, compare)
    for note in compared.notes:
        session.note(note)
    emit(compared.frame, format_, output)
