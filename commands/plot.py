"""``plot``: the data and the model in pictures."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from tastegraph.analysis.kinds import KINDS, MAPPED
from tastegraph.commands.options import SEED
from tastegraph.commands.output import PICTURES, picture_file
from tastegraph.commands.session import Session, pass_session

if TYPE_CHECKING:
    from tastegraph.analysis.kinds import Wish
    from tastegraph.graph.store.graph_store import GraphStore

# What is longer than a page of a list holds, and more points than a map shows apart.
_LONGEST, _MOST = 50, 20_000


class PlotCommand(click.Command):
    """Lists the kinds of pictures below the options."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the kinds, each with the options that it takes, and an example."""
        with formatter.section("Kinds"):
            formatter.write_dl([(name, _described(name)) for name in KINDS])
        super().format_epilog(ctx, formatter)


def _described(name: str) -> str:
    options = sorted(f"-{each}" if len(each) == 1 else f"--{each}" for each in KINDS[name].options)
    return KINDS[name].shows + (f" [{' '.join(options)}]" if options else "")


def _kind(ctx: click.Context, argument: click.Parameter, value: str) -> str:
    """Refuse an unknown kind with the nearest ones."""
    from difflib import get_close_matches

    if value in KINDS:
        return value
    near = get_close_matches(value, KINDS, n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(near)}?" if near else f"choose among {', '.join(KINDS)}"
    raise click.BadParameter(f"there is no kind {value!r}: {hint}", ctx, argument)


@click.command(cls=PlotCommand, epilog="Example: tastegraph plot long-tail -o long-tail.png")
@click.argument("kind", callback=_kind)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    callback=picture_file,
    metavar="FILE",
    help="The picture; its suffix says how it is written: " + ", ".join(PICTURES) + ".",
)
@click.option(
    "--artist",
    multiple=True,
    metavar="NAME",
    help="Name this artist in the picture, or draw its neighbourhood; a name, a part or an id.",
)
@click.option("--user", metavar="USER_ID", help="Whose reasons or scores.")
@click.option("-k", type=click.IntRange(1, _LONGEST), help="How many artists, users or tags.")
@click.option("--clusters", type=click.IntRange(2, 20), help="How many, instead of the best.")
@click.option(
    "--artists",
    default=MAPPED,
    show_default=True,
    type=click.IntRange(5, _MOST),
    help="How many of the most heard artists are on a map.",
)
@click.option(
    "--seed", default=0, show_default=True, type=SEED, help="The same seed draws the same."
)
@click.pass_context
@pass_session
def plot(
    session: Session,
    ctx: click.Context,
    kind: str,
    output: Path,
    artist: tuple[str, ...],
    user: str | None,
    k: int | None,
    clusters: int | None,
    artists: int,
    seed: int,
) -> None:
    """Draw the picture KIND of the graph's data or of its model into FILE.

    No picture needs a display. The kinds are listed below, each with the options that it takes.
    """
    _refuse_idle_options(ctx, kind)
    if kind == "neighbourhood" and len(artist) > 1:
        raise click.UsageError("neighbourhood is of one artist: give --artist once.")
    from tastegraph.analysis.drawing import draw
    from tastegraph.analysis.kinds import Wish
    from tastegraph.analysis.pictures.fonts import in_words, unseen
    from tastegraph.analysis.pictures.style import save
    from tastegraph.analysis.source import Source

    with session.store() as store:
        wish = _named(session, store, Wish((), None, k, clusters, artists, seed), artist, user)
        figure = draw(Source(store, session.progress), kind, wish)
    save(figure, output)
    if letters := unseen(figure):
        session.note(in_words(letters))
    session.note(f"{output} shows {KINDS[kind].shows}")


def _refuse_idle_options(ctx: click.Context, kind: str) -> None:
    """Refuse an option that was typed and changes nothing in this kind of picture."""
    for name in ("artist", "user", "k", "clusters", "artists", "seed"):
        typed = ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if typed and name not in KINDS[kind].options:
            takers = [each for each in KINDS if name in KINDS[each].options]
            flag = f"-{name}" if len(name) == 1 else f"--{name}"
            raise click.UsageError(f"{kind} has no use for {flag}; {', '.join(takers)} do.")


def _named(
    session: Session, store: "GraphStore", wish: "Wish", artist: tuple[str, ...], user: str | None
) -> "Wish":
    """``wish`` with the ids of the artists and the user that were named."""
    from dataclasses import replace

    from tastegraph.graph.lookup import find_artist, find_user

    ids = []
    for name in artist:
        found = find_artist(store, name)
        session.say_choice(name, found)
        ids.append(found.id)
    return replace(
        wish,
        artists=tuple(dict.fromkeys(ids)),
        user=None if user is None else find_user(store, user),
    )
