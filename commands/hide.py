"""``hide``, ``unhide`` and ``forget``: what a person never wants to see, or the person itself."""

import sys
from pathlib import Path

import click

from tastegraph.commands.command import command
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session


@command(epilog="Example: tastegraph hide 2 7")
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
    with session.graph(brief=True) as graph:
        rows = graph.hide(user_id, artists)
    emit(rows, format_, output)


@command(epilog="Example: tastegraph hide 2 7 && tastegraph unhide 2 7")
@click.argument("user_id", metavar="USER_ID")
@click.argument("artists", nargs=-1, required=True, metavar="ARTIST ...")
@pass_session
def unhide(session: Session, user_id: str, artists: tuple[str, ...]) -> None:
    """Let ARTISTs, by name or id, be recommended to USER_ID again."""
    with session.graph(brief=True) as graph:
        graph.unhide(user_id, artists)


@command(epilog="Example: tastegraph forget 300 --yes")
@click.argument("user_id", metavar="USER_ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_session
def forget(session: Session, user_id: str, yes: bool) -> None:
    """Remove USER_ID and all that is theirs from the graph.

    Listens, friendships, tag assignments, hidden artists and the vector go, and what was
    counted from them is counted again, in one transaction. The files that they were loaded
    from stay as they are: loading those again brings the person back.
    """
    if not yes and not sys.stdin.isatty():
        raise click.UsageError("Nobody is there to be asked: give --yes to remove without asking.")
    with session.graph() as graph:
        user = graph.user(user_id)
        question = f"Remove user {user} and all that is theirs from {session.place}?"
        if not (yes or click.confirm(question, err=True)):
            raise click.exceptions.Exit(1)
        graph.forget(user)
