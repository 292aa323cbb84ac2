"""Which algorithms a cluster can learn."""

from tastegraph.errors import UsageError
from tastegraph.models.algorithms.factory import DEFAULT

WHOLE_GRAPH, LISTENS_ALONE = "collective-als", "als"

_WHY = (
    f"{DEFAULT} learns from a full-rank teacher, whose system one machine has to solve whole: "
    f"--engine spark takes {WHOLE_GRAPH}, which learns the same listens, friends and tags row by "
    f"row ({LISTENS_ALONE} learns the listens alone)"
)


def spread_algorithm(algorithm: str) -> tuple[str, str | None]:
    """What a cluster learns where ``algorithm`` is asked for, and why that is another one.

    UsageError for one that is learned on one machine alone.
    """
    if algorithm == DEFAULT:
        return WHOLE_GRAPH, _WHY
    if algorithm in (WHOLE_GRAPH, LISTENS_ALONE):
        return algorithm, None
    raise UsageError(
        f"{algorithm} is learned on one machine: leave out --engine, or give --algorithm "
        f"{WHOLE_GRAPH} or {LISTENS_ALONE}"
    )
