"""The one table of what programs can ask; routes and OpenAPI are made from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tastegraph.api.graph import Graph
from tastegraph.web.answers import about, artist_map, drawn, named, writing
from tastegraph.web.answers.comparing import comparison
from tastegraph.web.answers.recommending import (
    Steering,
    recommendations,
    recommendations_each,
    recommendations_together,
    why_not,
)
from tastegraph.web.answers.rows import Row
from tastegraph.web.answers.what_if import moving_chip, taste_of, what_if
from tastegraph.web.service.parameters import (
    ARTIST,
    BLOCK,
    BY,
    DRAWN,
    FILTERS,
    GROUP,
    ID,
    MEMBERS,
    NEW_ID,
    OTHER,
    QUERY,
    SAID,
    STEERING,
    TASTE,
    USERS,
    WHY,
    K,
    Parameter,
)
from tastegraph.web.service.schemas import SCHEMAS

Values = Mapping[str, Any]

ROOT = "/api"


@dataclass(frozen=True)
class Endpoint:
    """Something to ask: where, with what, and what answers.

    schema   the name of the answer in ``SCHEMAS``
    is_open  it needs no token
    method   of HTTP; others than GET change something
    """

    path: str
    about: str
    schema: str
    answer: Callable[[Graph, Values], Row]
    parameters: tuple[Parameter, ...] = ()
    is_open: bool = False
    method: str = "GET"

    @property
    def name(self) -> str:
        """What a client would call it, as in ``users_id_friends`` or ``delete_users_id_hidden``."""
        name = self.path.strip("/").replace("/", "_").replace("{", "").replace("}", "")
        return f"{self.method.lower()}_{name}" if self.changes else name

    @property
    def changes(self) -> bool:
        """Whether it changes the graph."""
        return self.method != "GET"

    @property
    def has_notes(self) -> bool:
        """Whether the answer has sentences beside it."""
        return "notes" in SCHEMAS[self.schema]["properties"]


ENDPOINTS = (
    Endpoint(
        "/health",
        "Whether the database answers; needs no token",
        "Health",
        lambda graph, _: about.health(graph),
        is_open=True,
    ),
    Endpoint(
        "/version",
        "The program's version, the model's name, and how much is in the graph",
        "About",
        lambda graph, _: about.about(graph),
    ),
    Endpoint(
        "/model",
        "The model in use, how it was made, and the versions that are kept",
        "Model",
        lambda graph, _: about.model(graph),
    ),
    Endpoint(
        "/search",
        "Artists, tags and people by what they are called",
        "Found",
        lambda graph, values: about.found(graph, values["q"], values["k"]),
        (QUERY, K),
    ),
    Endpoint(
        "/users",
        "The people with the most plays",
        "People",
        lambda graph, values: named.people(graph, values["k"]),
        (K,),
    ),
    Endpoint(
        "/users/{id}",
        "A person: what they play most, and their tags",
        "Person",
        lambda graph, values: named.person(graph, values["id"], values["k"]),
        (ID, K),
    ),
    Endpoint(
        "/users/{id}/recommendations",
        "Artists that a person might like, with the signals that make up each score",
        "Recommendations",
        lambda graph, values: recommendations(
            graph, values["id"], values["k"], Steering.of(values), values["why"]
        ),
        (ID, K, WHY, *STEERING),
    ),
    Endpoint(
        "/recommendations",
        "Artists that each of several people might like",
        "RecommendationsOfMany",
        lambda graph, values: recommendations_each(
            graph, values["user"], values["k"], Steering.of(values), values["why"]
        ),
        (USERS, K, WHY, *STEERING),
    ),
    Endpoint(
        "/recommendations/group",
        "One list for several people together: artists that none of them plays",
        "RecommendationsOfGroup",
        lambda graph, values: recommendations_together(
            graph,
            values["user"],
            values["k"],
            Steering.of(values),
            values["why"],
            group=values["group"],
        ),
        (MEMBERS, GROUP, K, WHY, *STEERING),
    ),
    Endpoint(
        "/users/{id}/why-not",
        "Where an artist stands in a person's ranking; why has what holds it back first",
        "WhyNot",
        lambda graph, values: why_not(
            graph, values["id"], values["artist"], values["k"], Steering.of(values)
        ),
        (ID, ARTIST, K, *FILTERS),
    ),
    Endpoint(
        "/users/{id}/friends",
        "A person's friends, those of the nearest taste first",
        "Friends",
        lambda graph, values: named.friends(graph, values["id"], values["k"]),
        (ID, K),
    ),
    Endpoint(
        "/users/{id}/hidden",
        "The artists that a person never wants to be recommended",
        "HiddenArtists",
        lambda graph, values: writing.hidden(graph, values["id"]),
        (ID,),
    ),
    Endpoint(
        "/users/{id}/similar",
        "The people of the nearest taste",
        "SimilarPeople",
        lambda graph, values: named.similar_people(graph, values["id"], values["k"]),
        (ID, K),
    ),
    Endpoint(
        "/users/{id}/compare",
        "How alike two people's tastes are, what they share, and what each might like",
        "Comparison",
        lambda graph, values: comparison(graph, values["id"], values["other"], values["k"]),
        (ID, OTHER, K),
    ),
    Endpoint(
        "/what-if",
        "What somebody who is not in the data might like, and what one thing they say moves",
        "WhatIf",
        lambda graph, values: what_if(
            graph,
            taste_of(graph, values),
            values["k"],
            None if values["moved_by"] is None else moving_chip(graph, values["moved_by"]),
            values["why"],
        ),
        (*TASTE, K, WHY),
    ),
    Endpoint(
        "/artists",
        "The artists with the most listeners",
        "Artists",
        lambda graph, values: named.artists(graph, values["k"]),
        (K,),
    ),
    Endpoint(
        "/artists/{id}",
        "An artist: its tags, and who plays it most",
        "Artist",
        lambda graph, values: named.artist(graph, values["id"], values["k"]),
        (ID, K),
    ),
    Endpoint(
        "/artists/{id}/similar",
        "The artists nearest to an artist, by their vectors or by their tags",
        "SimilarArtists",
        lambda graph, values: named.similar_artists(graph, values["id"], values["by"], values["k"]),
        (ID, K, BY),
    ),
    Endpoint(
        "/map",
        "The map of artists: its colours, and the best known on it; /api/map.bin has all places",
        "ArtistMap",
        lambda graph, values: artist_map.artist_map(graph, values["k"]),
        (K,),
    ),
    Endpoint(
        "/map/names",
        "Ids and names of the artists of the map, in blocks, in the order of /api/map.bin",
        "MapNames",
        lambda graph, values: artist_map.names(graph, values["block"]),
        (BLOCK,),
    ),
    Endpoint(
        "/map/artists/{id}",
        "Where an artist stands on the map",
        "Place",
        lambda graph, values: artist_map.place(graph, values["id"]),
        (ID,),
    ),
    Endpoint(
        "/map/users/{id}",
        "What a person plays and might like, by its rows on the map",
        "MapOfPerson",
        lambda graph, values: artist_map.of_person(graph, values["id"]),
        (ID,),
    ),
    Endpoint(
        "/graph",
        "What is around a person, an artist or a tag, or the ways between two, to be drawn",
        "Drawing",
        drawn.drawn,
        DRAWN,
    ),
    Endpoint(
        "/tags",
        "The tags that are given most",
        "Tags",
        lambda graph, values: named.tags(graph, values["k"]),
        (K,),
    ),
    Endpoint(
        "/tags/{id}",
        "A tag: its artists, who gives it most, and the tags beside it",
        "Tag",
        lambda graph, values: named.tag(graph, values["id"], values["k"]),
        (ID, K),
    ),
)

WRITING = (
    Endpoint(
        "/users/{id}/hidden",
        "Never recommend an artist to a person again",
        "HiddenArtists",
        lambda graph, values: writing.hide(graph, values["id"], values["artist"]),
        (ID, ARTIST),
        method="POST",
    ),
    Endpoint(
        "/users/{id}/hidden",
        "Let an artist be recommended to a person again",
        "HiddenArtists",
        lambda graph, values: writing.unhide(graph, values["id"], values["artist"]),
        (ID, ARTIST),
        method="DELETE",
    ),
    Endpoint(
        "/users",
        "Keep somebody who likes these as a new person of the graph",
        "KeptPerson",
        lambda graph, values: writing.keep(graph, taste_of(graph, values), values["id"]),
        (NEW_ID, *SAID),
        method="POST",
    ),
)
"""What changes the graph, where that is allowed."""


def endpoints(writes: bool) -> tuple[Endpoint, ...]:
    """All that can be asked; with ``writes`` also what changes the graph."""
    return (*ENDPOINTS, *WRITING) if writes else ENDPOINTS
