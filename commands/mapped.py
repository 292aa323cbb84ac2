"""``mapping init``, ``write-back``: somebody else's graph."""

from pathlib import Path

import click

from tastegraph.commands.command import Command, command
from tastegraph.commands.output import emit, in_a_folder, output_options
from tastegraph.commands.session import Session, pass_session

mapping_option = click.option(
    "--mapping",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What is what in somebody else's graph (TOML).",
)

source_database_option = click.option(
    "--source-database",
    metavar="NAME",
    help="The database of somebody else's graph, if not its server's default.",
)


def _file(ctx: click.Context, option: click.Parameter, file: Path | None) -> Path | None:
    return None if file is None else in_a_folder(file)


@click.group(epilog="Example: tastegraph mapping init bolt://localhost:7687 -o mapping.toml")
def mapping() -> None:
    """Say what is what in somebody else's graph."""


@mapping.command(
    "init",
    cls=Command,
    epilog="Example: tastegraph mapping init bolt://localhost:7687 -o mapping.toml",
)
@click.argument("source", metavar="ADDRESS")
@source_database_option
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_file,
    metavar="FILE",
    help="Write to FILE instead.",
)
@pass_session
def init_mapping(
    session: Session, source: str, source_database: str | None, output: Path | None
) -> None:
    """Look at the graph at ADDRESS, and propose a mapping for 'load' and 'write-back'.

    Its labels, relationship types and properties are counted, and what looks like somebody who
    listens to something is proposed, with all else in comments. Correct it before you load. User
    name and password: TASTEGRAPH_SOURCE_USERNAME, TASTEGRAPH_SOURCE_PASSWORD.
    """
    from tastegraph.api.graph import Graph
    from tastegraph.graph.store.settings import Settings
    from tastegraph.runtime.whole_file import whole_file

    settings = Settings.of(session.place, session.database)
    with Graph(settings, progress=session.progress, note=session.note) as graph:
        text = graph.propose_mapping(source, source_database=source_database)
    if output is None:
        click.echo(text, nl=False)
        return
    with whole_file(output) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
    session.note(f"{output} is a proposal: correct it, then load {source} with --mapping")


@command(
    "write-back",
    epilog="Example: tastegraph write-back bolt://localhost:7687 --mapping mapping.toml",
)
@click.argument("source", metavar="ADDRESS")
@mapping_option
@click.option(
    "--remove", is_flag=True, help="Take out what was written, and nothing else; no --mapping."
)
@source_database_option
@output_options
@pass_session
def write_back(
    session: Session,
    source: str,
    mapping: Path | None,
    remove: bool,
    source_database: str | None,
    format_: str,
    output: Path | None,
) -> None:
    """Write vectors and recommendations into the graph at ADDRESS, which a mapping has loaded.

    What is written the section [write] of the mapping says: a property for the vectors of users
    and artists, and relationships {rank, score, model}. A second run leaves the same graph, an
    interrupted one is completed by the next. User name and password: TASTEGRAPH_SOURCE_USERNAME,
    TASTEGRAPH_SOURCE_PASSWORD.

    \b
    kind     what it is
    written  how many there are now
    removed  how many went, since the model does not know them any more
    """
    with session.graph(reached=not remove) as graph:
        rows = graph.write_back(
            source, mapping=mapping, remove=remove, source_database=source_database
        )
    emit(rows, format_, output)
