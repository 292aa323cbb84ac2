"""Every query file says what it answers and what its parameters mean, and pastes as it is."""

import re

import pytest

from tastegraph.errors import NotFoundError
from tastegraph.graph.query_files import NamedQuery, query, query_names

EXPLAINED = re.compile(r"^// (\w+)  +\S", re.MULTILINE)
ONE_ROW = {"compare-users", "count-fitting", "find-user", "model-card", "path-by-artists"}
MARKED = re.compile(r"(\S+|\[[^\]]*\]|'[^']*') /\* \$(\w+) \*/")


def statement(text: str) -> str:
    """A query without its comments."""
    return re.sub(r"^//.*$|^\s+//.*$|/\*.*?\*/", "", text, flags=re.MULTILINE).strip()


@pytest.fixture(params=query_names())
def asked(request: pytest.FixtureRequest) -> NamedQuery:
    return query(request.param)


def test_says_what_it_answers(asked: NamedQuery) -> None:
    assert asked.text.startswith("// ")
    assert asked.answers.endswith(".")
    assert asked.answers[0].isupper()
    assert "//" not in asked.answers


def test_explains_every_parameter_and_no_other(asked: NamedQuery) -> None:
    used = set(re.findall(r"\$(\w+)", statement(asked.cypher)))
    assert used == set(asked.examples)
    assert sorted(EXPLAINED.findall(asked.text)) == sorted(used)


def test_has_an_example_in_place_of_every_parameter(asked: NamedQuery) -> None:
    assert "$" not in statement(asked.text)
    assert ":param" not in asked.text
    assert not re.search(r"/\*", asked.cypher)
    examples: dict[str, set[str]] = {}
    for value, name in MARKED.findall(asked.text):
        examples.setdefault(name, set()).add(value.lstrip("({["))
    assert {name for name, values in examples.items() if len(values) > 1} == set()


def test_is_one_reading_query(asked: NamedQuery) -> None:
    plain = statement(asked.cypher)
    assert ";" not in plain
    assert not re.search(r"\b(?:CREATE|MERGE|SET|DELETE|REMOVE|DROP|LOAD)\b", plain)


def test_needs_no_plugin_and_nothing_deprecated(asked: NamedQuery) -> None:
    plain = " ".join(statement(asked.cypher).split())
    assert not re.search(r"\b(?:apoc|gds)\.", plain)
    assert not re.search(r"\b(?:id|elementId)\(", plain)
    assert "CALL { " not in plain


def test_breaks_ties_by_id(asked: NamedQuery) -> None:
    order = re.search(r"ORDER BY ([^\n]+)(?:\nLIMIT .*)?\Z", statement(asked.cypher))
    if order is None:
        assert asked.name in ONE_ROW
        return
    last = order[1].split(" LIMIT ")[0].split(",")[-1].strip()
    assert last in ("artist", "user", "tag", "id", "community", "check", "kind", "step")


def test_a_wrong_name_gets_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="did you mean 'recommend'"):
        query("recomend")
    with pytest.raises(NotFoundError, match="query list"):
        query("../../etc/passwd")


def test_candidates_are_scored_alike_in_cypher_25() -> None:
    """The two files differ in who is a candidate, and in nothing after that."""
    scored = "WITH u, weights, taste, length, scale, heard, artist WHERE NOT artist IN heard"
    old, new = (query("recommend-fast", newer).text.split(scored) for newer in (False, True))
    assert len(old) == len(new) == 2
    assert old[1] == new[1]
    assert "SEARCH" in new[0]


@pytest.mark.parametrize("name", query_names(cypher_25=True))
def test_what_is_asked_in_cypher_25_can_be_asked_before(name: str) -> None:
    old, new = query(name), query(name, cypher_25=True)
    assert old.examples.keys() - {"artistIndex"} <= new.examples.keys()
    assert new.columns == old.columns
    assert re.search(r"^CYPHER 25$", new.text, re.MULTILINE)
