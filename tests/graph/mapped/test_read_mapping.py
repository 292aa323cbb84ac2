"""A mapping's file: what it may say, and what is said of what it may not."""

from pathlib import Path

import pytest

from tastegraph.errors import InputError
from tastegraph.graph.mapped.mapping import (
    Artists,
    Friends,
    GraphMapping,
    Listens,
    Tags,
    Users,
    Written,
)
from tastegraph.graph.mapped.read_mapping import read_mapping

SMALLEST = """
[users]
label = "Person"
id = "id"
[artists]
label = "Product"
id = "sku"
[listens]
type = "BOUGHT"
"""


def read(folder: Path, text: str) -> GraphMapping:
    file = folder / "mapping.toml"
    file.write_text(text, encoding="utf-8")
    return read_mapping(file)


def test_the_smallest_mapping(tmp_path: Path) -> None:
    assert read(tmp_path, SMALLEST) == GraphMapping(
        Users("Person", "id"), Artists("Product", "sku"), Listens(("BOUGHT",))
    )


def test_everything_that_a_mapping_says(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        SMALLEST.replace('"sku"', '"sku"\nname = "title"\nurl = "page"').replace(
            '"BOUGHT"', '["BOUGHT", "GOT"]\nplays = "n"\ntime = "at"\nleast = { stars = 4 }'
        )
        + """
direction = "in"
[friends]
type = "KNOWS"
[tags]
type = "IN"
label = "Category"
name = "name"
by = "shop"
[write]
embedding = "taste"
recommended = "RECOMMENDED"
k = 5
""",
    )
    assert found.artists == Artists("Product", "sku", "title", "page")
    assert found.listens == Listens(("BOUGHT", "GOT"), "in", "n", "at", {"stars": 4})
    assert found.friends == Friends(("KNOWS",))
    assert found.tags == Tags(("IN",), label="Category", name="name", by="shop")
    assert found.written == Written("taste", "RECOMMENDED", 5)


def test_no_vectors_are_written_where_that_is_said(tmp_path: Path) -> None:
    assert read(tmp_path, SMALLEST + "[write]\nembedding = false").written == Written(None)


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("[users]", "[user]", r"\[user\] is no section of a mapping; did you mean 'users'\?"),
        ('id = "sku"', 'idd = "sku"', r"\[artists\]: idd is not known; did you mean 'id'\?"),
        ('id = "sku"', "", r"\[artists\]: id is missing"),
        ('id = "sku"', "id = 3", r"\[artists\]: id is to be text"),
        ('id = "sku"', 'id = " "', r"\[artists\]: id is to be text"),
        ('type = "BOUGHT"', "", r"\[listens\]: has neither: it takes one of type or cypher"),
        ('type = "BOUGHT"', 'type = "B"\ncypher = "RETURN 1"', "has type and cypher"),
        ('type = "BOUGHT"', "type = []", "type is to be text, or a list of it"),
        ('type = "BOUGHT"', 'type = "B"\nleast = 3', "least is to name properties and numbers"),
        ('type = "BOUGHT"', 'type = "B"\nleast = { a = true }', "least is to name properties"),
        ('type = "BOUGHT"', 'type = "B"\ndirection = "up"', "direction is to be"),
        ('type = "BOUGHT"', 'type = "B"\n[tags]\ntype = "IN"', r"\[tags\]: label is missing"),
        ('type = "BOUGHT"', 'type = "B"\n[tags]', r"\[tags\]: has neither"),
        ('type = "BOUGHT"', 'type = "B"\n[tags]\nproperty = "g"\nby = true', "by is to be"),
        ('type = "BOUGHT"', 'type = "B"\n[write]\nk = 0', "k is to be a whole number from 1"),
        ('[listens]\ntype = "BOUGHT"', "", r"no section \[listens\]: .*mapping init"),
        ("[users]", "users", "can't be read as a mapping"),
        ("[users]", 'listeners = "x"\n[users]', r"\[listeners\] is no section"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, was: str, now: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(tmp_path, SMALLEST.replace(was, now, 1))


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_mapping(tmp_path / "mapping.toml")
