"""What Neo4j Browser is given holds every query, word for word, and docs/ holds the same."""

import io
import re
import zipfile
from html.parser import HTMLParser

import pytest

from tastegraph.graph.query_files import query, query_names
from tastegraph.graph.schema import NODES, RELATIONS
from tastegraph.web.browser_files import GUIDE, GUIDE_ADOC, browser_files, scripts
from tastegraph.web.browser_guide import STYLE, guide_adoc, guide_html
from tastegraph.web.chapters import CHAPTERS
from tests.neo4j_packages import ROOT

ADDRESS = "http://localhost:8474"


class Slides(HTMLParser):
    """The texts of runnable blocks, and what was opened and closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.slides = 0
        self.runnable: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.slides += tag == "slide"
        if tag == "pre":
            assert "runnable" in (dict(attrs)["class"] or "")
            self.runnable.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["pre"]:
            self.runnable[-1] += data


def test_every_query_is_in_one_chapter() -> None:
    assert sorted(name for one in CHAPTERS for name in one.queries) == query_names()


def test_html_has_a_slide_a_chapter_and_every_query() -> None:
    slides = Slides(guide_html(ADDRESS))
    assert slides.open == []
    assert slides.slides == len(CHAPTERS) + 1
    texts = [query(name).text.rstrip() for one in CHAPTERS for name in one.queries]
    assert slides.runnable == [f":style {ADDRESS}/{STYLE}", *texts]


def test_adoc_has_a_section_a_chapter_and_every_query() -> None:
    text = guide_adoc(ADDRESS)
    assert re.findall(r"^== (.+)$", text, re.MULTILINE) == [one.title for one in CHAPTERS]
    listings = re.findall(r"^\[source,cypher\]\n----\n(.*?)\n----$", text, re.DOTALL | re.MULTILINE)
    assert listings == [query(name).text.rstrip() for one in CHAPTERS for name in one.queries]
    assert f"{ADDRESS}/{STYLE}" in text


@pytest.mark.parametrize("guide", [guide_html, guide_adoc])
def test_unserved_it_names_no_address(guide: type[guide_html]) -> None:
    assert "http" not in guide()


def test_scripts_are_the_queries_under_their_names() -> None:
    with zipfile.ZipFile(io.BytesIO(scripts())) as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    assert {name.rpartition("/")[2] for name in found} == {
        f"{name}.cypher" for name in query_names()
    }
    assert len({name.rpartition("/")[0] for name in found}) == len(CHAPTERS)
    assert not [name for name in found if re.search(r'[<>:"\\|?*]', name)]
    for path, text in found.items():
        name = path.rpartition("/")[2].removesuffix(".cypher")
        assert text == f"// {name}\n//\n{query(name).text}"


def test_style_has_everything_in_the_graph() -> None:
    style = browser_files()[STYLE].decode()
    named = set(re.findall(r"^(?:node|relationship)\.(\w+) \{$", style, re.MULTILINE))
    assert named == {"Model", *(kind.label for kind in NODES), *(kind.type for kind in RELATIONS)}
    captions = dict(re.findall(r'^node\.(\w+) \{[^}]*?caption: "\{(\w+)\}"', style, re.MULTILINE))
    assert captions == {"User": "id", "Artist": "name", "Tag": "name", "Model": "algorithm"}


@pytest.mark.parametrize("name", [GUIDE, GUIDE_ADOC, STYLE])
def test_docs_hold_the_same(name: str) -> None:
    """Otherwise: tastegraph browser-guide --output docs."""
    assert (ROOT / "docs" / name).read_bytes() == browser_files()[name]
