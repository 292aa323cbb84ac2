"""What an export says of itself: its tables, and which ids are text."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tastegraph.errors import InputError
from tastegraph.loaders.files.text import read_text

MANIFEST = "export.json"
TEXT = "text"
WHOLE = "whole numbers"

_FORM = "tastegraph export"
_VERSION = 1


@dataclass(frozen=True)
class Manifest:
    """``tables`` by name, and for user, artist and tag whether ids are TEXT or WHOLE numbers.

    ``model`` are the files of the model that is there too, ``fingerprint`` is the data's.
    """

    tables: Sequence[str]
    ids: Mapping[str, str]
    model: Sequence[str] = ()
    fingerprint: str = ""

    @property
    def text_ids(self) -> frozenset[str]:
        """Of user, artist and tag those whose ids are text, also where they look like numbers."""
        return frozenset(kind for kind, form in self.ids.items() if form == TEXT)

    def text(self) -> str:
        """As it is written."""
        content: dict[str, object] = {
            "form": _FORM,
            "version": _VERSION,
            "tables": list(self.tables),
            "ids": dict(self.ids),
        }
        if self.model:
            content |= {"model": list(self.model), "fingerprint": self.fingerprint}
        return json.dumps(content, indent=2) + "\n"


def is_export(folder: Path) -> bool:
    """Whether a folder has a manifest."""
    return (folder / MANIFEST).is_file()


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder, None where it has none.

    InputError where it can't be read or a later version has written it.
    """
    if not is_export(folder):
        return None
    file = folder / MANIFEST
    wrong = InputError(f"{file} is no manifest of an export. Export again, or remove it.")
    try:
        content = json.loads(read_text(file)[0])
    except (ValueError, RecursionError) as error:
        raise wrong from error
    if not isinstance(content, dict) or content.get("form") != _FORM:
        raise wrong
    if content.get("version") != _VERSION:
        raise InputError(
            f"{file} is of version {content.get('version')}, which is not known here: load it with "
            "the version of tastegraph that wrote it, or a later one."
        )
    tables, ids = content.get("tables"), content.get("ids")
    model, fingerprint = content.get("model", []), content.get("fingerprint", "")
    if not (isinstance(tables, list) and isinstance(ids, dict) and isinstance(model, list)):
        raise wrong
    texts = (*tables, *ids, *ids.values(), *model, fingerprint)
    if not all(isinstance(each, str) for each in texts):
        raise wrong
    return Manifest(tables, ids, model, fingerprint)
