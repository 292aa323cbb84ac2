"""``export``: the whole graph as tables."""

from pathlib import Path

import click

from tastegraph.commands.command import command
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session


@command(epilog="Example: tastegraph export ./tables --csv && tastegraph load ./tables")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--csv/--no-csv", default=False, help="CSV instead of Parquet.")
@click.option(
    "--neo4j-import/--no-neo4j-import",
    default=False,
    help="Not tables: the files that neo4j-admin database import full reads.",
)
@click.option("--force/--no-force", default=False, help="Replace an export that DIR holds already.")
@output_options
@pass_session
def export(
    session: Session,
    folder: Path,
    csv: bool,
    neo4j_import: bool,
    force: bool,
    format_: str,
    output: Path | None,
) -> None:
    """Write the whole graph to the new folder DIR, as the tables that load reads.

    Users, artists, listens, friendships, tag assignments and what people have hidden or put on
    nodes: loading DIR into an empty store gives the same graph, and the same model where DIR is
    Parquet. With --neo4j-import DIR has all of the graph, models too, for
    a Neo4j server, and a note says what to run there. DIR appears complete or not at all.

    \b
    table  its name, or a label or type
    rows   how many it has
    file   where it is in DIR
    """
    with session.graph() as graph:
        rows = graph.export(folder, csv=csv, neo4j_import=neo4j_import, force=force)
    emit(rows, format_, output)
