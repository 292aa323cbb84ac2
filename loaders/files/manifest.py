"""What an export says of itself: its tables, and which ids are text."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tastegraph.errors import InputError
from tastegraph.loaders.files.text import read_text
from tastegraph.runtime.whole_file import whole_file

MANIFEST = "export.json"
TEXT = "text"
WHOLE = "whole numbers"

_FORM = "tastegraph export"
_VERSION = 1

_MODEL_FOLDER = re.compile("model-[0-9a-f]{12}")


@dataclass(frozen=True)
class Manifest:
    """``tables`` by name, and for user, artist and tag whether ids are TEXT or WHOLE numbers.

    ``model`` is the folder in it with the model that is there too, "" without one, and
    ``model_files`` are the files there, without .parquet; ``fingerprint`` is the data's.
    """

    tables: Sequence[str]
    ids: Mapping[str, str]
    model: str = ""
    model_files: Sequence[str] = ()
    fingerprint: str = ""

    @property
    def text_ids(self) -> frozenset[str]:
        """Of user, artist and tag those whose ids are text, also where they look like numbers."""
        return frozenset(kind for kind, form in self.ids.items() if form == TEXT)

    def write(self, folder: Path) -> None:
        """Write it to ``folder``, in place of the one that is there, at once."""
        with whole_file(folder / MANIFEST, "see that its folder can be written to") as unfinished:
            unfinished.write_text(self.text(), encoding="utf-8")

    def text(self) -> str:
        """As it is written."""
        content: dict[str, object] = {
            "form": _FORM,
            "version": _VERSION,
            "tables": list(self.tables),
            "ids": dict(self.ids),
        }
        if self.model:
            content["model"] = self.model
            content["modelFiles"] = list(self.model_files)
            content["fingerprint"] = self.fingerprint
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
    model, files = content.get("model", ""), content.get("modelFiles", [])
    fingerprint = content.get("fingerprint", "")
    if not (isinstance(tables, list) and isinstance(ids, dict) and isinstance(files, list)):
        raise wrong
    texts = (*tables, *ids, *ids.values(), model, *files, fingerprint)
    if not all(isinstance(each, str) for each in texts):
        raise wrong
    if model and not _MODEL_FOLDER.fullmatch(model):
        raise wrong
    return Manifest(tables, ids, model, files, fingerprint)


def model_folder(id_: str) -> str:
    """What the folder of a model is called: an id may have any sign."""
    return f"model-{hashlib.sha256(id_.encode()).hexdigest()[:12]}"
