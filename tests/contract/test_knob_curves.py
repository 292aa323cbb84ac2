"""What knobs cost is measured of the graph's own model, and stays with it."""

from collections.abc import Iterator

import pandas as pd
import pytest

from tastegraph.api.graph import Graph
from tastegraph.errors import NotFoundError, UsageError
from tastegraph.graph.store.settings import Settings
from tastegraph.models.storage.knob_curves import save_knob_curves
from tastegraph.models.storage.switch import ModelChangedError
from tests.contract.trained import load_and_train, train_small

pytestmark = pytest.mark.holds(make=load_and_train)


@pytest.fixture
def graph(settings: Settings) -> Iterator[Graph]:
    with Graph(settings, quiet=True) as opened:
        yield opened


def test_curves_stay_with_their_model(graph: Graph) -> None:
    with pytest.raises(NotFoundError, match="evaluate --knobs --save"):
        graph.knob_curves()

    curves = graph.evaluate_knobs(save=True, seed=3)

    assert curves["model"].unique().tolist() == ["collective-als"]
    pd.testing.assert_frame_equal(graph.knob_curves(), curves, atol=1e-6, check_dtype=False)
    train_small(graph.store, seed=2)
    with pytest.raises(NotFoundError):
        graph.knob_curves()
    graph.use_model("2")
    pd.testing.assert_frame_equal(graph.knob_curves(), curves, atol=1e-6, check_dtype=False)


def test_the_graphs_own_model_is_what_is_measured(graph: Graph) -> None:
    with pytest.raises(UsageError, match="leave --models out"):
        graph.evaluate_knobs("als", save=True)
    settings = "collective-als:dimensions=8:epochs=3"

    own, named = graph.evaluate_knobs(save=True), graph.evaluate_knobs(settings)

    # The weights are those of the graph's model, where a named one has its embedding alone.
    at_rest = [frame[frame["knob"] == "novelty"]["ndcg"].iloc[0] for frame in (own, named)]
    turned = own[(own["knob"] == "friends") & (own["value"] == 0.05)]["ndcg"].iloc[0]
    assert turned == pytest.approx(at_rest[0])
    assert at_rest[0] != at_rest[1]


def test_nothing_is_kept_with_another_model(graph: Graph) -> None:
    curves = pd.DataFrame({"knob": ["novelty"], "value": [0.0], "ndcg": [0.1]})
    with pytest.raises(ModelChangedError):
        save_knob_curves(graph.store, "another", curves)
    with pytest.raises(NotFoundError):
        graph.knob_curves()
