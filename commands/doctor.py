"""``doctor``: is everything as it should be, and if not, what mends it."""

import sys
from pathlib import Path

import click

from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session


@click.command(epilog="Example: tastegraph doctor")
@output_options
@pass_session
def doctor(session: Session, format_: str, output: Path | None) -> None:
    """Check the store, the data and the model; exit code 1 if there is a problem."""
    import dataclasses

    import pandas as pd

    from tastegraph.errors import NotFoundError, StoreError
    from tastegraph.graph.health import OK, PROBLEM, Finding, check_store
    from tastegraph.models.serving.model_health import check_model

    try:
        with session.store(brief=True) as store:
            reached = Finding("reachable", OK, "it answers")
            place, *rest = check_store(store)
            findings = [place, reached, *rest, *check_model(store)]
    except (StoreError, NotFoundError) as error:
        findings = [Finding("store", OK, session.place), Finding("reachable", PROBLEM, str(error))]
    emit(pd.DataFrame([dataclasses.asdict(found) for found in findings]), format_, output)
    if any(found.status == PROBLEM for found in findings):
        sys.exit(1)
