"""``doctor``: is everything as it should be, and if not, what mends it."""

import sys
from pathlib import Path

from tastegraph.commands.command import command
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session


@command(epilog="Example: tastegraph doctor")
@output_options
@pass_session
def doctor(session: Session, format_: str, output: Path | None) -> None:
    """Check the store, the data and the model; exit code 1 if there is a problem."""
    from tastegraph.graph.health import PROBLEM

    with session.graph(brief=True, reached=False) as graph:
        findings = graph.doctor()
    findings["detail"] = findings["detail"].map(session.hints)
    emit(findings, format_, output)
    if (findings["status"] == PROBLEM).any():
        sys.exit(1)
