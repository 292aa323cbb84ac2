"""``tastegraph.toml``: defaults for options, under the names that people type.

store = "bolt://localhost:7687"      # a folder is seen from the file's own
format = "json"                      # how all commands print rows
[recommend]                          # options of one command
k = 20
[algorithms.als]                     # settings of one algorithm, for train
reg = 0.1
"""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import tomlkit

from tastegraph.errors import InputError
from tastegraph.runtime.nearest_names import did_you_mean
from tastegraph.runtime.whole_file import whole_file

NAME = "tastegraph.toml"

ALGORITHMS = "algorithms"
"""The table of tables of settings."""


def find_configuration(here: Path | None = None) -> Path | None:
    """The file in the current folder, or in the nearest one above it."""
    start = (here or Path.cwd()).resolve()
    files = (folder / NAME for folder in (start, *start.parents))
    return next((file for file in files if file.is_file()), None)


def read_configuration(file: Path | None) -> dict[str, Any]:
    """What ``file`` says, nothing for None. InputError where it can't be read."""
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError) as error:
        raise InputError(f"{file} can't be read ({error}): correct it or move it away") from error


def saved_settings(algorithm: str) -> dict[str, str]:
    """Settings of ``algorithm`` that the file has, as text. InputError for a table that is none."""
    file = find_configuration()
    tables = _table(read_configuration(file), ALGORITHMS, file)
    given = _table(tables, algorithm, file)
    return {name: _text(value, f"{ALGORITHMS}.{algorithm}.{name}") for name, value in given.items()}


def place_for_settings(algorithm: str) -> Path:
    """The file that is to keep settings of ``algorithm``, whether or not it is there yet.

    InputError where it can't be read, or has something else in their place.
    """
    file = find_configuration() or Path(NAME)
    given = read_configuration(file if file.is_file() else None)
    _table(given, "train", file)
    _table(_table(given, ALGORITHMS, file), algorithm, file)
    return file


def save_settings(algorithm: str, assignments: Sequence[str]) -> Path:
    """Make ``assignments`` (name=value) the settings of ``algorithm``, and it train's default.

    Everything else in the file, which is made where there is none, stays as written; gives the
    file. InputError where it can't be read or written, or has something else in that place.
    """
    file = place_for_settings(algorithm)
    document = tomlkit.parse(file.read_text(encoding="utf-8") if file.is_file() else "")
    document.setdefault("train", tomlkit.table())["algorithm"] = algorithm
    tables = document.setdefault(ALGORITHMS, tomlkit.table(is_super_table=True))
    tables[algorithm] = _written(assignments)
    with whole_file(file, "go to a folder that can") as unfinished:
        unfinished.write_text(tomlkit.dumps(document), encoding="utf-8")
    return file


def _written(assignments: Sequence[str]) -> Any:
    table = tomlkit.table()
    for name, _, value in (each.partition("=") for each in assignments):
        try:
            table[name] = int(value)
        except ValueError:
            table[name] = float(value)
    return table


def _table(values: Mapping[str, Any], name: str, file: Path | None) -> dict[str, Any]:
    table = values.get(name, {})
    if not isinstance(table, dict):
        raise InputError(
            f"{file}: {name} is to be a table: write what belongs to it below [{name}]"
        )
    return table


def option_defaults(command: click.Command, given: object, section: str = "") -> dict[str, Any]:
    """``given`` options of ``command`` as click's ``default_map``, which knows parameters.

    ``section`` is the command's name. Raises InputError for what is no option, or no table.
    """
    if not isinstance(given, dict):
        raise InputError(f"{NAME}: {section} is a command: set its options below [{section}]")
    inner = command.commands if isinstance(command, click.Group) else {}
    options = _options(command)
    defaults: dict[str, Any] = {}
    for name, value in given.items():
        place = f"{section}.{name}" if section else name
        option = options.get(name.replace("-", "_"))
        if name in inner:
            defaults[name] = option_defaults(inner[name], value, place)
        elif option is None or option.name is None:
            raise InputError(f"{NAME}: {place} is no option{_near(name, [*options, *inner])}")
        else:
            defaults[option.name] = _value(option, value, place)
    return defaults


def _options(command: click.Command) -> dict[str, click.Option]:
    """Options by every name that they have, and by the old ones of a release ago."""
    options = {
        flag.lstrip("-").replace("-", "_"): option
        for option in command.params
        if isinstance(option, click.Option) and option.expose_value
        for flag in option.opts
    }
    renamed: Mapping[str, str] = getattr(command, "renamed", {})
    old = {
        flag.lstrip("-").replace("-", "_"): options[new.lstrip("-").replace("-", "_")]
        for flag, new in renamed.items()
        if new.lstrip("-").replace("-", "_") in options
    }
    return options | {name: option for name, option in old.items() if name not in options}


def _value(option: click.Option, value: object, place: str) -> object:
    """The value as it would be typed, so that click checks it as it checks what is typed."""
    if option.multiple:
        return [_text(entry, place) for entry in (value if isinstance(value, list) else [value])]
    if isinstance(value, dict | list):
        raise InputError(f"{NAME}: {place} takes one value")
    return value if option.is_flag and isinstance(value, bool) else _text(value, place)


def _text(value: object, place: str) -> str:
    try:
        return str(value)
    # Hexadecimal numbers may have more digits than Python writes, arrays more levels.
    except (ValueError, RecursionError) as error:
        raise InputError(f"{NAME}: {place} is no value that anything takes ({error})") from error


def _near(name: str, known: list[str]) -> str:
    shown = [each.replace("_", "-") for each in known]
    return did_you_mean(name.replace("_", "-"), shown) or f": known are {', '.join(shown)}"
