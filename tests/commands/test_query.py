"""``query``: every file runs as it is, and wrong parameters are said."""

import json
import re
from pathlib import Path

import networkx as nx
import pytest

from tastegraph.graph.query_files import query, query_names
from tastegraph.graph.store.dialect import INDEX_PARAMETERS
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
    assert sorted(every) == query_names()
    # The helpers come last.
    assert [query(name).is_helper for name in every] == sorted(
        query(name).is_helper for name in every
    )
    listed = {row["name"] for row in ask.rows("query", "list")}
    assert {*every} - listed == {
        *("find-artist", "find-tag", "find-user", "count-fitting", "artist-traits"),
        *("health-orphans", "health-vectors", "user-communities"),
    }


def test_show_prints_what_cypher_25_has_of_its_own() -> None:
    for name in ("recommend-fast", "recommend"):
        shown = run("query", "show", name, "--cypher-25").stdout
        assert shown == query(name, cypher_25=True).text
        assert ("SEARCH" in shown) == (name == "recommend-fast")


@pytest.mark.parametrize("name", query_names())
def test_show_prints_the_file(name: str) -> None:
    assert run("query", "show", name).stdout == query(name).text


@pytest.mark.parametrize("name", query_names())
def test_show_prints_it_for_a_driver(name: str) -> None:
    text = run("query", "show", "--parameters", name).stdout
    assert text == query(name).cypher
    assert set(re.findall(r"\$(\w+)", text)) >= set(query(name).examples)
    assert "/* $" not in text


@pytest.mark.parametrize("name", query_names())
def test_every_query_runs_with_its_examples(ask: Ask, name: str) -> None:
    assert columns(ask("query", "run", name)) == query(name).columns


def test_columns_are_those_that_the_database_tells(open_demo: GraphStore) -> None:
    for name in query_names():
        asked = query(name)
        values = asked.examples | INDEX_PARAMETERS
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
    titles = ["artist", "name", "plays", "first_heard", "last_heard", "tags"]
    assert result.stdout.split() == titles
    assert "finds nothing with userId=" in result.stderr
    assert (
        ask("query", "run", "user-listens", "-p", f"userId={text}", "--format", "csv").stdout
        == ",".join(titles) + "\n"
    )
    assert ask.rows("info")[0] == {"kind": "User", "count": 300}


def test_unknown_query_gets_the_nearest_names(ask: Ask) -> None:
    for action in ("show", "run"):
        error = ask("query", action, "top-artist", code=1).stderr
        assert "did you mean 'top-artists'" in error
        assert ask.hint("query list'") in error
    assert "no query '../errors'" in ask("query", "show", "../errors", code=1).stderr


def test_what_is_looked_for_by_one_parameter_is_not_the_others_example(ask: Ask) -> None:
    def found(name: str, *parameters: str) -> list[object]:
        words = [word for text in parameters for word in ("-p", text)]
        return [row["id"] for row in ask.rows("query", "run", name, *words)]

    (name,) = (row["name"] for row in ask.rows("query", "run", "find-artist", "-p", "number=7"))
    assert found("find-artist", "name=zzz") == []
    assert found("find-artist", "number=7") == [7]
    assert 7 in found("find-artist", f"name={name}")
    assert found("find-artist", f"name={name.upper()}")[0] == 7
    assert found("find-artist", "text=7") == []
    assert found("find-tag", "key=zzz") == []
    assert found("find-user", "number=3") == [3]
    assert found("find-user", "text=3") == []


def test_an_example_that_answers_beside_what_was_asked_is_said(ask: Ask) -> None:
    result = ask("query", "run", "common-artists", "-p", "userId=3")
    assert "otherId=50 is an example: -p otherId=ID" in result.stderr
    both = ask("query", "run", "common-artists", "-p", "userId=3", "-p", "otherId=4")
    assert "is an example" not in both.stderr
    assert "is an example" not in ask("query", "run", "common-artists").stderr


def test_pairs_stay_pairs(ask: Ask) -> None:
    line = ask("query", "run", "artist-traits").stdout.splitlines()[1]
    assert re.search(r"\[\d+, \d\.\d{4}\], \[\d+, \d\.\d{4}\]", line)


OWN = "MATCH (a:Artist) RETURN a.id AS artist, a.name AS name ORDER BY a.id LIMIT $k"


def test_cypher_of_ones_own_comes_in_three_ways(ask: Ask, tmp_path: Path) -> None:
    rows = ask.rows("query", "run", OWN, "-p", "k=2")
    assert [row["artist"] for row in rows] == [1, 2]
    file = tmp_path / "my own.cypher"
    file.write_text("\ufeff" + OWN + ";\n", encoding="utf-8")
    assert ask.rows("query", "run", file, "-p", "k=2") == rows
    piped = ask("query", "run", "-", "-p", "k=2", "--json", stdin=OWN)
    assert json.loads(piped.stdout) == rows


def test_a_file_of_that_name_does_not_take_the_place_of_a_query(ask: Ask) -> None:
    Path("top-artists").write_text("RETURN 1 AS one", encoding="utf-8")
    assert columns(ask("query", "run", "top-artists")) == query("top-artists").columns
    assert columns(ask("query", "run", "./top-artists")) == ["one"]


def test_values_are_json_or_text(ask: Ask) -> None:
    cypher = "RETURN $a AS a, $b AS b, $c AS c, $d AS d, $e AS e"
    given = ("a=1.5", 'b="42"', "c=[1, null]", "d=Sigur Rós", 'e={"x": true}')
    words = [word for text in given for word in ("-p", text)]
    (row,) = ask.rows("query", "run", cypher, *words)
    assert row == {"a": 1.5, "b": "42", "c": [1, None], "d": "Sigur Rós", "e": {"x": True}}


def test_what_is_wrong_with_ones_own_is_said(ask: Ask, tmp_path: Path) -> None:
    assert (
        "asks for $k, which has no value: give -p k=VALUE"
        in ask("query", "run", OWN, code=1).stderr
    )
    assert "nor is there a file" in ask("query", "run", "none.cypher", code=1).stderr
    assert "there is no query" in ask("query", "run", "-", code=1, stdin=" ").stderr
    assert "refused a query" in ask("query", "run", "MATCH (n RETURN n", code=1).stderr
    (tmp_path / "latin.cypher").write_bytes(b"RETURN '\xe9' AS e")
    assert "no text in UTF-8" in ask("query", "run", tmp_path / "latin.cypher", code=1).stderr
    assert (
        "--write is for Cypher of your own"
        in ask("query", "run", "top-artists", "--write", code=2).stderr
    )


def test_ones_own_only_reads_unless_it_may_write(ask: Ask, change: Ask) -> None:
    made = "CREATE (b:Brand {id: 7}) RETURN b.id AS id"
    assert "give --write" in ask("query", "run", made, code=1).stderr
    assert ask.rows("query", "run", "MATCH (n) WHERE n:Brand RETURN count(n) AS n") == [{"n": 0}]
    written = change("query", "run", made, "--write")
    assert "nodes created 1" in written.stderr
    assert change.rows("query", "run", "MATCH (b:Brand) RETURN b.id AS id") == [{"id": 7}]
    change("query", "run", "MATCH (b:Brand) DELETE b", "--write")


def test_a_result_is_a_graph_too(ask: Ask, tmp_path: Path) -> None:
    cypher = "MATCH path = (:User {id: 2})-[:LISTENED]->(:Artist) RETURN path LIMIT 3"
    file = tmp_path / "heard.graphml"
    assert "3 edges" in ask("query", "run", cypher, "-o", file).stderr
    assert len(nx.read_graphml(file)) == 4
    printed = ask("query", "run", cypher, "--format", "graphml").stdout
    assert nx.utils.graphs_equal(nx.parse_graphml(printed), nx.read_graphml(file))
    text = ask("query", "run", cypher, "--format", "dot").stdout
    assert text.startswith("digraph {")
    assert text.count("->") == 3
    drawn = tmp_path / "around.gexf"
    ask("query", "run", "draw-neighbourhood", "-o", drawn)
    assert len(nx.read_gexf(drawn)) > 10
    assert "made of nodes" in ask("query", "run", "top-artists", "-o", file, code=1).stderr
    assert "no format" in ask("query", "run", cypher, "-o", "heard.png", code=2).stderr


def test_nodes_in_json_have_what_a_person_can_read(ask: Ask) -> None:
    (row,) = ask.rows("query", "run", "MATCH (a:Artist {id: 7}) RETURN a")
    assert row["a"]["id"] == 7
    assert row["a"]["properties"]["listeners"] > 0
    assert "embedding" not in row["a"]["properties"]
