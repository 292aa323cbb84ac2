"""What ``query run`` and the shell are given: a query's name or text, and its parameters."""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from tastegraph.errors import InputError, NotFoundError
from tastegraph.graph.query_files import query, query_names

# What a name is not: Cypher has blanks or brackets.
_SIGNS_OF_CYPHER = (" ", "\n", "\t", "(")


def own_cypher(name: str) -> str | None:
    """The Cypher that ``name`` is or leads to; None where it is a query of ours.

    NotFoundError where it is neither of these, nor a file; InputError for a file that can't be
    read.
    """
    if name in query_names():
        return None
    if name == "-":
        return sys.stdin.read()
    if _is_file(name):
        return _read(Path(name))
    if any(sign in name for sign in _SIGNS_OF_CYPHER):
        return name
    try:
        query(name)
    except NotFoundError as error:
        raise NotFoundError(f"{error}; nor is there a file of that name") from None
    return None


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):
        # A query is too long for a name.
        return False


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is no text in UTF-8: {error.reason}") from error


def parameters_of(name: str | None, texts: Iterable[str]) -> dict[str, Any]:
    """Parameters from NAME=VALUE, for the query ``name`` of ours or for somebody's own."""
    examples = {} if name is None else query(name).examples
    return dict(_assignment(text, examples) for text in texts)


def _assignment(text: str, examples: Mapping[str, Any]) -> tuple[str, Any]:
    """A parameter and its value; where text is wanted, NA, null and 311 are text."""
    name, sign, value = text.partition("=")
    if not sign or not name or not value:
        raise click.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="-p")
    try:
        parsed = json.loads(value)
    except ValueError:
        return name, value
    except RecursionError:
        example = json.dumps(examples.get(name), ensure_ascii=False)
        raise InputError(
            f"what is given for {name} is nested too deeply: give it as in {name}={example}"
        ) from None
    if name not in examples:
        return name, parsed
    if name.endswith("Id"):
        is_kept = isinstance(parsed, str | list | dict) or str(parsed) == value
        return name, parsed if is_kept else value
    is_number = parsed is None or isinstance(parsed, int | float)
    wants_text = isinstance(examples[name], str) or name == "text"
    return name, value if is_number and wants_text else parsed
