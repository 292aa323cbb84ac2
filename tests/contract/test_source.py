"""What figures are made from is what was loaded, on every store."""

import pytest

from tastegraph.analysis.source import Source
from tastegraph.errors import ModelError
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.loaders.ingest.ingest import ingest
from tests.contract.frames import frames
from tests.contract.trained import made_up_card

LOADED = frames(
    users=[1, 2],
    artists=[(10, "Ann"), (20, "三船"), (30, "C")],
    tags=[(1, "rock"), (2, "pop")],
    listens=[(1, 10, 5), (2, 20, 7)],
    friendships=[(1, 2)],
    taggings=[(1, 10, 1, "2009-01-01"), (1, 10, 2, ""), (2, 20, 2, ""), (2, 30, 1, "")],
)


def test_the_graph_gives_back_what_was_loaded(store: GraphStore) -> None:
    ingest(store, LOADED)
    found = Source(store).snapshot
    assert found.taggings.to_numpy().tolist() == [[1, 10, 1], [1, 10, 2], [2, 20, 2], [2, 30, 1]]
    assert found.listens.to_numpy().tolist() == [[1, 10, 5], [2, 20, 7]]
    assert found.artist_names.tolist() == ["Ann", "三船", "C"]
    assert found.tag_names.tolist() == ["rock", "pop"]
    assert found.artists["picture_url"].isna().all()


def test_the_model_gives_back_the_losses_of_its_training(store: GraphStore) -> None:
    with pytest.raises(ModelError, match="no model has been trained"):
        _ = Source(store).history
    store.write("CREATE (m:Model) SET m += $card", {"card": made_up_card(1)})
    with pytest.raises(ModelError, match="keeps no losses of its training"):
        _ = Source(store).history
    store.write("""MATCH (m:Model) SET m.history = '{"epoch": [1, 2], "loss": [3, 1.5]}'""")
    assert Source(store).history.to_numpy().tolist() == [[1, 3], [2, 1.5]]
    store.write("MATCH (m:Model) SET m.history = 'nonsense'")
    with pytest.raises(ModelError, match="can't be read"):
        _ = Source(store).history
