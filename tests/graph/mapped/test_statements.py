"""No name of a mapping is anything else than a name in a query."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastegraph.errors import InputError
from tastegraph.graph.mapped.mapping import Artists, Friends, GraphMapping, Listens, Tags, Users
from tastegraph.graph.mapped.statements import (
    artists_question,
    friends_question,
    listens_question,
    quoted,
    tags_question,
)

# A name in backticks, as Cypher reads it, or one sign of anything else.
TOKEN = re.compile(r"`((?:[^`]|``)*)`|(.)", re.DOTALL)
NAMES = st.text(min_size=1).filter(lambda name: "\\u" not in name and "\0" not in name)


def names_in(cypher: str) -> list[str]:
    return [match[1].replace("``", "`") for match in TOKEN.finditer(cypher) if match[1] is not None]


@given(NAMES)
def test_a_name_is_read_as_it_was(name: str) -> None:
    assert names_in(quoted(name)) == [name]


@pytest.mark.parametrize("name", ["", "a\\u0060) DETACH DELETE n //", "\\uuu0060", "a\0b"])
def test_what_cypher_would_read_as_something_else_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="can't be named in a query"):
        quoted(name)


@given(st.lists(NAMES, min_size=9, max_size=9))
def test_a_query_differs_by_the_names_alone(names: list[str]) -> None:
    plain, strange = (questions(*each) for each in (list("abcdefghi"), names))
    for one, other in zip(plain, strange, strict=True):
        assert len(names_in(one)) == len(names_in(other))
        assert without_names(one) == without_names(other)
        assert set(names_in(other)) <= set(names)


def without_names(cypher: str) -> str:
    return "".join(match[2] or "`" for match in TOKEN.finditer(cypher))


def questions(*names: str) -> list[str]:
    user, artist, id_, name, type_, plays, friend, tag, least = names
    mapping = GraphMapping(
        Users(user, id_),
        Artists(artist, id_, name),
        Listens((type_,), "in", plays, plays, {least: 3.0}),
    )
    tags = [
        Tags((type_,), label=tag, name=name),
        Tags(property_name=tag),
        Tags((type_,), property_name=tag, time=plays),
    ]
    asked = [
        artists_question(mapping),
        listens_question(mapping),
        friends_question(mapping, Friends((friend,))),
        *(tags_question(mapping, each) for each in tags),
    ]
    return [each.cypher for each in asked]


def test_a_condition_is_a_parameter() -> None:
    mapping = GraphMapping(
        Users("U", "id"), Artists("A", "id"), Listens(("L",), least={"stars": 4, "n": 1.5})
    )
    asked = listens_question(mapping)
    assert asked.cypher == (
        "MATCH (u:`U`) RETURN u.`id` AS user, "
        "[(u:`U`)-[r:`L`]->(a:`A`) WHERE r.`stars` >= $least0 AND r.`n` >= $least1 "
        "| [a.`id`]] AS entries"
    )
    assert asked.parameters == {"least0": 4, "least1": 1.5}
