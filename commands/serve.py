"""``serve``: a page to explore the graph, and the service behind it."""

import webbrowser
from pathlib import Path

import click

from tastegraph.commands.command import command
from tastegraph.commands.session import Session, pass_session

# Where the page listens unless told.
_PORT = 8484

# Seconds: nobody at a page waits as long as at a terminal.
_PATIENCE, _QUERY = 2.0, 20.0


@command("serve", epilog="Example: tastegraph serve --open")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=_PORT,
    show_default=True,
    help="Where to listen; 0 takes a free port.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Which of this machine's addresses to listen on; others than loopback need a token.",
)
@click.option("--open", "open_", is_flag=True, help="Open the page in a browser.")
@click.option(
    "--token-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Let in who has the token in FILE; else the one in TASTEGRAPH_TOKEN, if there is one.",
)
@click.option(
    "--allow-writes",
    is_flag=True,
    help="Let who has the token hide artists from people, and keep new people.",
)
@pass_session
def serve(
    session: Session,
    port: int,
    host: str,
    open_: bool,
    token_file: Path | None,
    allow_writes: bool,
) -> None:
    """Serve pages to explore the graph in a browser, and the same answers as JSON, until Ctrl-C.

    Pages: people and what they might like, and why; artists, tags, the model. JSON: /api lists
    what there is, /api/openapi.json describes it. Nothing can be changed through either,
    unless --allow-writes says so.
    """
    from tastegraph.graph.store.settings import Limits
    from tastegraph.web.serve import serve as run
    from tastegraph.web.service.token import read_token

    token = read_token(token_file)

    def ready(address: str) -> None:
        click.echo(f"{address}\nCtrl-C ends this.")
        if open_:
            webbrowser.open(address)

    with session.graph(limits=Limits(_PATIENCE, _QUERY)) as graph:
        graph.open()
        try:
            run(graph, host=host, port=port, token=token, ready=ready, writes=allow_writes)
        except KeyboardInterrupt:
            # The way in which one ends a server.
            click.echo(err=True)
