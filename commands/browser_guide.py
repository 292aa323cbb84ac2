"""``browser-guide``: a guide, a style and saved scripts for Neo4j Browser."""

from pathlib import Path

import click

from tastegraph.commands.command import command
from tastegraph.commands.session import Session, pass_session
from tastegraph.runtime.whole_file import whole_file


@command("browser-guide", epilog="Example: tastegraph browser-guide --output for-browser")
@click.option("--serve", is_flag=True, help="Serve them to Neo4j Browser, until Ctrl-C.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port for --serve; else a free one."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write them into FOLDER, which is made when absent.",
)
@pass_session
def browser_guide(session: Session, serve: bool, port: int, output: Path | None) -> None:
    """Give Neo4j Browser a guide to the graph, colours, and the queries as saved scripts."""
    from tastegraph.graph.store.settings import Settings
    from tastegraph.web.browser_files import browser_files

    if port and not serve:
        raise click.UsageError("--port says where to serve: give --serve, too.")
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        for name, content in browser_files().items():
            with whole_file(output / name) as unfinished:
                unfinished.write_bytes(content)
            click.echo(output / name)
    if not Settings.of(session.place, session.database).is_server:
        session.note(
            f"Neo4j Browser shows a Neo4j server, and {session.place} is an embedded store: "
            "'docker compose up --wait' starts a server, 'tastegraph --store bolt://localhost:7687 "
            "demo' fills it"
        )
    if serve:
        _serve(port)
    elif output is None:
        click.echo(_HOW.format(serve=session.shell("browser-guide --serve")))


_HOW = """\
A guide to the graph, colours and captions for it, and all queries as saved scripts.

  {serve}
      serves them and says what to type in Neo4j Browser
  {serve} --port 8474
      the same, always at the same address
  tastegraph browser-guide --output FOLDER
      writes them into FOLDER: drag the .grass and the .zip file into Neo4j Browser"""


def _serve(port: int) -> None:
    from tastegraph.web.browser_files import GUIDE, browser_files
    from tastegraph.web.browser_guide import SCRIPTS, STYLE
    from tastegraph.web.file_server import FileServer

    with FileServer(browser_files, port) as server:
        click.echo(
            "Type in Neo4j Browser (http://localhost:7474 after 'docker compose up'):\n\n"
            f"  :style {server.address}/{STYLE}\n"
            f"  :play {server.address}/{GUIDE}\n\n"
            f"All queries as saved scripts: get {server.address}/{SCRIPTS}\n"
            "and drag it into Neo4j Browser. Ctrl-C ends this."
        )
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            # The way in which one ends a server.
            click.echo(err=True)
