"""``plot``: the data and the model in pictures."""

from pathlib import Path

import click
from click.core import ParameterSource

from tastegraph.analysis.kinds import KINDS, MAPPED
from tastegraph.commands.command import Command, command
from tastegraph.commands.completion import complete_kinds
from tastegraph.commands.options import SEED, number
from tastegraph.commands.output import PICTURES, picture_file
from tastegraph.commands.session import Session, pass_session
from tastegraph.runtime.nearest_names import did_you_mean


class PlotCommand(Command):
    """Lists the kinds of pictures below the options."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the kinds, each with the options that it takes, and an example."""
        with formatter.section("Kinds"):
            formatter.write_dl([(name, _described(name)) for name in KINDS])
        super().format_epilog(ctx, formatter)


_FLAGS = {
    "artist": "--artist",
    "user": "USER_ID",
    "k": "-k",
    "clusters": "--clusters",
    "most": "--most",
    "seed": "--seed",
}


def _described(name: str) -> str:
    options = sorted(_FLAGS[each] for each in KINDS[name].options)
    return KINDS[name].shows + (f" [{' '.join(options)}]" if options else "")


def _kind(ctx: click.Context, argument: click.Parameter, value: str) -> str:
    """Refuse an unknown kind with the nearest ones."""
    if value in KINDS:
        return value
    hint = did_you_mean(value, KINDS, 3) or f": choose among {', '.join(KINDS)}"
    raise click.BadParameter(f"there is no kind {value!r}{hint}", ctx, argument)


@command(
    cls=PlotCommand,
    epilog="Example: tastegraph plot long-tail -o long-tail.png",
    renamed={"--user": "", "--artists": "--most"},
)
@click.argument("kind", callback=_kind, shell_complete=complete_kinds)
@click.argument("user_id", required=False, metavar="[USER_ID]")
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
@click.option(
    "-k",
    "--count",
    "k",
    type=number("plot.k"),
    help="How many artists, users or tags.",
)
@click.option("--clusters", type=number("clusters"), help="How many, instead of the best.")
@click.option(
    "--most",
    default=MAPPED,
    show_default=True,
    type=number("plot.most"),
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
    user_id: str | None,
    output: Path,
    artist: tuple[str, ...],
    k: int | None,
    clusters: int | None,
    most: int,
    seed: int,
) -> None:
    """Draw the picture KIND of the graph's data or of its model into FILE.

    USER_ID is whose reasons or scores are drawn. No picture needs a display. The kinds are listed
    below, each with the options that it takes.
    """
    _refuse_idle_options(ctx, kind)
    if kind == "neighbourhood" and len(artist) > 1:
        raise click.UsageError("neighbourhood is of one artist: give --artist once.")
    with session.graph() as graph:
        graph.plot(
            kind,
            output,
            artist=artist,
            user=user_id,
            k=k,
            clusters=clusters,
            most=most,
            seed=seed,
        )


def _refuse_idle_options(ctx: click.Context, kind: str) -> None:
    """Refuse an option that was typed and changes nothing in this kind of picture."""
    for name, flag in _FLAGS.items():
        parameter = "user_id" if name == "user" else name
        typed = ctx.get_parameter_source(parameter) is ParameterSource.COMMANDLINE
        if typed and name not in KINDS[kind].options and ctx.params[parameter] is not None:
            takers = [each for each in KINDS if name in KINDS[each].options]
            raise click.UsageError(f"{kind} has no use for {flag}; {', '.join(takers)} do.")
