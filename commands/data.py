"""``load``, ``generate`` and ``info``: what goes into the graph and what is there."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tastegraph.commands.options import SEED
from tastegraph.commands.output import FORMATS, emit, output_file_option, output_options
from tastegraph.commands.session import Session, pass_session

if TYPE_CHECKING:
    import pandas as pd

    from tastegraph.graph.frames import GraphFrames
    from tastegraph.loaders.transforms.known import Known

_FILE = click.Path(path_type=Path)
_SOURCES = ("auto", "hetrec", "tables")


def _least(ctx: click.Context, option: click.Parameter, text: str | None) -> tuple[int, int] | None:
    """Two whole numbers."""
    if text is None:
        return None
    numbers = [word.strip() for word in text.split(",")]
    if len(numbers) != 2 or not all(number.isdecimal() for number in numbers):
        raise click.BadParameter(f"{text!r} is not two numbers, such as 2,3", ctx, option)
    return int(numbers[0]), int(numbers[1])


@click.command(epilog="Example: tastegraph generate ./made-up && tastegraph load ./made-up")
@click.argument("path", type=_FILE)
@click.option(
    "--format",
    "formats",
    type=click.Choice([*_SOURCES, *FORMATS]),
    multiple=True,
    help="What PATH is (auto, hetrec, tables), or how to print the report; may be given twice.",
)
@click.option("--listens", type=_FILE, metavar="FILE", help="Take the listens from FILE instead.")
@click.option(
    "--without",
    type=_FILE,
    metavar="FILE",
    help="Leave out the (user, artist) pairs of FILE: their listens and their tags.",
)
@click.option(
    "--link-collaborations",
    is_flag=True,
    help="Link artists such as 'A feat. B' to the artists that they are.",
)
@click.option(
    "--prune-tags",
    metavar="USERS,ARTISTS",
    callback=_least,
    help="Only tags that so many users gave, to so many artists, such as 2,3.",
)
@click.option(
    "--on-conflict",
    type=click.Choice(["replace", "add"]),
    default="replace",
    show_default=True,
    help="Plays of a user and artist that are in the graph already: the new ones, or the sum.",
)
@click.option("--dry-run", is_flag=True, help="Only report; the graph stays as it is.")
@click.option("--replace", is_flag=True, help="Remove from the graph what is not in PATH.")
@output_file_option
@pass_session
def load(
    session: Session,
    path: Path,
    formats: tuple[str, ...],
    listens: Path | None,
    without: Path | None,
    link_collaborations: bool,
    prune_tags: tuple[int, int] | None,
    on_conflict: str,
    dry_run: bool,
    replace: bool,
    output: Path | None,
) -> None:
    """Put the users, artists, tags, listens and friendships of PATH into the graph.

    PATH is a HetRec 2011 Last.fm folder, or a folder of tables: listens with the columns user,
    artist, plays, and if you like artists, friends and tags, as .csv, .tsv or .parquet. Loading
    again changes nothing; after an interruption the same command completes the graph. What PATH
    says nothing of stays as it is: other users and artists, names, addresses, tags. Tags that are
    pruned leave a graph that has them already only with --replace.
    """
    from tastegraph.loaders.ingest.ingest import ingest
    from tastegraph.loaders.transforms.known import NOTHING, Known, known_in

    source, shape = _one_of(_SOURCES, formats), _one_of(FORMATS, formats)

    def read(known: Known) -> "GraphFrames":
        frames = _read(session, path, source, listens, without, known)
        return _transformed(frames, link_collaborations, prune_tags)

    # What is no data is refused before a store is made for it.
    frames = None if session.has_store() and not replace else read(NOTHING)
    if not dry_run or frames is None:
        with session.store() as store:
            frames = read(known_in(store)) if frames is None else frames
            _say(session, frames)
            if not dry_run:
                changes = ingest(store, frames, replace, session.progress, on_conflict == "add")
                for note in changes.notes:
                    session.note(note)
                session.note(
                    f"{changes.added:,} nodes and relationships added, {changes.changed:,} "
                    f"changed, {changes.removed:,} removed in {session.place}"
                )
    else:
        _say(session, frames)
    if dry_run:
        session.note("a dry run: the graph was not touched")
    emit(report(frames), shape, output)


def _read(
    session: Session,
    path: Path,
    source: str,
    listens: Path | None,
    without: Path | None,
    known: "Known",
) -> "GraphFrames":
    from tastegraph.errors import InputError
    from tastegraph.loaders.source import read_source

    frames = read_source(
        path, source, listens=listens, without=without, progress=session.progress, known=known
    )
    row = next(row for row in frames.report if row.kind == "listens")
    if row.read and not row.loaded:
        raise InputError(
            f"none of the {row.read:,} listens of {path} can be loaded ({row.reason}), so nothing "
            "was: see that the files belong together"
        )
    return frames


def _transformed(
    frames: "GraphFrames", link_collaborations: bool, prune_tags: tuple[int, int] | None
) -> "GraphFrames":
    from tastegraph.loaders.transforms.collaborations import link_collaborations as linked
    from tastegraph.loaders.transforms.prune_tags import prune_tags as pruned

    if prune_tags:
        frames = pruned(frames, *prune_tags)
    return linked(frames) if link_collaborations else frames


def _say(session: Session, frames: "GraphFrames") -> None:
    for note in frames.notes:
        session.note(note)


def _one_of(choices: tuple[str, ...], formats: tuple[str, ...]) -> str:
    """The one of ``choices`` that was given, or the first."""
    given = [name for name in dict.fromkeys(formats) if name in choices]
    if len(given) > 1:
        raise click.UsageError(f"--format can't be both {given[0]} and {given[1]}.")
    return given[0] if given else choices[0]


def report(frames: "GraphFrames") -> "pd.DataFrame":
    """What was read, loaded and dropped, one row a kind."""
    import dataclasses

    import pandas as pd

    columns = ["kind", "read", "loaded", "dropped", "reason"]
    return pd.DataFrame([dataclasses.asdict(row) for row in frames.report], columns=columns)


@click.command(epilog="Example: tastegraph generate ./demo-data --users 50 --artists 200 --seed 1")
@click.argument("out", type=_FILE)
@click.option(
    "--users", default=300, show_default=True, type=click.IntRange(min=1), help="How many users."
)
@click.option(
    "--artists",
    default=800,
    show_default=True,
    type=click.IntRange(min=1),
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

    Taste clusters, power-law popularity, friends of like taste, and tags that describe the
    clusters. The same numbers and seed give the same data.
    """
    from tastegraph.loaders.synthetic.generate import generate as invent
    from tastegraph.loaders.write_files import write_hetrec, write_tables

    frames = invent(users, artists, seed)
    {"hetrec": write_hetrec, "tables": write_tables}[format_](frames, out)
    session.note(
        f"{out} holds {len(frames.users):,} users, {len(frames.artists):,} artists and "
        f"{len(frames.listens):,} listens; load it with: {session.shell('load', out)}"
    )


@click.command(epilog="Example: tastegraph info --format json")
@output_options
@pass_session
def info(session: Session, format_: str, output: Path | None) -> None:
    """Count nodes and relationships, and name the model in use."""
    import pandas as pd

    from tastegraph.errors import ModelError
    from tastegraph.graph.counts import counts
    from tastegraph.models.storage.model_card import read_card

    with session.store(brief=True) as store:
        rows: list[tuple[str, object]] = list(counts(store).items())
        try:
            rows.append(("model", read_card(store).id))
        except ModelError:
            rows.append(("model", None))
    emit(pd.DataFrame(rows, columns=["kind", "count"], dtype=object), format_, output)
