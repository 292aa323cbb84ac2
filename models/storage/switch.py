"""From one model to the next: a mark while they change over, and a reading that sees only one.

The (:Model) says ``switching`` while vectors are being committed, or written in batches
(``batched_switch``), and ``switch`` is another after each change of them, also of some: who finds
the same before and after has seen one model.
"""

import secrets

from tastegraph.errors import ModelError
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.storage.batched_switch import IN_BATCHES, complete_switch
from tastegraph.runtime.notes import Patience

# The switch to a model is waited for this long, in seconds, while its writer lives.
PATIENCE = 600.0

_LOOK = "MATCH (m:Model) RETURN m.id, m.switch, m.switching"
_BEGIN = "MATCH (m:Model) SET m.switching = true, m.switch = $switch"
# What is switching in batches goes on doing so until it is complete.
_END = "MATCH (m:Model) WHERE m[$mark] IS NULL SET m.switching = false"
_CHANGED = "MATCH (m:Model) SET m.switch = $switch"

State = tuple[str, str | None]


class ModelChangedError(Exception):
    """Another model took over between the reading of one and the writing of what it gave."""


def new_switch() -> str:
    """A value of ``switch`` that no other has."""
    return secrets.token_hex(8)


def begin_switch(writer: GraphStore) -> None:
    """Let readers wait."""
    writer.write(_BEGIN, {"switch": new_switch()})


def end_switch(writer: GraphStore) -> None:
    """Let them go on, unless a switch in batches is incomplete."""
    writer.write(_END, IN_BATCHES)


def mark_changed(transaction: GraphStore, model: str) -> None:
    """Say that ``transaction`` changes some vectors of ``model``, which must be the graph's own.

    Raises ModelChangedError where it is not.
    """
    require_model(transaction, model)
    transaction.write(_CHANGED, {"switch": new_switch()})


def require_model(transaction: GraphStore, model: str) -> None:
    """Raise ModelChangedError unless the graph's model is ``model``, and all of it is there."""
    if [(id_, bool(switching)) for id_, _, switching in transaction.values(_LOOK)] != [
        (model, False)
    ]:
        raise ModelChangedError


def is_trained(store: GraphStore) -> bool:
    """Whether there is a model, be it complete or not."""
    return bool(store.values(_LOOK))


def settled(store: GraphStore) -> State:
    """Which model is in the graph, in which state, once nobody is switching it.

    Raises ModelError where there is none, or the switching takes too long.
    """
    patience = Patience(store.note, PATIENCE)
    while True:
        rows = store.values(_LOOK)
        if not rows:
            raise ModelError("no model has been trained on this graph: run 'tastegraph train'")
        id_, switch, switching = rows[0]
        if not switching:
            return id_, switch
        writer = store.other_writer()
        if writer is None:
            _end_abandoned(store)
        elif patience.is_over:
            raise ModelError(f"{writer} is still switching models: ask again when it has ended")
        else:
            patience.wait(0.05, f"waiting for {writer}, which is switching models")


def _end_abandoned(store: GraphStore) -> None:
    """Take away the mark of a writer that has ended in the middle, or do what it left undone."""
    with store.writing("the end of a broken switch of models") as writer:
        if not complete_switch(writer):
            end_switch(writer)
