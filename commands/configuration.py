"""``tastegraph.toml``: defaults for options, under the names that people type."""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
import tomlkit

from tastegraph.errors import InputError
from tastegraph.runtime.whole_file import whole_file

CONFIG = Path("tastegraph.toml")


def read_configuration() -> dict[str, Any]:
    """What the file in the current folder says; nothing where there is none."""
    if not CONFIG.is_file():
        return {}
    try:
        return tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputError(
            f"{CONFIG} in this folder can't be read ({error}): correct it or move it away"
        ) from error


def save_defaults(command: str, values: Mapping[str, Any]) -> None:
    """Make ``values`` defaults of ``command``; everything else in the file stays as written.

    InputError where the file can't be read or written.
    """
    read_configuration()
    document = tomlkit.parse(CONFIG.read_text(encoding="utf-8") if CONFIG.is_file() else "")
    document.setdefault(command, tomlkit.table()).update(values)
    with whole_file(CONFIG, "go to a folder that can") as unfinished:
        unfinished.write_text(tomlkit.dumps(document), encoding="utf-8")


def option_defaults(command: click.Command, given: object, section: str = "") -> dict[str, Any]:
    """``given`` options of ``command`` as click's ``default_map``, which knows parameters.

    ``section`` is the command's name. Raises InputError for what is no option, or no table.
    """
    if not isinstance(given, dict):
        raise InputError(f"{CONFIG}: {section} is a command: set its options below [{section}]")
    inner = command.commands if isinstance(command, click.Group) else {}
    options = _options(command)
    defaults: dict[str, Any] = {}
    for name, value in given.items():
        place = f"{section}.{name}" if section else name
        option = options.get(name.replace("-", "_"))
        if name in inner:
            defaults[name] = option_defaults(inner[name], value, place)
        elif option is None or option.name is None:
            raise InputError(f"{CONFIG}: {place} is no option{_near(name, [*options, *inner])}")
        else:
            defaults[option.name] = _value(option, value, place)
    return defaults


def _options(command: click.Command) -> dict[str, click.Option]:
    return {
        flag.lstrip("-").replace("-", "_"): option
        for option in command.params
        if isinstance(option, click.Option) and option.expose_value
        for flag in option.opts
    }


def _value(option: click.Option, value: object, place: str) -> object:
    """The value as it would be typed, so that click checks it as it checks what is typed."""
    if option.multiple:
        return [str(entry) for entry in (value if isinstance(value, list) else [value])]
    if isinstance(value, dict | list):
        raise InputError(f"{CONFIG}: {place} takes one value")
    return value if option.is_flag and isinstance(value, bool) else str(value)


def _near(name: str, known: list[str]) -> str:
    near = get_close_matches(name.replace("-", "_"), known, n=1)
    if near:
        return f": did you mean {near[0].replace('_', '-')}?"
    return f": known are {', '.join(each.replace('_', '-') for each in known)}"
