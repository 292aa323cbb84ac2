"""Recommendations with all that steers them, and why an artist is not among them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tastegraph.api.graph import Graph
from tastegraph.web.answers.named import ID, identified
from tastegraph.web.answers.rows import Row, pairs, records

SIGNALS = ("embedding", "friends", "tags")

MOST_USERS, MOST_MEMBERS = 50, 10
"""Users of one request, and of one group: for each of these the database ranks all artists."""


@dataclass(frozen=True)
class Steering:
    """What steers a list; None for a weight means the model's own.

    The other fields are the arguments of ``Graph.recommend``.
    """

    weight_embedding: float | None = None
    weight_friends: float | None = None
    weight_tags: float | None = None
    novelty: float = 0.0
    diversity: float = 0.0
    tag: Sequence[str] = field(default_factory=list)
    exclude_tag: Sequence[str] = field(default_factory=list)
    where: Sequence[str] = field(default_factory=list)
    include_known: bool = False

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Steering":
        """From parameters by name, of which others are left alone."""
        return cls(**{name: values[name] for name in cls.__dataclass_fields__ if name in values})

    def weights(self, own: Mapping[str, float]) -> dict[str, float]:
        """The weights that count, with the model's ``own`` where none is said."""
        said = {signal: getattr(self, f"weight_{signal}") for signal in SIGNALS}
        return {name: own[name] if value is None else value for name, value in said.items()}

    def arguments(self, own: Mapping[str, float]) -> dict[str, Any]:
        """Arguments of ``Graph.recommend``."""
        rest = {name: value for name, value in asdict(self).items() if "weight_" not in name}
        return rest | {"weights": self.weights(own)}


def model_weights(graph: Graph) -> dict[str, float]:
    """What the graph's model weighs each signal; ModelError where there is none."""
    weights: dict[str, float] = pairs(graph.model_card())["weights"]
    return weights


def recommendations(graph: Graph, id_: str, k: int, steering: Steering, why: bool) -> Row:
    """The best artists of a user; with ``why``, each with the parts that add up to its score."""
    answer = recommendations_each(graph, [id_], k, steering, why)
    of_user: Row = answer.pop("users")[0]
    return answer | of_user


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


def why_not(graph: Graph, id_: str, artist: str, k: int, steering: Steering) -> Row:
    """Where an artist, by id or name, stands in a user's ranking, and what holds it back."""
    user = identified(graph, "user", id_)
    arguments = steering.arguments(model_weights(graph))
    del arguments["diversity"]
    frame = graph.why_not(f"{ID}{user}", artist, k=k, **arguments)
    rows = records(frame.drop(columns="user"))
    return {"id": user, "place": rows[0] if rows else None}


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
