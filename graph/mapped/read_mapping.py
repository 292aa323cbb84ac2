"""Reads a mapping from its TOML file, whose form docs/own-graph.md shows."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tastegraph.errors import InputError
from tastegraph.graph.mapped.mapping import (
    BOTH,
    IN,
    OUT,
    Artists,
    Friends,
    GraphMapping,
    K,
    Listens,
    Tags,
    Users,
    Written,
)
from tastegraph.runtime.nearest_names import did_you_mean
from tastegraph.runtime.numbers import RANGES

_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "users": ("label", "id"),
    "artists": ("label", "id", "name", "url", "picture_url", "cypher"),
    "listens": ("type", "direction", "plays", "time", "least", "cypher"),
    "friends": ("type", "cypher"),
    "tags": ("type", "direction", "label", "name", "property", "time", "by", "cypher"),
    "write": ("embedding", "recommended", "k"),
}
_NEEDED = ("users", "artists", "listens")


def read_mapping(file: Path) -> GraphMapping:
    """The mapping that ``file`` holds.

    InputError where it can't be read, lacks something or has something that is not known.
    """
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{file} can't be read as a mapping ({reason}): correct it") from error
    sections = {name: _Section(file, name, value) for name, value in content.items()}
    if missing := [name for name in _NEEDED if name not in sections]:
        raise InputError(
            f"{file} has no section [{missing[0]}]: 'tastegraph mapping init' proposes a mapping"
        )
    return GraphMapping(
        _users(sections["users"]),
        _artists(sections["artists"]),
        _listens(sections["listens"]),
        _friends(sections["friends"]) if "friends" in sections else None,
        _tags(sections["tags"]) if "tags" in sections else None,
        _written(sections["write"]) if "write" in sections else Written(),
    )


class _Section:
    """One table of the file, whose values are asked for with what they must be."""

    def __init__(self, file: Path, name: str, values: object) -> None:
        self._place = f"{file}, [{name}]"
        if name not in _SECTIONS:
            raise InputError(
                f"{file}: [{name}] is no section of a mapping{did_you_mean(name, _SECTIONS)}"
            )
        if not isinstance(values, dict):
            raise InputError(f"{file}: {name} is to be a section: write what belongs to it below")
        self._values: dict[str, Any] = values
        for key in values:
            if key not in _SECTIONS[name]:
                raise self.error(f"{key} is not known{did_you_mean(key, _SECTIONS[name])}")

    def error(self, problem: str) -> InputError:
        return InputError(f"{self._place}: {problem}")

    def get(self, key: str) -> Any:
        return self._values.get(key)

    def text(self, key: str) -> str | None:
        """A name, or a query; None where it is not given."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"{key} is to be text, such as {key} = 'id'")
        return value

    def needed(self, key: str) -> str:
        value = self.text(key)
        if value is None:
            raise self.error(f"{key} is missing")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """One name or several."""
        value = self.get(key)
        if not isinstance(value, list):
            given = self.text(key)
            return () if given is None else (given,)
        if not value or not all(isinstance(each, str) and each for each in value):
            raise self.error(f"{key} is to be text, or a list of it")
        return tuple(value)

    def direction(self) -> str:
        value = self.get("direction") or OUT
        if value not in (OUT, IN, BOTH):
            raise self.error(f'direction is to be "{OUT}", "{IN}" or "{BOTH}"')
        return str(value)

    def either(self, *keys: str) -> None:
        """Refuse a section in which not exactly one of ``keys`` is given."""
        given = [key for key in keys if self.get(key) is not None]
        if len(given) != 1:
            found = f"has {' and '.join(given)}" if given else "has neither"
            raise self.error(f"{found}: it takes one of {' or '.join(keys)}")


def _users(section: _Section) -> Users:
    return Users(section.needed("label"), section.needed("id"))


def _artists(section: _Section) -> Artists:
    names = (section.text(key) for key in ("name", "url", "picture_url", "cypher"))
    return Artists(section.needed("label"), section.needed("id"), *names)


def _listens(section: _Section) -> Listens:
    section.either("type", "cypher")
    least = section.get("least") or {}
    is_table = isinstance(least, dict)
    if not is_table or not all(type(value) in (int, float) for value in least.values()):
        raise section.error("least is to name properties and numbers, as in { rating = 4 }")
    return Listens(
        section.texts("type"),
        section.direction(),
        section.text("plays"),
        section.text("time"),
        least,
        section.text("cypher"),
    )


def _friends(section: _Section) -> Friends:
    section.either("type", "cypher")
    return Friends(section.texts("type"), section.text("cypher"))


def _tags(section: _Section) -> Tags:
    if section.get("cypher") is None and section.get("property") is None:
        section.either("type")
        section.needed("label")
        section.needed("name")
    elif section.get("label") is not None:
        section.either("label", "property", "cypher")
    by = section.get("by")
    if by is not None and (isinstance(by, bool) or not isinstance(by, str | int)):
        raise section.error("by is to be the id of a user")
    return Tags(
        section.texts("type"),
        section.direction(),
        section.text("label"),
        section.text("name"),
        section.text("property"),
        section.text("time"),
        by,
        section.text("cypher"),
    )


def _written(section: _Section) -> Written:
    k = section.get("k")
    if k is not None and not RANGES["k"].holds(k):
        raise section.error(f"k is to be {RANGES['k']}")
    given = section.get("embedding")
    embedding = None if given is False else section.text("embedding") or "embedding"
    return Written(embedding, section.text("recommended"), K if k is None else k)
