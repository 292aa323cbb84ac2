"""``tag-precision``: how many neighbours or recommendations have tags in common."""

from pathlib import Path

import click

from tastegraph.commands.command import command
from tastegraph.commands.options import count_option, number
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session


@command(
    "tag-precision",
    epilog="Example: tastegraph tag-precision --artist 7 -k 5",
    renamed={"--user": ""},
)
@click.argument("user_id", required=False, metavar="[USER_ID]")
@click.option("--artist", metavar="NAME", help="The artist's neighbours (a name or an id).")
@click.option("--all", "everybody", is_flag=True, help="Means over artists and over users.")
@count_option
@click.option(
    "--min-listeners",
    default=3,
    show_default=True,
    type=number("min_listeners"),
    metavar="N",
    help="Listeners that a neighbour needs: the vector of an artist with one or two only repeats "
    "theirs, and hardly anybody has tagged it.",
)
@click.option(
    "--most",
    default=500,
    show_default=True,
    type=number("most"),
    metavar="N",
    help="With --all: how many of the most heard artists.",
)
@output_options
@pass_session
def tag_precision(
    session: Session,
    user_id: str | None,
    artist: str | None,
    everybody: bool,
    k: int,
    min_listeners: int,
    most: int,
    format_: str,
    output: Path | None,
) -> None:
    """Measure precision with tag overlap as relevance, beside what chance gives.

    USER_ID measures the user's recommendations. precision counts artists with at least one tag of
    the artist or user asked for; strict, those with half of their five main tags among its ten
    main ones. random is the precision of artists drawn by lot, popular that of the most listened
    ones.
    """
    if (artist is not None) + (user_id is not None) + everybody != 1:
        raise click.UsageError("Give one of USER_ID, --artist and --all.")
    with session.graph() as graph:
        rows = graph.tag_precision(
            artist=artist, user=user_id, k=k, min_listeners=min_listeners, most=most
        )
    emit(rows, format_, output)
