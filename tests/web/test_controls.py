"""What steers a list, and what it costs."""

import httpx
import pytest

from tastegraph.api.graph import Graph
from tastegraph.web.answers.recommending import Steering
from tastegraph.web.pages.controls import sliders
from tastegraph.web.pages.words import change
from tests.patience import until
from tests.web.serving import priced

OWN = {"embedding": 1.0, "friends": 0.1, "tags": 0.0}
KNOBS = [
    {"knob": knob, "value": value, "ndcg": ndcg}
    for knob, value, ndcg in (
        ("novelty", 0.0, 0.30),
        ("novelty", 0.2, 0.26),
        ("novelty", 1.0, 0.10),
        ("friends", 0.0, 0.28),
        ("friends", 0.2, 0.32),
    )
]


def test_prices_are_between_what_was_measured() -> None:
    steering = Steering(novelty=0.1, weight_friends=0.2)
    found = {each.name: each.price for each in sliders(steering, OWN, KNOBS)}
    # Halfway from 0.30 to 0.26, and from 0.30, which is usual, to 0.32.
    assert found == {
        "weight_embedding": None,
        "weight_friends": pytest.approx(0.02),
        "weight_tags": None,
        "novelty": pytest.approx(-0.02),
        "diversity": None,
    }
    assert all(each.price is None for each in sliders(steering, OWN))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0123, "+0.012"), (-0.0123, "\u22120.012"), (0.0004, "\u00b10.000"), (0.0, "\u00b10.000")],
)
def test_changes_have_a_sign(value: float, text: str) -> None:
    assert change(value) == text


def test_the_page_says_prices_or_how_to_get_them(graph: Graph, ask: httpx.Client) -> None:
    asked = "/users/2?novelty=0.1"
    assert "evaluate --knobs --save" in ask.get(asked).text
    assert ask.get("/api/model").json()["knobs"] == []
    with priced(graph):
        # A page that was kept goes when the change is seen.
        assert until(lambda: ">NDCG \u22120.020</small>" in ask.get(asked).text)
        assert "evaluate --knobs --save" not in ask.get(asked).text
        knobs = ask.get("/api/model").json()["knobs"]
        assert [row["ndcg"] for row in knobs] == [0.3, 0.26, 0.1, 0.3, 0.26, 0.1]


def test_artists_are_filtered_by_how_known_they_are(ask: httpx.Client) -> None:
    text = ask.get("/users/2", params={"where": ["band=tail", "listeners>=2"]}).text
    assert '<option value="band=tail" selected>' in text
    assert 'name="where" value="listeners&gt;=2"' in text
    listed = ask.get(
        "/api/users/2/recommendations", params={"where": ["band=tail", "listeners>=2"]}
    ).json()["artists"]
    bands = {ask.get(f"/api/artists/{row['artist']}").json()["band"] for row in listed}
    assert bands == {"tail"}
