"""Lists of objects in JSON, whole or one a line, from files that may be cut off."""

import json
from collections.abc import Iterator
from typing import Any

from tastegraph.errors import InputError
from tastegraph.loaders.files.packed import PackedFile


def read_objects(file: PackedFile) -> list[dict[str, Any]]:
    """The objects of a JSON list, of the list in ``payload.listens``, or one a line.

    InputError, with the line, where the file is cut off, nested without end or anything else.
    """
    text = _text(file)
    first = text.lstrip()[:1]
    if first == "{" and file.suffix != ".json":
        return list(_lines(file, text))
    content = _parsed(file, text, 1)
    if isinstance(content, dict):
        payload = content.get("payload")
        content = payload.get("listens") if isinstance(payload, dict) else [content]
    if not isinstance(content, list) or not all(isinstance(each, dict) for each in content):
        raise InputError(f"{file.source} is no list of plays: fetch the export again")
    return content


def _lines(file: PackedFile, text: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            content = _parsed(file, line, number)
            if not isinstance(content, dict):
                raise InputError(
                    f"{file.source}, line {number} is no play, but {line[:40]!r}: fetch the export "
                    "again"
                )
            yield content


def _parsed(file: PackedFile, text: str, line: int) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{file.source}, line {line + error.lineno - 1}: {error.msg}, so this is no whole JSON "
            "(is the file cut off?): fetch the export again"
        ) from error
    except ValueError as error:
        raise InputError(
            f"{file.source}, line {line} or below: {error}, so this is no list of plays: fetch the "
            "export again"
        ) from error
    except RecursionError as error:
        raise InputError(
            f"{file.source} is nested without end, so it is no list of plays: fetch it again"
        ) from error


def _text(file: PackedFile) -> str:
    data = file.read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{file.source}, line {line}: the byte 0x{data[error.start]:02x} is not UTF-8, as JSON "
            "is: fetch the export again"
        ) from error
