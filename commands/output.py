"""Rows in the format that was asked for."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    import pandas as pd

Command = TypeVar("Command", bound=Callable[..., Any])

FORMATS = ("table", "csv", "tsv", "json", "jsonl")
SUFFIXES = {".csv": "csv", ".tsv": "tsv", ".json": "json", ".jsonl": "jsonl", ".parquet": "parquet"}


def output_options(command: Command) -> Command:
    """Add --format and -o to a command that prints rows."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="How to print rows.",
    )(output_file_option(command))


def output_file_option(command: Command) -> Command:
    """Add -o to a command that prints rows."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        callback=_known_suffix,
        metavar="FILE",
        help="Write to FILE instead; its suffix says how: " + ", ".join(SUFFIXES) + ".",
    )(command)


def _known_suffix(ctx: click.Context, option: click.Parameter, file: Path | None) -> Path | None:
    if file is not None and file.suffix.lower() not in SUFFIXES:
        raise click.BadParameter(
            f"{file} ends in no format that I write: use {', '.join(SUFFIXES)}", ctx, option
        )
    return file


def emit(frame: "pd.DataFrame", format_: str, output: Path | None = None) -> None:
    """Print ``frame``, or write it to ``output``: the whole file or nothing."""
    if output is None:
        _write(frame, format_, sys.stdout)
        return
    from graph.errors import InputError

    kind = SUFFIXES[output.suffix.lower()]
    unfinished = output.with_name(output.name + ".unfinished")
    try:
        if kind == "parquet":
            _plain(frame).to_parquet(unfinished, index=False)
        else:
            with unfinished.open("w", encoding="utf-8", newline="") as file:
                _write(frame, kind, file)
        unfinished.replace(output)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise InputError(
            f"{output} can't be written ({error.strerror or error}): give -o another file"
        ) from error


def _write(frame: "pd.DataFrame", format_: str, file: Any) -> None:
    if format_ == "table":
        _write_table(frame, file)
    elif format_ in ("csv", "tsv"):
        separator = "," if format_ == "csv" else "\t"
        _plain(frame).to_csv(file, index=False, sep=separator, lineterminator="\n")
    else:
        rows = [{name: _jsonable(value) for name, value in row.items()} for row in _records(frame)]
        if format_ == "json":
            file.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
        else:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _records(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [dict(zip(frame.columns, row, strict=True)) for row in plain.itertuples(index=False)]


def _jsonable(value: Any) -> Any:
    if isinstance(value, list):
        return [_jsonable(entry) for entry in value]
    if hasattr(value, "as_dict"):
        return value.as_dict()
    return value.item() if hasattr(value, "item") else value


def _plain(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Lists as JSON text, for formats whose cells hold one value."""
    return frame.assign(
        **{
            name: [json.dumps(_jsonable(cell), ensure_ascii=False) for cell in frame[name]]
            for name in frame.columns
            if any(isinstance(cell, list) for cell in frame[name])
        }
    )


def _write_table(frame: "pd.DataFrame", file: Any) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in frame.columns:
        numeric = all(isinstance(cell, int | float) for cell in frame[name]) and len(frame) > 0
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in _records(frame):
        table.add_row(*(Text(_cell(value)) for value in row.values()))
    # A pipe has no width: lines stay whole there.
    width = None if file.isatty() else 10_000
    Console(file=file, width=width, soft_wrap=False, highlight=False).print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}"
    # A list of reasons says itself in words.
    if type(value) is list:
        return ", ".join(map(_cell, value))
    return str(value)
