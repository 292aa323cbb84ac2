"""bench/README.md: an introduction, then one section a part, each made by its part."""

import re
from pathlib import Path

README = Path(__file__).with_name("README.md")

INTRODUCTION = """\
# Figures

Everything below is written by

    python -m bench --write

(`make bench` prints it instead; `python -m bench PART --write` renews one section). It needs the
real data beside the repository (or `--data PATH`), the extra `bench`, and for Neo4j either Java 17
and Maven, Docker, or an empty server named by `--store-uri`. Times are medians, least and most in
brackets. Machines differ by a factor of three: the ratios count, and the absolute bounds are meant
for two ordinary cores.
"""


def updated(
    text: str, sections: dict[str, str], order: list[str], introduction: str = INTRODUCTION
) -> str:
    """Return the page ``text`` with ``sections``, by title, put in or exchanged.

    Other sections stay as they are; all stand in ``order``, unknown ones are dropped.
    """
    known = dict(re.findall(r"^(?=## (.+)$)((?:.*\n)(?:(?!## ).*\n?)*)", text, re.MULTILINE))
    known |= sections
    parts = [known[title].strip() + "\n" for title in order if title in known]
    return "\n".join([introduction, *parts])


def write(sections: dict[str, str], order: list[str], page: Path = README) -> None:
    """Put ``sections`` into ``page``, which is made when absent."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    page.write_text(updated(text, sections, order), encoding="utf-8")
