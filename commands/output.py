"""Rows in the format that was asked for."""

import base64
import errno
import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from tastegraph.commands.print_table import records, write_table
from tastegraph.commands.session import Session
from tastegraph.commands.spreadsheet_cells import inert_cells
from tastegraph.errors import InputError
from tastegraph.runtime.line_feeds import CRLF, LineFeeds
from tastegraph.runtime.printable import printable_json
from tastegraph.runtime.whole_file import whole_file

if TYPE_CHECKING:
    import pandas as pd

    from tastegraph.api.graph import Graph

Command = TypeVar("Command", bound=Callable[..., Any])

FORMATS = ("table", "csv", "tsv", "json", "jsonl")
SUFFIXES = {".csv": "csv", ".tsv": "tsv", ".json": "json", ".jsonl": "jsonl", ".parquet": "parquet"}
PICTURES = (".png", ".svg", ".pdf")

GRAPHS = ("graphml", "dot")
GRAPH_SUFFIXES = (".graphml", ".gexf", ".cyjs", ".dot")

RAW = "tastegraph.raw"
"""Where click keeps for the length of a command that --raw was given."""


def output_options(command: Command) -> Command:
    """Add --format, --json, --raw and -o to a command that prints rows.

    It gets format_ and output; :func:`emit` knows of --raw by itself.
    """
    return format_options("--format")(output_file_option(command))


def load_output_options(command: Command) -> Command:
    """The same for a command whose --format is that of its source."""
    return format_options("--output-format")(output_file_option(command))


def output_format_option(command: Command) -> Command:
    """Add --format and --json alone; the command gets format_."""
    return format_options("--format")(command)


def result_options(command: Command) -> Command:
    """The same for a command whose rows may hold a graph, which is printed or written as one."""
    known = (*SUFFIXES, *GRAPH_SUFFIXES)
    return format_options("--format", FORMATS + GRAPHS)(_file_option(result_file, known)(command))


def format_options(flag: str, formats: tuple[str, ...] = FORMATS) -> Callable[[Command], Command]:
    """Add ``flag`` and --json; the command gets format_."""

    def add(command: Command) -> Command:
        @wraps(command)
        def either(*args: Any, json_: bool, **values: Any) -> Any:
            if json_:
                values["format_"] = "json"
            return command(*args, **values)

        formatted = click.option(
            flag,
            "format_",
            type=click.Choice(formats),
            default="table",
            show_default=True,
            help="How to print rows" + (", or the graph in them." if GRAPHS[0] in formats else "."),
        )(either)
        raw = click.option(
            "--raw",
            is_flag=True,
            expose_value=False,
            callback=_keep_raw,
            help="CSV and TSV with control characters and formulas as they are in the data.",
        )(formatted)
        short = click.option("--json", "json_", is_flag=True, help=f"The same as {flag} json.")
        return cast("Command", short(raw))

    return add


def _keep_raw(ctx: click.Context, option: click.Parameter, raw: bool) -> None:
    ctx.meta[RAW] = raw


def output_file_option(command: Command) -> Command:
    """Add -o to a command that prints rows."""
    return _file_option(rows_file, tuple(SUFFIXES))(command)


def _file_option(
    callback: Callable[[click.Context, click.Parameter, Path | None], Path | None],
    known: tuple[str, ...],
) -> Callable[[Command], Command]:
    return click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        callback=callback,
        metavar="FILE",
        help="Write to FILE instead; its suffix says how: " + ", ".join(known) + ".",
    )


def result_file(ctx: click.Context, option: click.Parameter, file: Path | None) -> Path | None:
    """Refuse a file of rows or of a graph that can't be written before the work."""
    if file is not None and file.suffix.lower() in GRAPH_SUFFIXES:
        return in_a_folder(file)
    return rows_file(ctx, option, file)


def rows_file(ctx: click.Context, option: click.Parameter, file: Path | None) -> Path | None:
    """Refuse a file that can't be written before the work rather than after it."""
    if file is not None and file.suffix.lower() not in SUFFIXES:
        raise click.BadParameter(
            f"{file} ends in no format that I write: use {', '.join(SUFFIXES)}", ctx, option
        )
    return None if file is None else in_a_folder(file)


def picture_file(ctx: click.Context, option: click.Parameter, file: Path | None) -> Path | None:
    """Refuse a picture that can't be written before the work rather than after it."""
    if file is not None and file.suffix.lower() not in PICTURES:
        raise click.BadParameter(
            f"{file} ends in no kind of picture that I draw: use {', '.join(PICTURES)}", ctx, option
        )
    return None if file is None else in_a_folder(file)


def in_a_folder(file: Path) -> Path:
    """Refuse a file that can't be written before the work: its folder is not there."""
    if not file.parent.is_dir():
        raise InputError(f"{file} can't be written: there is no folder {file.parent}. Make it")
    return file


def emit(frame: "pd.DataFrame", format_: str, output: Path | None = None) -> None:
    """Print ``frame``, or write it to ``output``: the whole file or nothing.

    In CSV and TSV a text that a spreadsheet would run stands behind an apostrophe, and control
    characters are blanks, unless the command was given --raw.
    """
    if output is None:
        _print(frame, format_)
        return
    kind = SUFFIXES[output.suffix.lower()]
    with whole_file(output) as unfinished:
        if kind == "parquet":
            _uniform(_plain(frame)).to_parquet(unfinished, index=False)
        else:
            with unfinished.open("w", encoding="utf-8", newline="") as file:
                _write(frame, kind, file)
    _note(f"{output} has {len(frame):,} rows")


def _note(text: str) -> None:
    context = click.get_current_context(silent=True)
    session = context.find_object(Session) if context else None
    if session is not None:
        session.note(text)


def _is_raw() -> bool:
    context = click.get_current_context(silent=True)
    return bool(context and context.meta.get(RAW))


def emit_result(
    graph: "Graph", frame: "pd.DataFrame", format_: str, output: Path | None = None
) -> None:
    """Print or write ``frame``, which came from ``graph``, or the graph that is in it."""
    if output is not None and output.suffix.lower() in GRAPH_SUFFIXES:
        graph.write_graph(frame, output)
    elif output is None and format_ in GRAPHS:
        from tastegraph.graph import graph_file

        text: str = getattr(graph_file, format_)(graph.as_networkx(frame))
        _printed(lambda: sys.stdout.write(text))
    else:
        emit(frame, format_, output)


def _print(frame: "pd.DataFrame", format_: str) -> None:
    _printed(lambda: _write(frame, format_, sys.stdout))


def _printed(write: Callable[[], object]) -> None:
    try:
        write()
        sys.stdout.flush()
    except OSError as error:
        # A reader that has had enough, such as head, is no error.
        if error.errno == errno.EPIPE:
            raise
        raise InputError(
            f"the rows can't be written ({error.strerror or error}): send them elsewhere"
        ) from error


def _write(frame: "pd.DataFrame", format_: str, file: Any) -> None:
    if format_ == "table":
        write_table(frame, file)
    elif format_ in ("csv", "tsv"):
        _write_separated(_plain(frame), "," if format_ == "csv" else "\t", file)
    else:
        rows = [{name: _jsonable(value) for name, value in row.items()} for row in records(frame)]
        if format_ == "json":
            file.write(_json(rows, indent=2) + "\n")
        else:
            file.writelines(_json(row) + "\n" for row in rows)


def _write_separated(frame: "pd.DataFrame", separator: str, file: Any) -> None:
    changed = 0
    if not _is_raw():
        frame, changed = inert_cells(frame)
    lines: Any = LineFeeds(file)
    frame.to_csv(lines, index=False, sep=separator, lineterminator=CRLF)
    if changed:
        cells = "1 cell holds" if changed == 1 else f"{changed:,} cells hold"
        _note(
            f"{cells} what a spreadsheet would run or a terminal obey: an apostrophe stands "
            "before it, or blanks in its place; --raw writes it as it is"
        )


def _json(value: Any, indent: int | None = None) -> str:
    return printable_json(json.dumps(value, ensure_ascii=False, indent=indent))


def _jsonable(value: Any) -> Any:
    if isinstance(value, list):
        return [_jsonable(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _jsonable(entry) for key, entry in value.items()}
    if hasattr(value, "as_dict"):
        return _jsonable(value.as_dict())
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode()
    return value.item() if hasattr(value, "item") else value


def _plain(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Lists, nodes and paths as JSON text, for formats whose cells hold one value."""
    return frame.assign(
        **{
            name: [_json(_jsonable(cell)) if _has_parts(cell) else cell for cell in frame[name]]
            for name in frame.columns
            if any(map(_has_parts, frame[name]))
        }
    )


def _has_parts(cell: Any) -> bool:
    return isinstance(cell, list | dict) or hasattr(cell, "as_dict")


def _uniform(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Columns of numbers and text as text, for a format whose columns have one type."""
    mixed: dict[str, Any] = {
        name: [None if cell is None else str(cell) for cell in frame[name]]
        for name in frame.columns
        if frame[name].dtype == object
        and any(isinstance(cell, str) for cell in frame[name])
        and not all(cell is None or isinstance(cell, str) for cell in frame[name])
    }
    return frame.assign(**mixed)
