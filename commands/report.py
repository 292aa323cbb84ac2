"""``report``: figures and pictures as one page."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tastegraph.commands.options import SEED
from tastegraph.commands.session import Session, pass_session

if TYPE_CHECKING:
    from tastegraph.graph.frames import Id

PAGE = "index.html"


@click.command(epilog="Example: tastegraph report ./report")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--artist", metavar="NAME", help="Whose neighbourhood is drawn; the most heard artist's else."
)
@click.option("--user", metavar="USER_ID", help="Whose reasons and scores; the first user's else.")
@click.option(
    "--seed", default=0, show_default=True, type=SEED, help="The same seed draws the same."
)
@pass_session
def report(session: Session, folder: Path, artist: str | None, user: str | None, seed: int) -> None:
    """Write all figures and pictures to DIR/index.html, one page that needs no other file.

    DIR is made if it is not there. What the graph has no data for is said on the page.
    """
    from tastegraph.analysis.kinds import Wish
    from tastegraph.analysis.report import page
    from tastegraph.analysis.source import Source
    from tastegraph.graph.lookup import find_artist, find_user
    from tastegraph.runtime.whole_file import whole_file

    file = _prepared(folder)
    with session.store() as store:
        artists: tuple[Id, ...] = ()
        if artist is not None:
            found = find_artist(store, artist)
            session.say_choice(artist, found)
            artists = (found.id,)
        wish = Wish(artists, None if user is None else find_user(store, user), seed=seed)
        text = page(Source(store, session.progress), wish, session.note)
    with whole_file(file) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
    session.note(f"{file} has all of it: open it in a browser, or send it")


def _prepared(folder: Path) -> Path:
    """Where the page goes; refuses a folder that can't be written before the work."""
    from tastegraph.errors import InputError

    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / (PAGE + ".unfinished")
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise InputError(
            f"{folder} can't be written ({error.strerror or error}): name another folder"
        ) from error
    return folder / PAGE
