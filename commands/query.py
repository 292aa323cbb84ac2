"""``query``, ``search`` and ``show``: the graph's queries, and looking things up by name."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tastegraph.commands.command import Command, command
from tastegraph.commands.completion import complete_queries
from tastegraph.commands.options import count_option
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session
from tastegraph.errors import InputError


@click.group(epilog="Example: tastegraph query run friends-favourites -p userId=2")
def query() -> None:
    """List, show and run the graph queries, which paste into Neo4j Browser as they are."""


@query.command("list", cls=Command, epilog="Example: tastegraph query list")
@click.option("--all", "helpers", is_flag=True, help="Also those that the program itself asks.")
@output_options
def list_queries(helpers: bool, format_: str, output: Path | None) -> None:
    """List the queries, their parameters with an example each, and what they answer."""
    from tastegraph.api.querying import list_queries as listed

    emit(listed(helpers), format_, output)


@query.command("show", cls=Command, epilog="Example: tastegraph query show recommend")
@click.argument("name", shell_complete=complete_queries)
def show_query(name: str) -> None:
    """Print the query NAME, ready to be pasted into Neo4j Browser."""
    from tastegraph.api.querying import show_query as shown

    click.echo(shown(name), nl=False)


@query.command("run", cls=Command, epilog="Example: tastegraph query run top-artists -p k=5")
@click.argument("name", shell_complete=complete_queries)
@click.option(
    "-p",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a parameter; the others have their example values. Numbers, lists, true and null "
    "are written as in JSON, anything else is text.",
)
@output_options
@pass_session
def run_query(
    session: Session, name: str, parameters: tuple[str, ...], format_: str, output: Path | None
) -> None:
    """Run the query NAME."""
    from tastegraph.api.querying import query_examples

    examples = query_examples(name)
    given = dict(_assignment(text, examples) for text in parameters)
    with session.graph(brief=True) as graph:
        rows = graph.run_query(name, **given)
    emit(rows, format_, output)


def _assignment(text: str, examples: Mapping[str, Any]) -> tuple[str, Any]:
    """A parameter and its value; where text is wanted, NA, null and 311 are text."""
    name, sign, value = text.partition("=")
    if not sign or not name or not value:
        raise click.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="-p")
    try:
        parsed = json.loads(value)
    except ValueError:
        return name, value
    except RecursionError:
        example = json.dumps(examples.get(name), ensure_ascii=False)
        raise InputError(
            f"what is given for {name} is nested too deeply: give it as in {name}={example}"
        ) from None
    if name.endswith("Id"):
        is_kept = isinstance(parsed, str | list | dict) or str(parsed) == value
        return name, parsed if is_kept else value
    is_number = parsed is None or isinstance(parsed, int | float)
    return name, value if is_number and isinstance(examples.get(name), str) else parsed


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
