"""``models``: the last few models, to list, to use again and to remove."""

from pathlib import Path

import click

from tastegraph.commands.command import Command
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session


@click.group(epilog="Example: tastegraph models list")
def models() -> None:
    """List, use again and remove the models that 'train --keep' has kept."""


@models.command("list", cls=Command, epilog="Example: tastegraph models list")
@output_options
@pass_session
def list_kept(session: Session, format_: str, output: Path | None) -> None:
    """List the models that are kept, the last trained first."""
    with session.graph(brief=True) as graph:
        kept = graph.list_models()
    emit(kept, format_, output)


@models.command("use", cls=Command, epilog="Example: tastegraph models use 1")
@click.argument("model")
@pass_session
def use(session: Session, model: str) -> None:
    """Go back to MODEL as it was trained; it takes the place of the current one.

    MODEL is its id, or its place in 'models list'. What has changed in the graph since its
    training waits for 'update'.
    """
    with session.graph() as graph:
        graph.use_model(model)


@models.command(
    "remove",
    cls=Command,
    epilog="Example: tastegraph train --dimensions 64 && tastegraph models remove 2",
)
@click.argument("model")
@pass_session
def remove(session: Session, model: str) -> None:
    """Remove MODEL, named by id or place, which must not be the one in use."""
    with session.graph(brief=True) as graph:
        graph.remove_model(model)
