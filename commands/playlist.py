"""-o of commands that recommend: a table of rows, or a playlist."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

import click

from tastegraph.commands.output import SUFFIXES, format_options, in_a_folder
from tastegraph.runtime.playlist_file import PLAYLISTS

Command = TypeVar("Command", bound=Callable[..., Any])


def recommendation_output_options(command: Command) -> Command:
    """Add --format, --json and -o, which takes playlists as well (``is_playlist``)."""
    to_file = click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        callback=_rows_or_playlist_file,
        metavar="FILE",
        help="Write to FILE instead; its suffix says how: as rows "
        f"({', '.join(SUFFIXES)}), or as a playlist with reasons ({', '.join(PLAYLISTS)}).",
    )
    return format_options("--format")(to_file(command))


def _rows_or_playlist_file(
    ctx: click.Context, option: click.Parameter, file: Path | None
) -> Path | None:
    """Refuse a file that can't be written before the work rather than after it."""
    if file is None:
        return None
    if file.suffix.lower() not in (*SUFFIXES, *PLAYLISTS):
        known = ", ".join((*SUFFIXES, *PLAYLISTS))
        raise click.BadParameter(f"{file} ends in no format that I write: use {known}", ctx, option)
    return in_a_folder(file)


def is_playlist(file: Path | None) -> TypeGuard[Path]:
    """Whether ``file`` is to be a playlist."""
    return file is not None and file.suffix.lower() in PLAYLISTS
