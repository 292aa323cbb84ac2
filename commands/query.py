"""``query``, ``search`` and ``show``: the graph's queries, and looking things up by name."""

from pathlib import Path

import click

from tastegraph.commands.command import Command, command
from tastegraph.commands.completion import complete_queries
from tastegraph.commands.options import count_option
from tastegraph.commands.output import emit, emit_result, output_options, result_options
from tastegraph.commands.query_arguments import own_cypher, parameters_of
from tastegraph.commands.session import Session, pass_session


@click.group(epilog="Example: tastegraph query run friends-favourites -p userId=2")
def query() -> None:
    """List, show and run queries: ours, which paste into Neo4j Browser as they are, or yours."""


@query.command("list", cls=Command, epilog="Example: tastegraph query list")
@click.option("--all", "helpers", is_flag=True, help="Also those that the program itself asks.")
@output_options
def list_queries(helpers: bool, format_: str, output: Path | None) -> None:
    """List the queries, their parameters with an example each, and what they answer."""
    from tastegraph.api.querying import list_queries as listed

    emit(listed(helpers), format_, output)


@query.command("show", cls=Command, epilog="Example: tastegraph query show recommend")
@click.argument("name", shell_complete=complete_queries)
@click.option(
    "--parameters",
    is_flag=True,
    help="With $parameters instead of their examples, ready for a driver.",
)
@click.option(
    "--cypher-25", is_flag=True, help="For Neo4j 2026.02 and later, where the query differs."
)
def show_query(name: str, parameters: bool, cypher_25: bool) -> None:
    """Print the query NAME, ready to be pasted into Neo4j Browser."""
    from tastegraph.api.querying import show_query as shown

    click.echo(shown(name, parameters, cypher_25), nl=False)


@query.command(
    "run",
    cls=Command,
    epilog="Example: tastegraph query run 'MATCH (u:User) RETURN count(u)'",
)
@click.argument("name", metavar="NAME|FILE|CYPHER|-", shell_complete=complete_queries)
@click.option(
    "-p",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a parameter; those of a query of ours have example values otherwise. A value is "
    "written as in JSON, or is text: k=5, name=Air, ids=[2,3], id='\"42\"' for the text 42.",
)
@click.option(
    "--write/--no-write",
    default=False,
    help="Let Cypher of your own change the graph; otherwise it may only read.",
)
@result_options
@pass_session
def run_query(
    session: Session,
    name: str,
    parameters: tuple[str, ...],
    write: bool,
    format_: str,
    output: Path | None,
) -> None:
    """Run a query: one of ours by its NAME, or Cypher of your own.

    \b
    NAME    one that 'query list' shows
    FILE    a file with one query
    CYPHER  the query itself: 'MATCH (u:User) RETURN count(u)'
    -       from standard input

    What returns nodes, relationships or paths is a graph as well: -o FILE with .graphml, .gexf,
    .cyjs or .dot writes it, --format graphml or dot prints it.
    """
    own = own_cypher(name)
    given = parameters_of(name if own is None else None, parameters)
    if own is None and write:
        raise click.UsageError(f"--write is for Cypher of your own: {name} only reads.")
    with session.graph(brief=True) as graph:
        rows = (
            graph.run_query(name, **given)
            if own is None
            else graph.run_cypher(own, given, write=write)
        )
        emit_result(graph, rows, format_, output)


@command(epilog="Example: tastegraph search jazz")
@click.argument("text")
@count_option
@output_options
@pass_session
def search(session: Session, text: str, k: int, format_: str, output: Path | None) -> None:
    """Find artists, tags and users that are called like TEXT.

    \b
    kind       artist, tag or user
    id         the id in the data
    name       the name
    match      exact, same letters (without case and accents), part, or near
    listeners  of an artist; of a tag, how many artists carry it; of a user, how many listens
    """
    with session.graph(brief=True) as graph:
        rows = graph.search(text, k=k)
    emit(rows, format_, output)


@command(epilog="Example: tastegraph show user 2")
@click.argument("kind", type=click.Choice(("user", "artist", "tag")))
@click.argument("name")
@count_option
@output_options
@pass_session
def show(session: Session, kind: str, name: str, k: int, format_: str, output: Path | None) -> None:
    """Show what the graph knows of a user (by id), or of an artist or a tag (by name or id)."""
    with session.graph(brief=True) as graph:
        rows = graph.show(kind, name, k=k)
    emit(rows, format_, output)
