"""What answers look like, in JSON Schema as OpenAPI 3.1 has it."""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
MAYBE_NUMBER: Schema = {"type": ["number", "null"]}
TRUTH: Schema = {"type": "boolean"}
IDENTITY: Schema = {"type": ["integer", "string"], "description": "as in the data"}
ANYTHING: Schema = {}


def listed(each: Schema) -> Schema:
    """A list of ``each``."""
    return {"type": "array", "items": each}


def an_object(optional: tuple[str, ...] = (), /, **properties: Schema) -> Schema:
    """An object with these properties, all of them but the ``optional`` ones always there."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def by_name(each: Schema) -> Schema:
    """An object whose names are data."""
    return {"type": "object", "additionalProperties": each}


_SIGNALS = {"embedding": NUMBER, "friends": NUMBER, "tags": NUMBER}

_PART = an_object(
    kind={
        **TEXT,
        "description": "listen, dislike, friend, tag, you, neighbour, change or embedding",
    },
    id={"type": ["integer", "string", "null"]},
    name=MAYBE_TEXT,
    value=NUMBER,
)

_RECOMMENDED = an_object(
    ("why",),
    rank=WHOLE,
    artist=IDENTITY,
    name=MAYBE_TEXT,
    score=NUMBER,
    **_SIGNALS,
    why={**listed(_PART), "description": "with why=true; the values add up to the score"},
)

_RECOMMENDED_TO_GROUP = an_object(
    ("why",),
    rank=WHOLE,
    artist=IDENTITY,
    name=MAYBE_TEXT,
    score={**NUMBER, "description": "of the group"},
    members=listed(an_object(user=IDENTITY, score=NUMBER, **_SIGNALS)),
    why={
        **listed(an_object(user=IDENTITY, **_PART["properties"])),
        "description": "with why=true; the values of a user add up to that member's score",
    },
)

_PLAYED = an_object(
    artist=IDENTITY,
    name=MAYBE_TEXT,
    plays=NUMBER,
    first_heard=ANYTHING,
    last_heard=ANYTHING,
    tags=listed(MAYBE_TEXT),
)

_NAMED = an_object(artist=IDENTITY, name=MAYBE_TEXT)

_MAYBE_RANK: Schema = {"type": ["integer", "null"]}

_MAYBE_ROW: Schema = {"type": ["integer", "null"], "description": "null for who is not on the map"}

_PLACE = an_object(
    row={**WHOLE, "description": "from 0, the best known first"},
    artist=IDENTITY,
    name=MAYBE_TEXT,
    tag={"type": ["integer", "string", "null"]},
    tag_name=MAYBE_TEXT,
    listeners=WHOLE,
    x=NUMBER,
    y=NUMBER,
)

_NOTES: Schema = {**listed(TEXT), "description": "sentences that belong beside the answer"}

SCHEMAS: dict[str, Schema] = {
    "Problem": an_object(
        ("nearest",),
        type=TEXT,
        title=TEXT,
        status=WHOLE,
        detail=TEXT,
        nearest=listed(by_name(ANYTHING)),
    ),
    "Health": an_object(status={"const": "ok"}),
    "About": an_object(version=TEXT, model=MAYBE_TEXT, graph=by_name(WHOLE)),
    "Model": an_object(
        model=TEXT,
        algorithm=TEXT,
        dimensions=WHOLE,
        trained_at=TEXT,
        stale=TRUTH,
        weights=an_object(**_SIGNALS),
        seed=WHOLE,
        parameters=by_name(ANYTHING),
        training_loss=MAYBE_NUMBER,
        metrics=by_name(ANYTHING),
        versions=by_name(TEXT),
        kept=listed(by_name(ANYTHING)),
        knobs={
            **listed(
                an_object(
                    knob={"enum": ["novelty", "diversity", "friends", "tags"]},
                    value=NUMBER,
                    k=WHOLE,
                    **dict.fromkeys(
                        ("ndcg", "precision", "novelty", "coverage", "diversity"), MAYBE_NUMBER
                    ),
                )
            ),
            "description": "what evaluate --knobs --save has measured of this model",
        },
        notes=_NOTES,
    ),
    "Found": an_object(
        query=TEXT,
        found=listed(
            an_object(
                kind={"enum": ["artist", "tag", "user"]},
                id=IDENTITY,
                name=MAYBE_TEXT,
                match={"enum": ["exact", "same letters", "part", "near"]},
                listeners=MAYBE_NUMBER,
            )
        ),
        notes=_NOTES,
    ),
    "People": an_object(users=listed(an_object(user=IDENTITY, artists=WHOLE, plays=NUMBER))),
    "Person": an_object(
        id=IDENTITY,
        listens=WHOLE,
        friends=WHOLE,
        community=ANYTHING,
        has_vector=TRUTH,
        plays=listed(_PLAYED),
        tags=listed(an_object(tag=IDENTITY, name=MAYBE_TEXT, given=WHOLE, artists=WHOLE)),
    ),
    "Recommendations": an_object(
        id=IDENTITY,
        model=TEXT,
        weights=an_object(**_SIGNALS),
        artists=listed(_RECOMMENDED),
        notes=_NOTES,
    ),
    "RecommendationsOfMany": an_object(
        model=TEXT,
        weights=an_object(**_SIGNALS),
        users=listed(an_object(id=IDENTITY, artists=listed(_RECOMMENDED))),
        notes=_NOTES,
    ),
    "RecommendationsOfGroup": an_object(
        model=TEXT,
        weights=an_object(**_SIGNALS),
        group=TEXT,
        users=listed(IDENTITY),
        artists=listed(_RECOMMENDED_TO_GROUP),
        notes=_NOTES,
    ),
    "WhyNot": an_object(
        id=IDENTITY, place={"anyOf": [_RECOMMENDED, {"type": "null"}]}, notes=_NOTES
    ),
    "HiddenArtists": an_object(
        id=IDENTITY,
        hidden=listed(an_object(artist=IDENTITY, name=MAYBE_TEXT, listeners=WHOLE)),
        notes=_NOTES,
    ),
    "KeptPerson": an_object(id=IDENTITY, notes=_NOTES),
    "Friends": an_object(
        id=IDENTITY,
        friends=listed(
            an_object(
                user=IDENTITY,
                similarity=MAYBE_NUMBER,
                shared_count=WHOLE,
                shared=listed(MAYBE_TEXT),
                unheard_count=WHOLE,
                unheard=listed(MAYBE_TEXT),
            )
        ),
        notes=_NOTES,
    ),
    "SimilarPeople": an_object(
        id=IDENTITY,
        users=listed(
            an_object(rank=WHOLE, user=IDENTITY, similarity=NUMBER, shared=listed(MAYBE_TEXT))
        ),
    ),
    "WhatIf": an_object(
        model=TEXT,
        likes=listed(_NAMED),
        friends=listed(an_object(user=IDENTITY)),
        dislikes=listed(_NAMED),
        artists=listed(
            an_object(
                ("why",),
                rank=WHOLE,
                artist=IDENTITY,
                name=MAYBE_TEXT,
                score=NUMBER,
                before={**_MAYBE_RANK, "description": "in the list that is compared with"},
                why={**listed(_PART), "description": "with why=true; adds up to the score"},
            )
        ),
        moved_by={
            "anyOf": [
                an_object(
                    ("artist", "user", "name"),
                    group={"enum": ["likes", "friends", "dislikes"]},
                    artist=IDENTITY,
                    user=IDENTITY,
                    name=MAYBE_TEXT,
                    chosen={**TRUTH, "description": "whether it is one of the likes and so on"},
                ),
                {"type": "null"},
            ]
        },
        compared={**TRUTH, "description": "false where the other list has nothing to go by"},
        gone=listed(
            an_object(artist=IDENTITY, name=MAYBE_TEXT, before=WHOLE, rank=_MAYBE_RANK),
        ),
        notes=_NOTES,
    ),
    "Artists": an_object(
        artists=listed(
            an_object(artist=IDENTITY, name=MAYBE_TEXT, listeners=MAYBE_NUMBER, plays=MAYBE_NUMBER)
        )
    ),
    "Artist": an_object(
        id=IDENTITY,
        name=MAYBE_TEXT,
        url=MAYBE_TEXT,
        listeners=WHOLE,
        plays=NUMBER,
        band=ANYTHING,
        has_vector=TRUTH,
        tags=listed(an_object(tag=IDENTITY, name=MAYBE_TEXT, times=WHOLE, artists=WHOLE)),
        listened_by=listed(an_object(user=IDENTITY, plays=NUMBER)),
    ),
    "SimilarArtists": an_object(
        id=IDENTITY,
        by={"enum": ["vectors", "tags"]},
        artists=listed(
            an_object(
                rank=WHOLE,
                artist=IDENTITY,
                name=MAYBE_TEXT,
                similarity=NUMBER,
                shared=listed(MAYBE_TEXT),
            )
        ),
    ),
    "Comparison": an_object(
        id=IDENTITY,
        other=IDENTITY,
        likeness={
            **by_name(MAYBE_NUMBER),
            "description": "similarity of the vectors and tag_similarity (cosines), jaccard and "
            "overlap of the artists, how many artists and tags are shared",
        },
        artists=MAYBE_NUMBER,
        other_artists=MAYBE_NUMBER,
        shared_artists=listed(
            an_object(artist=IDENTITY, name=MAYBE_TEXT, plays=NUMBER, other_plays=NUMBER)
        ),
        shared_tags=listed(an_object(tag=IDENTITY, name=MAYBE_TEXT, value=NUMBER)),
        might_like=listed(
            an_object(
                artist=IDENTITY,
                name=MAYBE_TEXT,
                user=IDENTITY,
                score=NUMBER,
                played_by=IDENTITY,
                plays=MAYBE_NUMBER,
            )
        ),
        notes=_NOTES,
    ),
    "ArtistMap": an_object(
        model=TEXT,
        version={**TEXT, "description": "another for every other map"},
        artist_count=WHOLE,
        block={**WHOLE, "description": "artists in a block of /map/names"},
        tags={
            **listed(
                an_object(
                    tag=IDENTITY,
                    name=MAYBE_TEXT,
                    artists=WHOLE,
                    best_known=listed(an_object(artist=IDENTITY, name=MAYBE_TEXT)),
                )
            ),
            "description": "in the order of their colours",
        },
        artists=listed(_PLACE),
        notes=_NOTES,
    ),
    "MapNames": an_object(
        block=WHOLE,
        artists=listed(IDENTITY),
        names=listed(MAYBE_TEXT),
        tag_names=listed(MAYBE_TEXT),
        notes=_NOTES,
    ),
    "Place": {**_PLACE, "properties": {**_PLACE["properties"], "notes": _NOTES}},
    "MapOfPerson": an_object(
        id=IDENTITY,
        plays=listed(
            an_object(artist=IDENTITY, name=MAYBE_TEXT, plays=NUMBER, row=_MAYBE_ROW),
        ),
        might_like=listed(
            an_object(artist=IDENTITY, name=MAYBE_TEXT, score=NUMBER, row=_MAYBE_ROW),
        ),
        notes=_NOTES,
    ),
    "Drawing": an_object(
        ends={**listed(TEXT), "description": "keys of the nodes that were asked for"},
        nodes=listed(
            an_object(
                key={**TEXT, "description": "as in artist:7"},
                kind={"enum": ["user", "artist", "tag"]},
                id=IDENTITY,
                name=MAYBE_TEXT,
                community={"type": ["integer", "null"]},
            )
        ),
        links=listed(
            an_object(source=TEXT, target=TEXT, kind=TEXT, value=MAYBE_NUMBER),
        ),
        parts={**listed(_PART), "description": "of the score, between a person and an artist"},
        more={**TRUTH, "description": "whether there are more neighbours"},
        notes=_NOTES,
    ),
    "Tags": an_object(
        tags=listed(an_object(tag=IDENTITY, name=MAYBE_TEXT, times=WHOLE, artists=WHOLE))
    ),
    "Tag": an_object(
        id=IDENTITY,
        name=MAYBE_TEXT,
        artist_count=WHOLE,
        artists=listed(
            an_object(artist=IDENTITY, name=MAYBE_TEXT, times=WHOLE, listeners=MAYBE_NUMBER)
        ),
        users=listed(an_object(user=IDENTITY, times=WHOLE)),
        beside=listed(an_object(tag=IDENTITY, name=MAYBE_TEXT, artists=WHOLE)),
    ),
}
"""By the name of the answer."""
