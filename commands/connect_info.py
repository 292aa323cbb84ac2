"""``connect-info``: how another client reaches the graph."""

import threading
from pathlib import Path

import click

from tastegraph.commands.command import command
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session


@command("connect-info", epilog="Example: tastegraph connect-info")
@click.option("--show-password", is_flag=True, help="Print the password, too.")
@click.option(
    "--read-only", is_flag=True, help="As the user of an embedded store who may only read."
)
@click.option(
    "--wait",
    is_flag=True,
    help="Keep an embedded store open for others, until Ctrl-C.",
)
@output_options
@pass_session
def connect_info(
    session: Session,
    show_password: bool,
    read_only: bool,
    wait: bool,
    format_: str,
    output: Path | None,
) -> None:
    """Say how another client of Neo4j's protocol (Bolt) reaches the graph.

    \b
    uri       where it listens; nothing where nobody has the embedded store open
    database  the database's name
    username  who to sign in as
    password  with --show-password; otherwise a note says where it is kept

    An embedded store serves others on this machine while a process has it open: --wait is one,
    the shell another. Each opening has a port of its own.
    """
    with session.graph() as graph:
        joined = None
        if wait:
            embedded = graph.open().embedded
            joined = embedded is None or embedded.server is None
        rows = graph.connect_info(show_password=show_password, read_only=read_only)
        emit(rows, format_, output)
        if wait and not joined:
            session.note("open for others until Ctrl-C")
            _until_interrupted()


def _until_interrupted() -> None:
    """Wait for Ctrl-C, the way in which one ends a server."""
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo(err=True)
