"""Where a statement ends, and what Tab completes in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from tastegraph.commands.shell_prompt import CypherCompleter
from tastegraph.commands.statements import is_complete, statements
from tastegraph.graph.query_files import query_names
from tastegraph.graph.vocabulary import Vocabulary

KNOWN = Vocabulary(
    labels=("Artist", "Odd label", "User"),
    types=("FRIEND", "LISTENED"),
    properties=("id", "listeners", "name"),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" ;; \n; ", []),
        ("RETURN 1", ["RETURN 1"]),
        ("RETURN 1; RETURN 2;", ["RETURN 1", "RETURN 2"]),
        ("RETURN ';' AS a; RETURN 2", ["RETURN ';' AS a", "RETURN 2"]),
        ('RETURN "\\";" AS a; RETURN 2', ['RETURN "\\";" AS a', "RETURN 2"]),
        ("RETURN `a;b`; RETURN 2", ["RETURN `a;b`", "RETURN 2"]),
        ("// one; two\nRETURN 1; /* ; */ RETURN 2", ["// one; two\nRETURN 1", "/* ; */ RETURN 2"]),
        ("RETURN 'never closed; RETURN 2", ["RETURN 'never closed; RETURN 2"]),
    ],
)
def test_semicolons_end_statements_but_not_in_strings(text: str, expected: list[str]) -> None:
    assert statements(text) == expected


@given(st.text(alphabet="a;'\"`/* \n\\"))
def test_nothing_but_semicolons_and_blanks_is_lost(text: str) -> None:
    kept = "".join("".join(statements(text)).split())
    left = "".join(text.split())
    assert kept.replace(";", "") == left.replace(";", "")


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("", True),
        (":help", True),
        ("top-artists k=5", True),
        ("MATCH (n)", False),
        ("MATCH (n) RETURN n;", True),
        ("MATCH (n) RETURN n; ", True),
        ("MATCH (n) RETURN ';", False),
        ("MATCH (n) RETURN n\n", True),
        ("RETURN 1; RETURN 2", False),
    ],
)
def test_enter_runs_what_is_complete(text: str, complete: bool) -> None:
    assert is_complete(text) is complete


def completed(text: str) -> list[str]:
    found = CypherCompleter(KNOWN).get_completions(Document(text), CompleteEvent())
    return [each.text for each in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MATCH (a:Ar", ["Artist"]),
        ("MATCH (a:", ["Artist", "`Odd label`", "User"]),
        ("MATCH (a:Artist|", ["Artist", "`Odd label`", "User"]),
        ("MATCH (a) WHERE a:us", ["User"]),
        ("MATCH (:User)-[:LI", ["LISTENED"]),
        ("MATCH (:User)-[r:FRIEND|", ["FRIEND", "LISTENED"]),
        ("MATCH (u)-[:FRIEND]-(v:Us", ["User"]),
        ("MATCH (a) RETURN a.li", ["listeners"]),
        ("MATCH (a:Artist {na", ["name"]),
        ("MATCH (a:Artist {id: ", []),
        ("match (a) ret", ["return"]),
        ("MATCH (a) RET", ["RETURN"]),
        ("top-ar", ["top-artists"]),
        ("user-listens ", ["userId=", "k="]),
        (":sh", [":show"]),
        (":show top-t", ["top-tags"]),
        ("RETURN '(a:", []),
    ],
)
def test_tab_completes_what_fits(text: str, expected: list[str]) -> None:
    assert completed(text) == expected


def test_at_the_beginning_stand_queries_and_commands() -> None:
    found = completed("")
    assert {*query_names(), ":help", "MATCH"} <= {*found}
