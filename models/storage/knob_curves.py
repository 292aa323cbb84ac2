"""What each knob costs, kept with the model that it was measured of."""

import json

import pandas as pd

from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.storage.switch import require_model

# By parameter, so that nobody is warned of a property that no model has yet.
_PROPERTY = {"property": "knobCurves"}

_SAVE = (
    "MATCH (m:Model {id: $id}) SET m.knobCurves = $curves",
    "MATCH (m:KeptModel {id: $id}) SET m.knobCurves = $curves",
)
_READ = "MATCH (m:Model) RETURN m[$property]"


def save_knob_curves(store: GraphStore, model: str, curves: pd.DataFrame) -> None:
    """Keep ``curves``, as ``models.evaluation.knobs.knob_table`` has them, with the graph's model.

    Raises ModelChangedError where that is not ``model``.
    """

    def save(transaction: GraphStore) -> None:
        require_model(transaction, model)
        kept = {"id": model, "curves": curves.to_json(orient="records", double_precision=6)}
        for statement in _SAVE:
            transaction.write(statement, kept)

    store.transact(save)


def read_knob_curves(store: GraphStore) -> pd.DataFrame | None:
    """The curves that are kept with the graph's model; None where there are none."""
    rows = store.values(_READ, _PROPERTY)
    text = rows[0][0] if rows else None
    return pd.DataFrame(json.loads(text)) if text else None
