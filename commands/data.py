"""``load``, ``generate``, ``info``: what goes into the graph and what is there."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tastegraph.commands.command import command
from tastegraph.commands.mapped import mapping_option, source_database_option
from tastegraph.commands.options import SEED, engine_options, number, whole_number
from tastegraph.commands.output import FORMATS, emit, load_output_options, output_options
from tastegraph.commands.session import Session, pass_session

if TYPE_CHECKING:
    from tastegraph.spark.engine import Spark

_FILE = click.Path(path_type=Path)
_SOURCES = (
    *("auto", "hetrec", "tables", "scrobbles", "spotify", "listenbrainz", "lastfm-dataset"),
    "navidrome",
)


def _least(ctx: click.Context, option: click.Parameter, text: str | None) -> tuple[int, int] | None:
    """Two whole numbers."""
    if text is None:
        return None
    match [whole_number(word.strip(), "prune_tags") for word in text.split(",")]:
        case [int(users), int(artists)]:
            return users, artists
    raise click.BadParameter(f"{text!r} is not two numbers, such as 2,3", ctx, option)


def _titles(ctx: click.Context, option: click.Parameter, text: str | None) -> dict[str, str]:
    """name=title,name=title."""
    pairs = [pair.partition("=") for pair in (text or "").split(",") if pair.strip()]
    if wrong := [pair for pair in pairs if not all(map(str.strip, pair))]:
        raise click.BadParameter(
            f"{''.join(wrong[0])!r} is not NAME=TITLE, such as user=who,artist=band", ctx, option
        )
    return {name.strip(): title.strip() for name, _, title in pairs}


class _OldFormats(click.Choice[str]):
    """The source's formats, and for a release those of the output, which had the same flag."""

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return f"[{'|'.join(_SOURCES)}]"


@command(epilog="Example: tastegraph generate ./made-up && tastegraph load ./made-up")
@click.argument("path", type=click.Path())
@click.option(
    "--format",
    "formats",
    type=_OldFormats([*_SOURCES, *FORMATS]),
    multiple=True,
    help="What PATH is; recognised unless told.",
)
@click.option("--listens", type=_FILE, metavar="FILE", help="Take the listens from FILE instead.")
@click.option(
    "--without",
    type=_FILE,
    metavar="FILE",
    help="Leave out the (user, artist) pairs of FILE: their listens and their tags.",
)
@click.option(
    "--link-collaborations/--no-link-collaborations",
    default=False,
    help="Link artists such as 'A feat. B' to the artists that they are.",
)
@click.option(
    "--prune-tags",
    metavar="USERS,ARTISTS",
    callback=_least,
    help="Only tags that so many users gave, to so many artists, such as 2,3.",
)
@click.option(
    "--columns",
    metavar="NAME=TITLE,...",
    callback=_titles,
    help="What a table calls user, artist, plays and time: user=who,artist=band,plays=count. "
    "Without plays each row counts one.",
)
@click.option("--user", metavar="ID", help="Whose history PATH is, or whose of it to take.")
@click.option(
    "--matches",
    type=_FILE,
    metavar="FILE",
    help="Which artist each name stands for (CSV): read where it is there, then written.",
)
@click.option(
    "--min-play-seconds",
    default=30.0,
    show_default=True,
    type=number("min_play_seconds"),
    help="A play of Spotify's counts from here on.",
)
@click.option(
    "--delimiter", metavar="SIGN", help="What separates cells in a table; found unless told."
)
@click.option("--encoding", metavar="NAME", help="Of a table's text; found unless told.")
@click.option(
    "--on-conflict",
    type=click.Choice(["replace", "add"]),
    default="replace",
    show_default=True,
    help="Plays of a user and artist that are in the graph already: the new ones, or the sum.",
)
@click.option(
    "--replace-user/--no-replace-user",
    default=False,
    help="Remove other listens of the users in PATH, who listen to nothing else then.",
)
@click.option(
    "--dry-run/--no-dry-run", default=False, help="Only report; the graph stays as it is."
)
@click.option(
    "--replace/--no-replace", default=False, help="Remove from the graph what is not in PATH."
)
@mapping_option
@source_database_option
@engine_options
@load_output_options
@pass_session
def load(
    session: Session,
    path: str,
    formats: tuple[str, ...],
    listens: Path | None,
    without: Path | None,
    link_collaborations: bool,
    prune_tags: tuple[int, int] | None,
    columns: dict[str, str],
    user: str | None,
    matches: Path | None,
    min_play_seconds: float,
    delimiter: str | None,
    encoding: str | None,
    on_conflict: str,
    replace_user: bool,
    dry_run: bool,
    replace: bool,
    mapping: Path | None,
    source_database: str | None,
    engine: "Spark | None",
    format_: str,
    output: Path | None,
) -> None:
    """Put the users, artists, tags, listens and friendships of PATH into the graph.

    PATH is a HetRec 2011 Last.fm folder, or a folder of tables: listens with the columns user,
    artist, plays, and if you like artists, friends and tags, as .csv, .tsv or .parquet. A history
    is recognised as well: Last.fm scrobbles as CSV, what Spotify or ListenBrainz sends (the zip as
    it is), Navidrome's database, LastFM-360K and 1K, and any table with --columns. PATH may
    also be the address of somebody else's graph (bolt://...), with a --mapping such as
    'mapping init' proposes. With --engine spark it is a folder of Parquet tables, each a file or
    a folder of files, or the address of one (s3a://...).

    Loading again changes nothing; after an interruption the same command completes the graph. What
    PATH says nothing of stays as it is: other users and artists, names, addresses, tags. Tags that
    are pruned leave a graph that has them already only with --replace.
    """
    source, shape = _one_of(_SOURCES, formats), _one_of(FORMATS, formats)
    if any(name in FORMATS for name in formats):
        session.note(
            f"--format {shape} says how to print: it is called --output-format now; the old name "
            "goes with the next release"
        )
        format_ = shape
    with session.graph() as graph:
        report = graph.load(
            path,
            format=source,
            listens=listens,
            without=without,
            link_collaborations=link_collaborations,
            prune_tags=prune_tags,
            columns=columns,
            user=user,
            matches=matches,
            min_play_seconds=min_play_seconds,
            delimiter="\t" if delimiter == "\\t" else delimiter,
            encoding=encoding,
            on_conflict=on_conflict,
            replace_user=replace_user,
            dry_run=dry_run,
            replace=replace,
            mapping=mapping,
            source_database=source_database,
            engine=engine,
        )
    emit(report, format_, output)


def _one_of(choices: tuple[str, ...], formats: tuple[str, ...]) -> str:
    """The one of ``choices`` that was given, or the first."""
    given = [name for name in dict.fromkeys(formats) if name in choices]
    if len(given) > 1:
        raise click.UsageError(f"--format can't be both {given[0]} and {given[1]}.")
    return given[0] if given else choices[0]


@command(epilog="Example: tastegraph generate ./demo-data --users 50 --artists 200 --seed 1")
@click.argument("out", type=_FILE)
@click.option(
    "--users", default=300, show_default=True, type=number("generate.users"), help="How many users."
)
@click.option(
    "--artists",
    default=800,
    show_default=True,
    type=number("generate.artists"),
    help="How many artists.",
)
@click.option(
    "--seed", default=42, show_default=True, type=SEED, help="Other seeds give other data."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["hetrec", "tables"]),
    default="hetrec",
    show_default=True,
    help="Files like HetRec 2011, or CSV tables.",
)
@pass_session
def generate(
    session: Session, out: Path, users: int, artists: int, seed: int, format_: str
) -> None:
    """Write synthetic data to the new folder OUT.

    Taste clusters, popularity as uneven as that of real artists, friends of like taste, and tags
    that describe the clusters. The same numbers and seed give the same data.
    """
    from tastegraph.api.loading import generate as write

    frames = write(
        out,
        users=users,
        artists=artists,
        seed=seed,
        format=format_,
        progress=session.progress,
    )
    session.note(
        f"{out} holds {len(frames.users):,} users, {len(frames.artists):,} artists and "
        f"{len(frames.listens):,} listens; load it with: {session.shell('load', out)}"
    )


@command(epilog="Example: tastegraph migrate")
@output_options
@pass_session
def migrate(session: Session, format_: str, output: Path | None) -> None:
    """Bring a graph of an earlier version of Tastegraph up to date; nothing in it is lost.

    Constraints and indexes that are missing are made as well, as after an import of Neo4j's own.
    """
    with session.graph() as graph:
        rows = graph.migrate()
    emit(rows, format_, output)


@command(epilog="Example: tastegraph info --format json")
@output_options
@pass_session
def info(session: Session, format_: str, output: Path | None) -> None:
    """Count nodes and relationships, and name the model in use."""
    with session.graph(brief=True) as graph:
        rows = graph.info()
    emit(rows, format_, output)
