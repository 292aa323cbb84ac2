"""``analyse`` and ``report``: what is in the graph, in figures and on one page."""

from pathlib import Path

import click

from tastegraph.commands.command import command
from tastegraph.commands.options import SEED, count_option
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


@command(epilog="Example: tastegraph analyse --section artists -k 5")
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

    -k is the length of the lists of top artists, users and tags. One row a figure:

    \b
    section  which part of the data
    figure   what was counted or measured
    of       the artist, user, tag, scaling or cluster it is about; empty for all
    value    the number; a count is a whole one
    text     what is no number

    A section whose data are not in the graph says so on stderr, and the others come all the same.
    """
    with session.graph() as graph:
        rows = graph.analyse(sections, k=k)
    emit(rows, format_, output)


@command(epilog="Example: tastegraph report ./report", renamed={"--user": ""})
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.argument("user_id", required=False, metavar="[USER_ID]")
@click.option(
    "--artist", metavar="NAME", help="Whose neighbourhood is drawn; the most heard artist's else."
)
@click.option(
    "--seed", default=0, show_default=True, type=SEED, help="The same seed draws the same."
)
@pass_session
def report(
    session: Session, folder: Path, user_id: str | None, artist: str | None, seed: int
) -> None:
    """Write all figures and pictures to DIR/index.html, one page that needs no other file.

    DIR is made if it is not there. Reasons and scores are USER_ID's, the first user's else. What
    the graph has no data for is said on the page.
    """
    with session.graph() as graph:
        graph.report(folder, artist=artist, user=user_id, seed=seed)
