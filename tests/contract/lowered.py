"""Limits so low that every model and map is too much for one transaction."""

from collections.abc import Callable
from typing import Any

from tastegraph.models.storage import artist_map, batched_switch, kept_parts


def lower(set_: Callable[[Any, str, object], None]) -> None:
    """Set them by ``set_``, as setattr does; a part then holds some forty nodes."""
    set_(batched_switch, "ATOMIC", 0)
    set_(batched_switch, "_PARTS", 2)
    set_(batched_switch, "_TAKEN", 5)
    set_(kept_parts, "PART", 5_000)
    set_(kept_parts, "_REMOVED", 3)
    set_(artist_map, "_ATOMIC", 70)
