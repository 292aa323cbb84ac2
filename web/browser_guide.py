"""The guide for Neo4j Browser, written from the query files in both forms that Browser takes.

Browser up to 5 plays HTML (``:play``): an article whose carousel has one slide a chapter. Later
ones read AsciiDoc, where each section is a slide.
"""

from collections.abc import Iterable
from html import escape

from tastegraph.graph.query_files import query
from tastegraph.web.chapters import CHAPTERS, INTRODUCTION, TITLE, Chapter

STYLE = "tastegraph.grass"
SCRIPTS = "tastegraph-scripts.zip"

# The AsciiDoc listing that a query stands in.
_FENCE = "----"


def guide_html(address: str | None = None) -> str:
    """The guide as HTML; ``address`` is where the style can be fetched, if it is served."""
    slides = [
        _slide(TITLE, INTRODUCTION[0], f"{_paragraphs(INTRODUCTION[1:])}\n{_colours(address)}"),
        *(_slide(one.title, one.lead, "\n".join(map(_figure, one.queries))) for one in CHAPTERS),
    ]
    carousel = "\n".join(slides)
    return (
        '<article class="guide">\n<carousel class="deck container-fluid">\n'
        f"{carousel}\n</carousel>\n</article>\n"
    )


def guide_adoc(address: str | None = None) -> str:
    """The guide as AsciiDoc; ``address`` is where the style can be fetched, if it is served."""
    # Between plus signs braces are no attributes and asterisks no bold type.
    opening = [f"= {TITLE}", *(f"+{paragraph}+" for paragraph in INTRODUCTION)]
    chapters = [_section(chapter) for chapter in CHAPTERS]
    return "\n\n".join([*opening, _colours_adoc(address), *chapters]) + "\n"


def _slide(title: str, lead: str, content: str) -> str:
    return (
        '<slide class="row-fluid">\n'
        f'<div class="col-sm-3">\n<h3>{escape(title)}</h3>\n'
        f'<p class="lead">{escape(lead)}</p>\n</div>\n'
        f'<div class="col-sm-9">\n{content}\n</div>\n'
        "</slide>"
    )


def _paragraphs(texts: Iterable[str]) -> str:
    return "\n".join(f"<p>{escape(text)}</p>" for text in texts)


def _figure(name: str) -> str:
    text = escape(query(name).text.rstrip())
    return (
        f"<h4>{name}</h4>\n"
        f'<figure>\n<pre class="pre-scrollable code runnable">{text}</pre>\n</figure>'
    )


def _colours(address: str | None) -> str:
    if address is None:
        return f"<p>For colours and captions drag the file {STYLE} into this window.</p>"
    return (
        "<p>For colours and captions:</p>\n"
        f'<figure>\n<pre class="code runnable">:style {address}/{STYLE}</pre>\n</figure>\n'
        f'<p>For all queries as saved scripts <a href="{address}/{SCRIPTS}">get '
        f"{SCRIPTS}</a> and drag it into this window.</p>"
    )


def _section(chapter: Chapter) -> str:
    return "\n\n".join([f"== {chapter.title}", chapter.lead, *map(_listing, chapter.queries)])


def _listing(name: str) -> str:
    text = query(name).text.rstrip()
    return f".{name}\n[source,cypher]\n{_FENCE}\n{text}\n{_FENCE}"


def _colours_adoc(address: str | None) -> str:
    if address is None:
        return f"For colours and captions drag the file {STYLE} into this window."
    return (
        f"Colours and captions: {address}/{STYLE}[{STYLE}], and all queries as saved scripts: "
        f"{address}/{SCRIPTS}[{SCRIPTS}]. Get both and drag them into this window."
    )
