"""``query``: every file runs as it is, and wrong parameters are said."""

import pytest

from tastegraph.graph.query_files import query, query_names
from tastegraph.graph.store.graph_store import GraphStore
from tests.commands.running import Ask, columns, run


def test_list_names_every_query_with_its_parameters(ask: Ask) -> None:
    rows = ask.rows("query", "list")
    assert list(rows[0]) == ["name", "parameters", "answers"]
    assert [row["name"] for row in rows] == [
        name for name in query_names() if not query(name).is_helper
    ]
    assert all(row["answers"].endswith(".") for row in rows)
    assert {row["name"]: row["parameters"] for row in rows}["user-listens"] == "userId=2 k=10"


def test_helpers_are_listed_only_when_asked_for(ask: Ask) -> None:
    every = [row["name"] for row in ask.rows("query", "list", "--all")]
    assert every == query_names()
    listed = {row["name"] for row in ask.rows("query", "list")}
    assert {*every} - listed == {
        *("find-artist", "find-tag", "find-user", "count-fitting", "artist-traits"),
        *("health-orphans", "health-vectors"),
    }


@pytest.mark.parametrize("name", query_names())
def test_show_prints_the_file(name: str) -> None:
    assert run("query", "show", name).stdout == query(name).text


@pytest.mark.parametrize("name", query_names())
def test_every_query_runs_with_its_examples(ask: Ask, name: str) -> None:
    assert columns(ask("query", "run", name)) == query(name).columns


def test_columns_are_those_that_the_database_tells(open_demo: GraphStore) -> None:
    for name in query_names():
        asked = query(name)
        values = asked.examples | open_demo.dialect.index_parameters()
        told, rows = open_demo.table(asked.cypher, values)
        assert told == (asked.columns if rows else [])


def test_parameters_are_numbers_text_and_lists(ask: Ask) -> None:
    rows = ask.rows(
        "query", "run", "recommend", "-p", "userId=3", "-p", "k=2", "-p", "withTags=[2]"
    )
    tagged = ask.rows("recommend", 3, "-k", 2, "--tag", "2", "--exact")
    assert [row["artist"] for row in rows] == [row["artist"] for row in tagged]
    found = ask.rows("query", "run", "find-tag", "-p", "name=jazz", "-p", "key=jazz")
    assert found[0]["name"] == "jazz"


@pytest.mark.parametrize(
    ("parameter", "message"),
    [
        ("nope=3", "has no parameter 'nope'; it has userId, k"),
        ("k=abc", 'k of user-listens can\'t be "abc": give it as in k=10'),
        ("k=1.5", "k=10"),
        ("k=true", "k=10"),
        ("k=null", "k=10"),
        ("k=99999999999999999999", "k=10"),
        ("userId=[2]", "userId=2"),
        ("userId=" + "[" * 100_000 + "]" * 100_000, "userId=2"),
        ('userId={"a": {"b": [2]}}', "userId=2"),
        ("k=-1", "k=10"),
    ],
)
def test_wrong_parameters_are_said(ask: Ask, parameter: str, message: str) -> None:
    assert message in ask("query", "run", "user-listens", "-p", parameter, code=1).stderr


@pytest.mark.parametrize("parameter", ["k", "=3", "", "k="])
def test_parameter_without_name_or_value_is_wrong_usage(ask: Ask, parameter: str) -> None:
    error = ask("query", "run", "user-listens", "-p", parameter, code=2).stderr
    assert "is not NAME=VALUE" in error


@pytest.mark.parametrize("text", ["2}) DETACH DELETE u //", "' OR 1=1", "nobody", "😀"])
def test_nothing_found_says_so_below_the_headers(ask: Ask, text: str) -> None:
    result = ask("query", "run", "user-listens", "-p", f"userId={text}")
    assert result.stdout.split() == ["artist", "name", "plays", "tags"]
    assert "finds nothing with userId=" in result.stderr
    assert ask(
        "query", "run", "user-listens", "-p", f"userId={text}", "--format", "csv"
    ).stdout == ("artist,name,plays,tags\n")
    assert ask.rows("info")[0] == {"kind": "User", "count": 300}


def test_unknown_query_gets_the_nearest_names(ask: Ask) -> None:
    for action in ("show", "run"):
        error = ask("query", action, "top-artist", code=1).stderr
        assert "did you mean 'top-artists'" in error
        assert ask.hint("query list'") in error
    assert "no query '../errors'" in ask("query", "show", "../errors", code=1).stderr
