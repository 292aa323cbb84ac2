"""Rows with types, as ``neo4j-admin database import`` reads them: a header, and CSV beside it.

Its rules: text stands in quotes, which double inside; nothing at all is no value, ``""`` is empty
text; the elements of a list are parted by one character, which can't be told from a text's own.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

DELIMITERS = ("\x1f", "\x1e", "\x1d", "\x1c", "\ue000", "\uf8ff")
"""What may part the elements of lists, in the order in which they are tried."""

_BYTES = [str(byte - 256 if byte > 127 else byte) for byte in range(256)]

_WORDS = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


class DelimiterInUseError(Exception):
    """A text in a list holds the character that was to part the elements."""


@dataclass
class _Part:
    """Rows whose properties agree in type: ``types`` by name."""

    name: str
    opened: IO[str]
    types: dict[str, str] = field(default_factory=dict)


class TypedRows:
    """Nodes of a label, or relationships of a type, in one file, and one more for each time that a
    property has values of two types, which a header can't say.

    rows        how many have been written
    left_out    names of properties of which a value can't be written
    multiline   whether a text has a line end
    """

    def __init__(
        self, folder: Path, name: str, keys: Sequence[str], names: Sequence[str], delimiter: str
    ) -> None:
        """``keys`` are the titles of what a row begins with, ``names`` those of its properties."""
        self.rows = 0
        self.left_out: set[str] = set()
        self.multiline = False
        self._folder = folder
        self._name = name
        self._keys = keys
        self._names = names
        self._delimiter = delimiter
        self._parts: list[_Part] = []

    def __enter__(self) -> "TypedRows":
        return self

    def __exit__(self, *failure: object) -> None:
        """Write the headers."""
        for part in self._parts:
            part.opened.close()
            titles = [f"{name}:{part.types.get(name, 'string')}" for name in self._names]
            header = ",".join(map(_quoted, (*self._keys, *titles)))
            _header(self._folder, part.name).write_text(header + "\n", encoding="utf-8")

    @property
    def files(self) -> list[tuple[str, str]]:
        """The names of header and data of each part."""
        return [(_header(self._folder, part.name).name, f"{part.name}.csv") for part in self._parts]

    def write(self, keys: Iterable[str], properties: Mapping[str, Any]) -> None:
        """Add a row; DelimiterInUseError where the delimiter can't part a list."""
        types: dict[str, str] = {}
        cells = [_quoted(key) for key in keys]
        for name in self._names:
            value = properties.get(name)
            type_ = None if value is None else type_of(value)
            if type_ is not None:
                types[name] = type_
            elif value is not None:
                self.left_out.add(name)
            cells.append("" if type_ is None else _CELLS[type_](value, self._delimiter))
        line = ",".join(cells)
        self.multiline = self.multiline or "\n" in line or "\r" in line
        self._part(types).opened.write(line + "\n")
        self.rows += 1

    def _part(self, types: dict[str, str]) -> _Part:
        """The part that rows of these ``types`` fit into."""
        for part in self._parts:
            if all(part.types.get(name, type_) == type_ for name, type_ in types.items()):
                part.types.update(types)
                return part
        number = len(self._parts) + 1
        name = self._name if number == 1 else f"{self._name}-{number}"
        opened = (self._folder / f"{name}.csv").open("w", encoding="utf-8", newline="")
        self._parts.append(_Part(name, opened, types))
        return self._parts[-1]


def _header(folder: Path, name: str) -> Path:
    return folder / f"{name}-header.csv"


def type_of(value: object) -> str | None:
    """What a header calls the type of ``value``; None where it can't be written.

    That is a list of nothing or of one empty text, which come back as no value, and what people
    put there beside text, numbers, truth values and lists of these.
    """
    if isinstance(value, bytes | bytearray):
        return "byte[]"
    if not isinstance(value, list):
        return _SCALARS.get(type(value))
    kinds = {_SCALARS.get(kind) for kind in {*map(type, value)}}
    if kinds == {"long", "double"}:
        return "double[]"
    kind = kinds.pop() if len(kinds) == 1 else None
    return None if kind is None or value == [""] else f"{kind}[]"


_SCALARS: dict[type, str] = {bool: "boolean", int: "long", float: "double", str: "string"}


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _number(value: float) -> str:
    return repr(value) if math.isfinite(value) else _WORDS[repr(value)]


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _bytes(value: bytes, delimiter: str) -> str:
    return delimiter.join([_BYTES[byte] for byte in value])


def _texts(value: list[str], delimiter: str) -> str:
    if any(delimiter in text for text in value):
        raise DelimiterInUseError
    return _quoted(delimiter.join(value))


_CELLS: dict[str, Callable[[Any, str], str]] = {
    "boolean": lambda value, _: _truth(value),
    "long": lambda value, _: str(value),
    "double": lambda value, _: _number(value),
    "string": lambda value, _: _quoted(value),
    "byte[]": _bytes,
    "boolean[]": lambda value, delimiter: delimiter.join(map(_truth, value)),
    "long[]": lambda value, delimiter: delimiter.join(map(str, value)),
    "double[]": lambda value, delimiter: delimiter.join(map(_number, value)),
    "string[]": _texts,
}
