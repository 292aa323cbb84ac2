"""``analyse``: what is in the graph, in figures."""

from pathlib import Path

import click

from tastegraph.commands.options import count_option
from tastegraph.commands.output import emit, output_options
from tastegraph.commands.session import Session, pass_session

SECTIONS = (
    "matrix",
    "plays",
    "artists",
    "users",
    "popularity",
    "tags",
    "tag-clusters",
    "friends",
    "gaps",
    "model",
)


@click.command(epilog="Example: tastegraph analyse --section artists -k 5")
@click.option(
    "--section",
    "sections",
    multiple=True,
    type=click.Choice(SECTIONS),
    help="Only this section; may be given several times.",
)
@count_option
@output_options
@pass_session
def analyse(
    session: Session, sections: tuple[str, ...], k: int, format_: str, output: Path | None
) -> None:
    """Say what is in the graph: plays, listeners, tags, friendships, what is missing, the model.

    -k is the length of the lists of top artists, users and tags. A section whose data are not
    in the graph says so on stderr, and the others come all the same.
    """
    from tastegraph.analysis.sections import analyse as run
    from tastegraph.analysis.source import Source

    with session.store() as store:
        frame = run(Source(store, session.progress), sections, k, session.note)
    emit(frame, format_, output)
