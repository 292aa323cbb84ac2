"""``docs/explore.md``, the part on Neo4j Browser; its queries run in tests/browser."""

import re

from tastegraph.graph.query_files import query_names
from tests.neo4j_packages import ROOT

PAGE = (ROOT / "docs" / "explore.md").read_text(encoding="utf-8")
SECTION = PAGE.split("## In Neo4j Browser\n")[1]


def test_names_queries_and_pictures_that_are_there() -> None:
    queries = re.findall(r"\[([\w-]+)\]\(\.\./graph/queries/([\w-]+)\.cypher\)", SECTION)
    assert queries
    assert all(name == file and name in query_names() for name, file in queries)
    linked = re.findall(r"\]\(((?!http)[^)#]+)\)", SECTION)
    assert [link for link in linked if not (ROOT / "docs" / link).is_file()] == []
