"""What is changed through the service: what a person never wants to see, and who is kept."""

from typing import Any

import pandas as pd

from tastegraph.api.graph import Graph
from tastegraph.errors import InputError
from tastegraph.web.answers.named import ID, identified
from tastegraph.web.answers.rows import Row, records
from tastegraph.web.answers.what_if import Taste


def hidden(graph: Graph, id_: str) -> Row:
    """The artists that a user never wants to be recommended."""
    user = identified(graph, "user", id_)
    return _row(user, graph.run_query("hidden-artists", userId=user))


def hide(graph: Graph, id_: str, artist: str) -> Row:
    """Hide an artist, by id or name, from a user; gives all that the user has hidden."""
    user = identified(graph, "user", id_)
    return _row(user, graph.hide(f"{ID}{user}", [artist]))


def unhide(graph: Graph, id_: str, artist: str) -> Row:
    """Let an artist, by id or name, be recommended to a user again; gives what is still hidden."""
    graph.unhide(f"{ID}{identified(graph, 'user', id_)}", [artist])
    return hidden(graph, id_)


def _row(user: Any, artists: pd.DataFrame) -> Row:
    return {"id": user, "hidden": records(artists)}


def keep(graph: Graph, taste: Taste, id_: str) -> Row:
    """Keep somebody of this ``taste`` as the new user ``id_``.

    InputError where there is nothing to go by, and for an id that somebody has.
    """
    if not taste.has_enough:
        raise InputError("there is nothing to go by: give likes or friends")
    taste.recommended(graph, k=1, save=id_)
    return {"id": identified(graph, "user", id_)}
