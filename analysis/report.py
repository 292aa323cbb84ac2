"""All figures and pictures as one page that needs nothing else."""

import base64
import math
from collections import Counter
from copy import copy
from datetime import date
from importlib import resources
from typing import Any

import pandas as pd

from tastegraph.analysis.drawing import draw
from tastegraph.analysis.kinds import KINDS, Wish
from tastegraph.analysis.pictures.fonts import in_words, unseen
from tastegraph.analysis.pictures.style import rendered, said
from tastegraph.analysis.sections import FIGURE, OF, SECTION, TEXT, VALUE, analyse
from tastegraph.analysis.source import Source
from tastegraph.errors import InputError, ModelError, NotFoundError
from tastegraph.runtime.notes import Note, unsaid
from tastegraph.runtime.printable import printable
from tastegraph.runtime.progress import silent

# The page's parts, in order: a section of figures, its title, and the pictures that go with it.
PARTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("matrix", "Listens", ()),
    ("plays", "Plays and their scalings", ("plays-density", "plays-box")),
    ("artists", "Artists", ("top-artists",)),
    ("users", "Users", ("top-users",)),
    ("popularity", "Popularity", ("long-tail",)),
    ("tags", "Tags", ("top-tags", "tag-heatmap")),
    ("tag-clusters", "Clusters of tags", ("tag-clusters",)),
    ("friends", "Friends", ("friends",)),
    ("gaps", "What is missing", ()),
    (
        "model",
        "The model",
        (
            "loss",
            "artists-pca",
            "artists-tsne",
            "artist-clusters",
            "neighbourhood",
            "reasons",
            "scores",
        ),
    ),
)

# Figures that are of the same things make a table if there are so many of both.
_FEWEST = 3


def page(source: Source, wish: Wish, note: Note = unsaid) -> str:
    """The report as HTML, pictures inside.

    What the graph has no data for is said on the page and through ``note``. Raises NotFoundError
    or ModelError where it has data for nothing.
    """
    from jinja2 import Environment, select_autoescape

    missing: list[str] = []

    def say(text: str) -> None:
        missing.append(text)
        note(text)

    figures = analyse(source, k=wish.k or 10, note=say)
    pictures = _pictures(source, wish, say)
    parts = [
        {
            "id": section,
            "title": title,
            **_arranged(figures[figures[SECTION] == section]),
            "pictures": [pictures[kind] for kind in kinds if kind in pictures],
        }
        for section, title, kinds in PARTS
    ]
    template = (
        resources.files("tastegraph.analysis").joinpath("report.html").read_text(encoding="utf-8")
    )
    environment = Environment(autoescape=select_autoescape(default_for_string=True))
    html = environment.from_string(template).render(
        parts=[part for part in parts if part["rows"] or part["table"] or part["pictures"]],
        missing=missing,
        made=date.today().isoformat(),
    )
    return printable(html)


def _pictures(source: Source, wish: Wish, say: Note) -> dict[str, dict[str, str]]:
    """Each picture that the graph has data for: what it shows, and its file as text."""
    # Most models, the default one among them, keep no losses: nothing is missing then.
    without = set() if source.has_history else {"loss"}
    kinds = [kind for _, _, kinds in PARTS for kind in kinds if kind not in without]
    drawn, letters = {}, ""
    # One bar for all of it: those of single pictures would be drawn over it.
    quiet = copy(source)
    quiet.progress = silent
    with source.progress("drawing", len(kinds)) as advance:
        for kind in kinds:
            try:
                figure = draw(quiet, kind, wish)
                letters += unseen(figure)
                image = base64.b64encode(rendered(figure)).decode("ascii")
                drawn[kind] = {
                    "kind": kind,
                    "shows": KINDS[kind].shows,
                    "says": said(figure),
                    "image": image,
                }
            except (InputError, ModelError, NotFoundError) as error:
                say(f"no picture {kind}: {error}")
            advance(1)
    if letters:
        say(in_words("".join(sorted(set(letters)))))
    return drawn


def _arranged(figures: pd.DataFrame) -> dict[str, Any]:
    """A section's rows, and as a table those of figures that are all of the same things."""
    things = {name: tuple(rows[OF]) for name, rows in figures.groupby(FIGURE, sort=False)}
    common, count = Counter(things.values()).most_common(1)[0] if things else ((), 0)
    if count < _FEWEST or len(common) < _FEWEST:
        return {"rows": _rows(figures), "table": None}
    columns = [name for name, of in things.items() if of == common]
    in_table = figures[FIGURE].isin(columns)
    values = figures[in_table].set_index([OF, FIGURE])[VALUE]
    lines = [(of, [_shown(values[of, name]) for name in columns]) for of in common]
    return {"rows": _rows(figures[~in_table]), "table": {"columns": columns, "lines": lines}}


def _rows(figures: pd.DataFrame) -> list[tuple[str, str]]:
    columns = [figures[name] for name in (FIGURE, OF, VALUE, TEXT)]
    return [
        (figure if of is None else f"{figure}: {of}", _shown(value if text is None else text))
        for figure, of, value, text in zip(*columns, strict=True)
    ]


def _shown(value: object) -> str:
    """A value as a person reads it."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "none"
    if isinstance(value, float):
        if value == int(value):
            return f"{value:,.0f}"
        return f"{value:,.4f}" if abs(value) >= 1 else f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
