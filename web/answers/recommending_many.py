"""Recommendations for several users at once: a list for each, or one for all of them together."""

from collections.abc import Sequence
from typing import Any

from tastegraph.api.graph import Graph
from tastegraph.web.answers.named import ID, identified
from tastegraph.web.answers.recommending import Steering
from tastegraph.web.answers.rows import Row, pairs, records

MOST_USERS, MOST_MEMBERS = 50, 10
"""Users of one request, and of one group: for each of these the database ranks all artists."""

GROUPS = ("mean", "least-misery", "most-pleasure")
"""How a group's scores come from those of its members: the argument group of
``Graph.recommend``."""


def recommendations_each(
    graph: Graph, ids: Sequence[str], k: int, steering: Steering, why: bool
) -> Row:
    """The best artists of each user, in the order of ``ids``, each of them once."""
    users, head, arguments = _asked(graph, ids, steering)
    frame = graph.recommend(_named(users), k=k, why=why, **arguments)
    lists: dict[Any, list[Row]] = {user: [] for user in users}
    for row in records(frame):
        lists[row.pop("user")].append(row)
    return head | {"users": [{"id": user, "artists": rows} for user, rows in lists.items()]}


def recommendations_together(
    graph: Graph, ids: Sequence[str], k: int, steering: Steering, why: bool, *, group: str
) -> Row:
    """The best artists for all users together; with ``why``, the parts of each one's score."""
    users, head, arguments = _asked(graph, ids, steering)
    frame = graph.recommend(_named(users), k=k, why=why, group=group, **arguments)
    return head | {"group": group, "users": users, "artists": records(frame)}


def _asked(
    graph: Graph, ids: Sequence[str], steering: Steering
) -> tuple[list[Any], Row, dict[str, Any]]:
    """The users that ``ids`` name, what every answer begins with, the arguments of ``recommend``.

    UnknownIdError for the first id that nobody has.
    """
    users = list(dict.fromkeys(identified(graph, "user", id_) for id_ in ids))
    card = pairs(graph.model_card())
    arguments = steering.arguments(card["weights"])
    if not any(arguments["weights"].values()):
        graph.note("all weights are 0, so that nothing tells artists apart")
    return users, {"model": card["model"], "weights": arguments["weights"]}, arguments


def _named(users: Sequence[Any]) -> list[str]:
    return [f"{ID}{user}" for user in users]
