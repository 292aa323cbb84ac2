"""``new-listener`` and ``update``: what changes without another training."""

from pathlib import Path

import click

from tastegraph.commands.command import command
from tastegraph.commands.options import count_option, number
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.playlist import is_playlist, recommendation_output_options
from tastegraph.commands.session import Session, pass_session
from tastegraph.runtime.printable import printable

_FILE = click.Path(path_type=Path, dir_okay=False)


@command(
    epilog="Example: tastegraph new-listener --like 1 --like 7 --friend 2",
    renamed={"-n": "--sheet-count"},
)
@click.option("--like", "likes", multiple=True, metavar="NAME", help="An artist; repeatable.")
@click.option("--friend", "friends", multiple=True, metavar="ID", help="A user; repeatable.")
@click.option(
    "--dislike",
    "dislikes",
    multiple=True,
    metavar="NAME",
    help="An artist to recommend less like; repeatable. It is not recommended itself.",
)
@click.option(
    "--sheet", type=_FILE, metavar="FILE", help="A CSV name,Like: 1 is liked, -1 disliked."
)
@click.option(
    "--spotify", type=_FILE, metavar="FILE", help="The JSON of Spotify's 'get user's top items'."
)
@click.option(
    "--spotify-account",
    "span",
    type=click.Choice(("short", "medium", "long")),
    is_flag=False,
    flag_value="medium",
    metavar="[short|medium|long]",
    help="Ask Spotify for the top artists of your account: of four weeks, six months (if it is "
    "not said) or a year. Needs the extra spotify, and SPOTIFY_CLIENT_ID.",
)
@click.option(
    "--method",
    type=click.Choice(("fold-in", "neighbours")),
    default="fold-in",
    show_default=True,
    help="Solve the model for these likes, or take the mean of the five nearest users.",
)
@click.option("--save", metavar="ID", help="Keep the newcomer in the graph as the user ID.")
@click.option(
    "--sheet-template", type=_FILE, metavar="FILE", help="Write a sheet to be marked, and end."
)
@click.option(
    "--sheet-count",
    default=250,
    show_default=True,
    type=number("write_sheet.count"),
    help="Artists in the sheet, the most listened first.",
)
@count_option
@click.option(
    "--why/--no-why", default=True, show_default=True, help="Say which parts make up each score."
)
@recommendation_output_options
@pass_session
def new_listener(
    session: Session,
    likes: tuple[str, ...],
    friends: tuple[str, ...],
    dislikes: tuple[str, ...],
    sheet: Path | None,
    spotify: Path | None,
    span: str | None,
    method: str,
    save: str | None,
    sheet_template: Path | None,
    sheet_count: int,
    k: int,
    why: bool,
    format_: str,
    output: Path | None,
) -> None:
    """Recommend artists to somebody who is not in the data.

    Likes come from --like, a sheet, an export of Spotify's or a Spotify account, and count as much
    as an average listen; --dislike and a -1 in the sheet count as much the other way. Names that
    are not in the graph are listed with the nearest ones. Nothing is written unless --save says
    under which id.
    """
    with session.graph(brief=True) as graph:
        if sheet_template:
            graph.write_sheet(sheet_template, count=sheet_count)
            return
        rows = graph.new_listener(
            like=likes,
            friend=friends,
            dislikes=dislikes,
            sheet=sheet,
            spotify=spotify,
            spotify_account=span,
            # No note: --quiet must not hide the address at which to sign in.
            show=lambda text: click.echo(printable(text), err=True),
            method=method,
            save=save,
            k=k,
            why=why or is_playlist(output),
        )
        if is_playlist(output):
            graph.write_playlist(rows, output)
            return
    emit(rows, format_, output)


@command(epilog="Example: tastegraph update")
@output_options
@pass_session
def update(session: Session, format_: str, output: Path | None) -> None:
    """Fold in the users and artists whose listens, tags or friends have changed.

    They get the vectors that the trained model has for what they listen to and whose friends
    they are now, in time that depends on them alone; 'tastegraph train' learns everything anew.
    """
    with session.graph() as graph:
        rows = graph.update()
    emit(rows, format_, output)
