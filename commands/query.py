"""``query``: the graph's queries, to list, to read and to run."""

import json
from pathlib import Path
from typing import Any

import click

from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session


@click.group(epilog="Example: tastegraph query run friends-favourites -p userId=2")
def query() -> None:
    """List, show and run the graph queries, which paste into Neo4j Browser as they are."""


@query.command("list", epilog="Example: tastegraph query list")
@output_options
def list_queries(format_: str, output: Path | None) -> None:
    """List the queries, their parameters with an example each, and what they answer."""
    import pandas as pd

    from tastegraph.graph.query_files import query as named
    from tastegraph.graph.query_files import query_names

    rows = [
        {
            "name": name,
            "parameters": " ".join(
                f"{parameter}={json.dumps(value, ensure_ascii=False)}"
                for parameter, value in named(name).examples.items()
            ),
            "answers": named(name).answers,
        }
        for name in query_names()
    ]
    emit(pd.DataFrame(rows), format_, output)


@query.command("show", epilog="Example: tastegraph query show recommend")
@click.argument("name")
def show_query(name: str) -> None:
    """Print the query NAME, ready to be pasted into Neo4j Browser."""
    from tastegraph.graph.query_files import query as named

    click.echo(named(name).text, nl=False)


@query.command("run", epilog="Example: tastegraph query run top-artists -p k=5")
@click.argument("name")
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
    import pandas as pd

    from tastegraph.graph.query_files import bind
    from tastegraph.graph.query_files import query as named
    from tastegraph.graph.run_query import answer

    asked = named(name)
    given = dict(_assignment(text, asked.examples) for text in parameters)
    # Wrong parameters are said before a store is opened, or made.
    bind(asked, given)
    with session.store(brief=True) as store:
        found = answer(store, asked, given)
    if found.nothing:
        session.note(found.nothing)
    emit(pd.DataFrame(found.rows, columns=found.columns, dtype=object), format_, output)


def _assignment(text: str, examples: dict[str, Any]) -> tuple[str, Any]:
    """A parameter and its value; where text is wanted, NA, null and 311 are text."""
    name, sign, value = text.partition("=")
    if not sign or not name or not value:
        raise click.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="-p")
    try:
        parsed = json.loads(value)
    except (ValueError, RecursionError):
        return name, value
    is_number = isinstance(parsed, int | float) or parsed is None
    if name.endswith("Id"):
        return name, parsed if isinstance(parsed, str) or str(parsed) == value else value
    return name, value if is_number and isinstance(examples.get(name), str) else parsed
