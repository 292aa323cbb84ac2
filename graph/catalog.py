"""The queries in ``queries/``: one a file, each pasted into Neo4j Browser as it is.

A file is a comment that says what the query answers (its first sentence) and what its
parameters mean, ``:param name => example;`` lines, and the query. Browser and cypher-shell set
the parameters from those lines; we read the example values from them.
"""

import json
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any

from graph.errors import NotFoundError

_PARAMETER = re.compile(r"^:param\s+(\w+)\s*=>\s*(.+?);?\s*$", re.MULTILINE)


@dataclass(frozen=True)
class NamedQuery:
    """A query from its file.

    ``text`` is the whole file, ``cypher`` what the database gets; ``examples`` has a value for
    each parameter.
    """

    name: str
    text: str
    cypher: str
    answers: str
    examples: dict[str, Any]


@cache
def query(name: str) -> NamedQuery:
    """The query ``name``; raises NotFoundError with the nearest names."""
    file = resources.files("graph.queries") / f"{name}.cypher"
    if name not in query_names():
        near = get_close_matches(name, query_names(), n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        raise NotFoundError(
            f"there is no query {name!r}: {hint}'tastegraph query list' shows them all"
        )
    return _parsed(name, file.read_text(encoding="utf-8"))


@cache
def query_names() -> list[str]:
    """Names of all queries, in order."""
    files = resources.files("graph.queries").iterdir()
    return sorted(
        file.name.removesuffix(".cypher") for file in files if file.name.endswith(".cypher")
    )


def _parsed(name: str, text: str) -> NamedQuery:
    examples = {
        parameter: json.loads(value.replace("'", '"'))
        for parameter, value in _PARAMETER.findall(text)
    }
    comment = " ".join(
        line.removeprefix("//").strip() for line in text.split("//\n", maxsplit=1)[0].splitlines()
    )
    return NamedQuery(name, text, _PARAMETER.sub("", text).strip(), comment.strip(), examples)
