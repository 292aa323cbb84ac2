"""Write docs/licences.md: the licences of all libraries that the program brings along.

python -m maintenance.licences
"""

from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from maintenance.requirements import ROOT, required

FILE = ROOT / "docs" / "licences.md"

_HEAD = """\
# Licences

Of the libraries that `pip install tastegraph` brings along, with the extra `spotify`, as they
themselves say; made by `make licences`. The extra `spark` brings pyspark
(Apache-2.0) and py4j (BSD).

| library | licence |
| --- | --- |
"""

# Files of others that come with the program: name, version, licence.
_VENDORED = (("Cytoscape.js", "3.34.4", "MIT"), ("KDBush", "4.1.0", "ISC"))

_TAIL = """
The page brings along these files of others (`web/static/vendored/`), as they are published in npm,
each with its licence beside it; a test holds their checksums.

| file | licence |
| --- | --- |
"""

# Libraries that say theirs in a text alone.
_CLASSIFIER = "License :: OSI Approved :: "


def libraries() -> dict[str, Distribution]:
    """All libraries that are needed, directly or by another, as far as they are installed."""
    found: dict[str, Distribution] = {}
    asked = required(["spotify"])
    while asked:
        wanted = asked.pop()
        name = canonicalize_name(wanted.name)
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue
        needs = map(Requirement, found[name].requires or ())
        asked += [each for each in needs if each.marker is None or _applies(each, wanted)]
    return found


def _applies(needed: Requirement, wanted: Requirement) -> bool:
    extras = wanted.extras or {""}
    return needed.marker is None or any(needed.marker.evaluate({"extra": e}) for e in extras)


def licence(library: Distribution) -> str:
    """What the library says of its licence, in a few words."""
    metadata = library.metadata
    classifiers = [
        each.removeprefix(_CLASSIFIER)
        for each in metadata.get_all("Classifier") or ()
        if each.startswith(_CLASSIFIER)
    ]
    stated = _field(library, "License").strip()
    short = stated if 0 < len(stated) < 60 and "\n" not in stated else ""
    first = stated.split("\n")[0].strip()
    said = _field(library, "License-Expression") or ", ".join(classifiers) or short or first
    return said or "not said"


def _field(library: Distribution, name: str) -> str:
    return str(library.metadata[name]) if name in library.metadata else ""


def text() -> str:
    """The page."""
    rows = (f"| {name} | {licence(each)} |\n" for name, each in sorted(libraries().items()))
    vendored = (f"| {name} {version} | {licence} |\n" for name, version, licence in _VENDORED)
    return _HEAD + "".join(rows) + _TAIL + "".join(vendored)


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
