"""People, artists and tags by id, with what the graph knows of each."""

from typing import Any

from tastegraph.api.graph import Graph
from tastegraph.errors import ModelError, NotFoundError
from tastegraph.web.answers.rows import Row, pairs, records

ID = "id:"
"""What stands before an id, so that no name is taken for it."""


# What each of the two lists of neighbours goes by.
_MEASURES = {"vectors": "cosine", "tags": "tags"}


class UnknownIdError(NotFoundError):
    """An address names a ``kind`` (user, artist or tag) by an id that nobody has."""

    def __init__(self, kind: str, id_: str, said: str) -> None:
        super().__init__(said)
        self.kind = kind
        self.id = id_


def identified(graph: Graph, kind: str, id_: str) -> Any:
    """The id that ``id_`` writes, of the kind of ids that the data have; UnknownIdError."""
    find = {"user": graph.user, "artist": graph.artist, "tag": graph.tag}[kind]
    try:
        return find(f"{ID}{id_}")
    except NotFoundError as error:
        raise UnknownIdError(kind, id_, str(error).replace(ID, "")) from error


def people(graph: Graph, k: int) -> Row:
    """The ``k`` users with the most plays."""
    return {"users": records(graph.run_query("top-listeners", k=k))}


def person(graph: Graph, id_: str, k: int) -> Row:
    """A user: what they play most, and their tags, ``k`` of each."""
    user = identified(graph, "user", id_)
    said = pairs(graph.show("user", f"{ID}{user}", lists=False))
    return {
        "id": user,
        "listens": said.get("listens", 0),
        "friends": said.get("friends", 0),
        "community": said.get("community"),
        "has_vector": said["has a vector"],
        "plays": records(graph.run_query("user-listens", userId=user, k=k)),
        "tags": records(graph.run_query("user-tags", userId=user, k=k)),
    }


def friends(graph: Graph, id_: str, k: int) -> Row:
    """A user's friends, those of the nearest taste first."""
    user = identified(graph, "user", id_)
    return {"id": user, "friends": records(graph.friends(f"{ID}{user}", k=k))}


def nearest_friends(graph: Graph, id_: str, k: int) -> list[Row]:
    """A user's friends with their likeness alone, which is quicker to find."""
    user = identified(graph, "user", id_)
    return records(graph.run_query("user-friends", userId=user, k=k))


def similar_people(graph: Graph, id_: str, k: int) -> Row:
    """The users of the nearest taste."""
    user = identified(graph, "user", id_)
    return {"id": user, "users": records(graph.similar_users(f"{ID}{user}", k=k))}


def artist(graph: Graph, id_: str, k: int) -> Row:
    """An artist: its tags, and who plays it most, ``k`` of each."""
    found = identified(graph, "artist", id_)
    said = pairs(graph.show("artist", f"{ID}{found}", lists=False))
    return {
        "id": found,
        "name": said.get("name"),
        "url": said.get("url"),
        "listeners": said.get("listeners", 0),
        "plays": said.get("plays", 0),
        "band": said.get("band"),
        "has_vector": said["has a vector"],
        "tags": records(graph.run_query("artist-tags", artistId=found, k=k)),
        "listened_by": records(graph.run_query("artist-listeners", artistId=found, k=k)),
    }


def similar_artists(graph: Graph, id_: str, by: str, k: int) -> Row:
    """The artists nearest to an artist, by "vectors" or by "tags"."""
    found = identified(graph, "artist", id_)
    near = graph.similar_artists(f"{ID}{found}", k=k, measure=_MEASURES[by])
    return {"id": found, "by": by, "artists": records(near)}


def neighbours(graph: Graph, id_: str, k: int) -> dict[str, list[Row]]:
    """The nearest artists both ways, each saying whether the other way has it, too."""
    found = {by: _near(graph, id_, by, k) for by in _MEASURES}
    ids = {by: {row["artist"] for row in rows} for by, rows in found.items()}
    both = ids["vectors"] & ids["tags"]
    return {
        by: [row | {"both": row["artist"] in both} for row in rows] for by, rows in found.items()
    }


def _near(graph: Graph, id_: str, by: str, k: int) -> list[Row]:
    """The nearest artists, nobody where the model knows nothing of the artist."""
    try:
        rows: list[Row] = similar_artists(graph, id_, by, k)["artists"]
    except ModelError:
        return []
    return rows


def tags(graph: Graph, k: int) -> Row:
    """The ``k`` tags that are given most."""
    return {"tags": records(graph.run_query("top-tags", k=k))}


def artists(graph: Graph, k: int) -> Row:
    """The ``k`` artists with the most listeners."""
    return {"artists": records(graph.run_query("top-artists", k=k))}


def tag(graph: Graph, id_: str, k: int) -> Row:
    """A tag: its artists, who gives it most, and the tags beside it, ``k`` of each."""
    found = identified(graph, "tag", id_)
    said = pairs(graph.show("tag", f"{ID}{found}", lists=False))
    asked: dict[str, Any] = {"tagId": found, "k": k}
    return {
        "id": found,
        "name": said.get("name"),
        "artist_count": said.get("artists", 0),
        "artists": records(graph.run_query("tag-artists", **asked)),
        "users": records(graph.run_query("tag-users", **asked)),
        "beside": records(graph.run_query("tags-beside", **asked)),
    }
