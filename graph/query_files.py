"""The queries in ``queries/``: one a file, each pasted into Neo4j Browser as it is.

A file is a comment that says what the query answers (its first paragraph), whether it is a helper
of the program ("Helper: ...") and what its parameters mean, and the query. Where a parameter
belongs stands an example, marked by the parameter's name: ``{id: 2 /* $userId */}``. Pasted, the
query answers for the example; here each marked example becomes the parameter, ``{id: $userId}``.

Those in ``queries/cypher_25/`` answer the same in the Cypher 25 of Neo4j 2026.02 and later.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import takewhile
from typing import Any

from tastegraph.errors import InputError, NotFoundError
from tastegraph.runtime.nearest_names import did_you_mean

_QUERIES = resources.files("tastegraph.graph.queries")
_CYPHER_25 = _QUERIES / "cypher_25"

_NESTED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")

# What a database can hold as a whole number.
_LARGEST = 2**63 - 1

# Strings, comments and names between backticks, in which no word is Cypher's own.
_ASIDE = re.compile(
    r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|//[^\n]*|/\*.*?\*/""", re.DOTALL
)
_PARAMETER = re.compile(r"\$(\w+)")

_MARKED = re.compile(r"""(true|false|null|-?\d+(?:\.\d+)?|'[^']*'|\[[^\]]*\]) /\* \$(\w+) \*/""")


@dataclass(frozen=True)
class NamedQuery:
    """A query from its file.

    ``text`` is the whole file, ``cypher`` what the database gets; ``examples`` has a value for
    each parameter; a helper is asked by the program rather than by people.
    """

    name: str
    text: str
    cypher: str
    answers: str
    examples: dict[str, Any]

    @property
    def is_helper(self) -> bool:
        """Whether its file says that it is a helper."""
        return "\n// Helper: " in self.text

    @property
    def reads_vectors(self) -> bool:
        """Whether its answer comes from a model."""
        return re.search(r"\.(embedding|norm)\b", self.cypher) is not None

    @property
    def parameters(self) -> list[str]:
        """Names of the parameters, those without an example as well, each once."""
        return list(dict.fromkeys(_PARAMETER.findall(without_asides(self.cypher))))

    @property
    def columns(self) -> list[str]:
        """Names of the columns, which a database may not tell where there are no rows."""
        returned = re.split(r"\bRETURN\b", self.cypher)[-1]
        listed = re.split(r"\bORDER BY\b|\bLIMIT\b", returned)[0]
        while _NESTED.search(listed):
            listed = _NESTED.sub("", listed)
        return [column.split()[-1] for column in listed.split(",")]


@cache
def query(name: str, cypher_25: bool = False) -> NamedQuery:
    """The query ``name``, where there is one in that of ``cypher_25``.

    Raises NotFoundError with the nearest names.
    """
    if name not in query_names():
        hint = did_you_mean(name, query_names(), 3)
        raise NotFoundError(
            f"there is no query {name!r}{hint or ';'} 'tastegraph query list' shows them all"
        )
    folder = _CYPHER_25 if cypher_25 and name in query_names(cypher_25=True) else _QUERIES
    return _parsed(name, (folder / f"{name}.cypher").read_text(encoding="utf-8"))


@cache
def query_names(cypher_25: bool = False) -> list[str]:
    """Names of all queries, or of those that there are for Cypher 25 as well, in order."""
    files = (_CYPHER_25 if cypher_25 else _QUERIES).iterdir()
    return sorted(
        file.name.removesuffix(".cypher") for file in files if file.name.endswith(".cypher")
    )


OWN = "the query"
"""What somebody's own query is called."""


def own_query(text: str) -> NamedQuery:
    """A query of somebody's own, with examples where it marks them as the files here do."""
    if not without_asides(text).strip(" \n\r\t;"):
        raise InputError("there is no query: give Cypher, as in MATCH (a:Artist) RETURN a LIMIT 5")
    return _parsed(OWN, text.strip().rstrip(";"))


def without_asides(cypher: str) -> str:
    """``cypher`` with blanks in place of its strings, comments and names between backticks."""
    return _ASIDE.sub(" ", cypher)


def _parsed(name: str, text: str) -> NamedQuery:
    examples = {parameter: _example(value, parameter) for value, parameter in _MARKED.findall(text)}
    first = takewhile(lambda line: line.startswith("// "), text.splitlines())
    answers = " ".join(line.removeprefix("//").strip() for line in first)
    return NamedQuery(name, text, _MARKED.sub(r"$\2", text), answers, examples)


def _example(value: str, parameter: str) -> Any:
    try:
        return json.loads(value.replace("'", '"'))
    except ValueError as error:
        raise InputError(
            f"the example of {parameter}, {value}, is no value: write a number, 'text', true, "
            "false, null or a list of these before its mark"
        ) from error


def bind_own(asked: NamedQuery, given: dict[str, Any]) -> dict[str, Any]:
    """All parameters of somebody's own query; InputError where one is missing or too many."""
    wanted = asked.parameters
    if strange := [name for name in given if name not in wanted]:
        known = ", ".join(wanted) or "none"
        raise InputError(f"{asked.name} has no parameter {strange[0]!r}; it has {known}")
    values = asked.examples | given
    if missing := [name for name in wanted if name not in values]:
        raise InputError(
            f"{asked.name} asks for ${missing[0]}, which has no value: give -p {missing[0]}=VALUE"
        )
    return values


def bind(asked: NamedQuery, given: dict[str, Any]) -> dict[str, Any]:
    """All parameters of ``asked``: those ``given``, and the examples of the others.

    Raises InputError for a parameter that the query has not, or that is of another type than
    the example. Ids may be numbers or text; ``k`` is a number of rows.
    """
    for name, value in given.items():
        if name not in asked.examples:
            known = ", ".join(asked.examples) or "none"
            raise InputError(f"{asked.name} has no parameter {name!r}; it has {known}")
        example = asked.examples[name]
        is_id = name.endswith("Id") or name == "number"
        if not _fits(value, example, is_id) or (name == "k" and value < 0):
            raise InputError(
                f"{name} of {asked.name} can't be {json.dumps(value, ensure_ascii=False)}: "
                f"give it as in {name}={json.dumps(example, ensure_ascii=False)}"
            )
    return asked.examples | given


def _fits(value: Any, example: Any, is_id: bool) -> bool:
    if isinstance(value, int) and abs(value) > _LARGEST:
        return False
    if example is None:
        return True
    if is_id:
        return type(value) in (int, str)
    if type(example) is float:
        return type(value) in (int, float)
    return type(value) is type(example)
