"""Random small graphs, with ids and names that files are known to change."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from tastegraph.graph.frames import (
    ARTISTS,
    FRIENDSHIPS,
    LISTENS,
    TAGGINGS,
    TAGS,
    USERS,
    GraphFrames,
    Id,
    OwnProperty,
)
from tastegraph.loaders.files.spelling import bare

AWKWARD = [
    *("NA", "None", "null", "True", "nan", "NULL", "#N/A", "-", "=1+1", "@x", "'"),
    *('"', '""', '"Heroes"', '"Weird Al" Yankovic', '12" Mix', "a,b", "a;b", "a\tb", "a|b"),
    *("line\nbreak", "line\r\nbreak", "car\rriage", "x\na,b", "x\n1,2,3,4,5", '"x\n"', "\n"),
    *("🎸 Sigur Rós 東京 ﷽", "Beyonce\u0301", "back\\slash \\N", " outer ", "\ufeffbom", "\u2028"),
]
NUMERALS = ["0", "1", "007", "1.0", "2.0", "1e3", "1,234", "1.000", "-5", "+5", "١٢", "7.6e+16"]

_LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
_TEXTS = st.sampled_from(AWKWARD) | st.text(_LETTERS, min_size=1, max_size=8)
_TEXT_IDS = st.sampled_from(NUMERALS) | _TEXTS.map(bare).filter(bool)
_WHOLE_IDS = st.integers(-9, 10**17)
_DATES = st.just("") | st.dates().map(str)
_VALUES = (
    _TEXTS | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, width=32)
)


@st.composite
def graphs(draw: st.DrawFn, least: int = 0) -> GraphFrames:
    """Valid frames of a graph with ``least`` or more users and artists, ids of any kind."""
    users, artists, tags = draw(_ids(least)), draw(_ids(least)), draw(_ids())
    pairs = st.tuples(st.sampled_from(users or [0]), st.sampled_from(artists or [0]))
    several = {"max_size": 6 if users and artists else 0}
    listened = draw(st.lists(pairs, unique=True, **several))
    tagged = draw(
        st.lists(
            st.tuples(pairs, st.sampled_from(tags or [0])),
            unique=True,
            max_size=several["max_size"] if tags else 0,
        )
    )
    # Whole numbers by size, text by its length first.
    in_order = sorted(users, key=lambda id_: (len(id_) if isinstance(id_, str) else 0, id_))
    friends = [*combinations(in_order, 2)]
    featured = [(one, other) for one in artists for other in artists if one != other]
    return GraphFrames(
        users=_frame([(user,) for user in users], USERS),
        artists=_frame([(id_, *draw(_ARTIST)) for id_ in artists], ARTISTS),
        tags=_frame([(id_, draw(_TEXTS)) for id_ in tags], TAGS),
        listens=_frame(sorted((*pair, draw(st.integers(1, 10**8))) for pair in listened), LISTENS),
        friendships=_frame(_some(draw, friends), FRIENDSHIPS),
        taggings=_frame(sorted((*pair, tag, draw(_DATES)) for pair, tag in tagged), TAGGINGS),
        report=[],
        features=_some(draw, featured),
        hidden=sorted(draw(st.lists(pairs, unique=True, **several))),
        properties=_properties(draw, {"Artist": artists, "Tag": tags, "User": users}),
    )


_OPTIONAL = st.none() | _TEXTS
_ARTIST = st.tuples(_TEXTS, _OPTIONAL, _OPTIONAL, _OPTIONAL)


@st.composite
def _ids(draw: st.DrawFn, least: int = 0) -> list[Id]:
    each = draw(st.sampled_from([_WHOLE_IDS, _TEXT_IDS]))
    return sorted(draw(st.lists(each, unique=True, min_size=least, max_size=4)))


def _some(draw: st.DrawFn, pairs: list[Any]) -> list[Any]:
    return sorted(draw(st.lists(st.sampled_from(pairs), unique=True))) if pairs else []


def _properties(draw: st.DrawFn, nodes: dict[str, list[Id]]) -> list[OwnProperty]:
    names = st.sampled_from(["country", "born in", "`tick`", "größe"])
    values = _VALUES | st.lists(st.integers(-9, 9), min_size=1, max_size=3)
    return [
        OwnProperty(label, id_, name, draw(values))
        for label, ids in nodes.items()
        for id_ in ids
        for name in sorted(draw(st.sets(names, max_size=2)))
    ]


def _frame(rows: Sequence[tuple[Any, ...]], columns: tuple[str, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns), dtype=object)
    return frame.astype({"plays": "int64"}) if "plays" in columns else frame
