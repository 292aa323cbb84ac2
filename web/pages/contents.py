"""What each page holds: answers, and where one is missing, why and how to get it."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tastegraph.api.graph import Graph
from tastegraph.errors import StoreError, TastegraphError
from tastegraph.web.answers import about, drawn, named
from tastegraph.web.answers import artist_map as maps
from tastegraph.web.answers.comparing import comparison
from tastegraph.web.answers.recommending import Steering, model_weights, recommendations, why_not
from tastegraph.web.answers.rows import Row
from tastegraph.web.answers.writing import hidden
from tastegraph.web.pages.bars import bars
from tastegraph.web.pages.controls import sliders
from tastegraph.web.pages.words import LINKS, lines

Values = Mapping[str, Any]

# Rows of each list of a page.
_FEW, _SOME = 8, 12

# What says how alike two people are.
_MEASURES = {
    "similarity": "taste, by the vectors",
    "tag_similarity": "tags of what they play",
    "jaccard": "artists, of all that either plays",
    "overlap": "artists, of what the one with fewer plays",
}

# Conditions to choose from as filters.
_BANDS = {"band=head": "best known", "band=middle": "in between", "band=tail": "little known"}

# Tags to choose from as filters.
_TAGS = 60


@dataclass(frozen=True)
class Section:
    """A part of a page: its answer, or why there is none."""

    answer: Any
    missing: str = ""


def section(ask: Callable[[], Any]) -> Section:
    """What ``ask`` gives; a database that does not answer is no matter of one section."""
    try:
        return Section(ask())
    except StoreError:
        raise
    except TastegraphError as error:
        return Section(None, str(error))


def home(graph: Graph, _: Values) -> Row:
    """What there is to begin with."""
    # At once: this is what is asked of a database that has just been opened, and slow for it.
    with ThreadPoolExecutor() as asking:
        people = asking.submit(named.people, graph, _FEW)
        tags = asking.submit(named.tags, graph, 2 * _SOME)
        artists = asking.submit(named.artists, graph, _SOME)
        held = about.about(graph)
        return {
            "about": held,
            "people": people.result()["users"],
            "artists": artists.result()["artists"],
            "tags": tags.result()["tags"],
        }


def search(graph: Graph, values: Values) -> Row:
    """What is called like what was typed."""
    text = (values["q"] or "").strip()
    found = about.found(graph, text, values["k"])["found"] if text else []
    return {"query": text, "found": found}


def person(graph: Graph, values: Values) -> Row:
    """A person with recommendations, and what steers these."""
    who = named.person(graph, values["id"], _SOME)
    steering = Steering.of(values)
    listed = section(lambda: _recommended(graph, values, steering))
    return {
        "person": who,
        "friends": section(lambda: named.nearest_friends(graph, values["id"], _FEW)),
        "hidden": hidden(graph, values["id"])["hidden"],
        "recommended": listed,
        "sliders": section(lambda: sliders(steering, model_weights(graph), about.knobs(graph))),
        "steering": steering,
        "bands": _BANDS,
        "k": values["k"],
    }


def _recommended(graph: Graph, values: Values, steering: Steering) -> list[Row]:
    rows = recommendations(graph, values["id"], values["k"], steering, why=True)["artists"]
    return [
        row | {"bar": bar, "lines": lines(row["why"], row["score"])}
        for row, bar in zip(rows, bars(rows), strict=True)
    ]


def left_out(graph: Graph, values: Values) -> Row:
    """Where an artist stands in a person's ranking."""
    steering = Steering.of(values)
    asked = section(lambda: why_not(graph, values["id"], values["artist"], values["k"], steering))
    place = asked.answer and asked.answer["place"]
    user = named.identified(graph, "user", values["id"])
    shown = lines(place["why"], place["score"])[::-1] if place else []
    return {
        "user": user,
        "asked": values["artist"],
        "place": place,
        "refusal": asked.missing,
        "lines": sorted(shown, key=lambda line: line.kind == "rest"),
        "segments": bars([place])[0] if place else [],
    }


def compared(graph: Graph, values: Values) -> Row:
    """A person beside another."""
    other = (values["other"] or "").strip()
    named.identified(graph, "user", values["id"])
    return {
        "asked": values["id"],
        "other": other,
        "measures": _MEASURES,
        "pair": section(lambda: comparison(graph, values["id"], other, _SOME)),
    }


def artist(graph: Graph, values: Values) -> Row:
    """An artist, and its neighbours twice."""
    return {
        "artist": named.artist(graph, values["id"], _SOME),
        "near": named.neighbours(graph, values["id"], _SOME),
        "model": section(lambda: model_weights(graph)),
    }


def artist_map(graph: Graph, values: Values) -> Row:
    """The map of artists, on demand with what a person plays and might like."""
    user = (values["user"] or "").strip()
    return {
        "map": section(lambda: maps.artist_map(graph, 1)),
        "user": user,
        "laid": section(lambda: maps.of_person(graph, user)) if user else None,
    }


def drawing(graph: Graph, values: Values) -> Row:
    """A part of the graph, drawn and as a table."""
    asked = any(values[name] for name in (*drawn.KINDS, "other"))
    found = section(lambda: drawn.drawn(graph, values)) if asked else None
    if found and found.answer and not found.answer["ends"]:
        found = None
    answer = (found and found.answer) or {"nodes": [], "ends": [], "parts": []}
    by_key = {node["key"]: node for node in answer["nodes"]}
    parts = answer["parts"]
    following = {**values, "start": values["start"] + values["k"]}
    return {
        "asked": values,
        "drawing": found,
        "by_key": by_key,
        "ends": [by_key[key] for key in answer["ends"]],
        "lines": lines(parts, sum(part["value"] for part in parts)) if parts else [],
        "words": LINKS,
        "most": drawn.MOST,
        "further": f"/graph?{urlencode({name: text for name, text in following.items() if text})}",
    }


def tag(graph: Graph, values: Values) -> Row:
    """A tag."""
    return {"tag": named.tag(graph, values["id"], _SOME)}


def model(graph: Graph, _: Values) -> Row:
    """The model."""
    return {"model": section(lambda: about.model(graph))}
