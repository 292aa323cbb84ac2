"""``models``: the last few models, to list, to use again and to remove."""

from pathlib import Path

import click

from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session


@click.group(epilog="Example: tastegraph models list")
def models() -> None:
    """List, use again and remove the models that 'train --keep' has kept."""


@models.command("list", epilog="Example: tastegraph models list")
@output_options
@pass_session
def list_kept(session: Session, format_: str, output: Path | None) -> None:
    """List the models that are kept, the last trained first."""
    from tastegraph.models.storage.versions import list_models

    with session.store(brief=True) as store:
        kept = list_models(store)
    if kept.empty:
        session.note("no model is kept: 'tastegraph train' keeps each that it learns")
    emit(kept, format_, output)


@models.command("use", epilog="Example: tastegraph models use 1")
@click.argument("model")
@pass_session
def use(session: Session, model: str) -> None:
    """Go back to MODEL as it was trained; it takes the place of the current one.

    MODEL is its id, or its place in 'models list'. What has changed in the graph since its
    training waits for 'update'.
    """
    from tastegraph.models.storage.model_card import read_card
    from tastegraph.models.storage.versions import use_model

    with session.store() as store:
        used, notes = use_model(store, model, session.progress)
        session.note(f"{used} is in use")
        for note in notes:
            session.note(note)
        session.say_if_stale(store, read_card(store))


@models.command(
    "remove", epilog="Example: tastegraph train --dimensions 64 && tastegraph models remove 2"
)
@click.argument("model")
@pass_session
def remove(session: Session, model: str) -> None:
    """Remove MODEL, named by id or place, which must not be the one in use."""
    from tastegraph.models.storage.versions import remove_model

    with session.store(brief=True) as store:
        removed = remove_model(store, model)
    session.note(f"{removed} is removed")
