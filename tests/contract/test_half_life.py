"""Models that weigh old listens less: their reasons, their updates, and what they refuse."""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from tastegraph.api.graph import Graph
from tastegraph.errors import InputError
from tastegraph.graph.moments import moments
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.models.algorithms.factory import create
from tastegraph.models.algorithms.whole_graph import collective_matrix, learned_tags
from tastegraph.models.explain.contributions import read_fold_in_model
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.weights import SignalWeights
from tastegraph.models.serving.everybody import recommend_everybody
from tastegraph.models.serving.newcomers import Newcomer, save_newcomer
from tastegraph.models.serving.one_user_in_database import recommend_one, with_reasons
from tastegraph.models.serving.update import update
from tastegraph.models.storage.model_card import read_card
from tastegraph.models.storage.read_graph import read_dataset, read_vectors
from tastegraph.models.training.train import train
from tests.contract.agreement import CLOSE
from tests.contract.trained import WEIGHTS, small_frames
from tests.models.cases import dense_rows

HALF_LIFE = 90
NEWEST = "2022-09-27T00:00:00Z"
SMALL = {
    "collective": {"dimensions": "8", "als_dimensions": "6", "epochs": "3", "tag_artists": "2"},
    "collective-als": {"dimensions": "8", "epochs": "3"},
}
OPTIONS = RecommendOptions(weights=WEIGHTS)

HEAR_AGAIN = """
MATCH (:User {id: 3})-[l:LISTENED]->(a:Artist) WHERE l.lastHeard < '2021'
WITH l ORDER BY a.id LIMIT 1 SET l.lastHeard = $now
"""
HEAR_ANOTHER = """
MATCH (u:User {id: 5}), (a:Artist) WHERE NOT (u)-[:LISTENED]->(a)
WITH u, a ORDER BY a.id LIMIT 1
CREATE (u)-[:LISTENED {plays: 40, firstHeard: $now, lastHeard: $now}]->(a)
"""


def fill(store: GraphStore) -> None:
    """The data of the other tests, heard over a thousand days, some without a time."""
    source = small_frames()
    days = np.random.default_rng(1).integers(0, 1000, len(source.listens)).astype(float)
    days[0] = 1000
    days[1::10] = np.nan
    start = np.datetime64("2020-01-01", "s").astype(int)
    times = pd.Series(moments(start + days * 86_400), dtype=object)
    listens = source.listens.assign(first_heard=times, last_heard=times)
    ingest(store, dataclasses.replace(source, listens=listens))


@pytest.fixture(params=SMALL)
def algorithm(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def parts_of(frame: pd.DataFrame) -> list[dict[object, float]]:
    return [{(part.kind, part.id): part.value for part in why} for why in frame["why"]]


def test_reasons_are_the_arithmetic_of_what_listens_weigh(
    store: GraphStore, algorithm: str
) -> None:
    fill(store)
    model = create(algorithm, SMALL[algorithm] | {"half_life": str(HALF_LIFE)})
    done = train(store, model, 1, weights=WEIGHTS)
    listens = done.data.plays.nnz
    untimed = len(range(1, listens, 10))
    assert f"{untimed:,} of {listens:,} listens have no time: they weigh as new ones" in done.notes
    assert read_card(store).parameters["half_life"] == HALF_LIFE

    users, everybody = recommend_everybody(store, OPTIONS, why=True)
    for user in users[:4]:
        told = with_reasons(store, user, recommend_one(store, user, OPTIONS), OPTIONS)
        expected = everybody[everybody["user"] == user]
        assert told["score"].tolist() == pytest.approx(expected["score"].tolist(), abs=CLOSE)
        for found, wanted, score in zip(
            parts_of(told), parts_of(expected), told["score"], strict=True
        ):
            assert sum(found.values()) == pytest.approx(score, abs=CLOSE)
            assert found == pytest.approx(wanted, abs=CLOSE)
            assert not [kind for kind, _ in found if kind in ("change", "embedding")]
    assert update(store).frame["changed"].tolist() == [0, 0]


def test_an_update_weighs_by_the_newest_listen_of_the_training(store: GraphStore) -> None:
    fill(store)
    model = create("collective-als", SMALL["collective-als"] | {"half_life": str(HALF_LIFE)})
    train(store, model, 1, weights=WEIGHTS)
    before = read_dataset(store, times=True)
    latest = float(np.nanmax(before.heard))
    assert moments(np.array([latest])) == [NEWEST]
    # The same artist again, and another one: no other user's weights change.
    for statement in (HEAR_AGAIN, HEAR_ANOTHER):
        store.write(statement, {"now": "2024-01-01T00:00:00Z"})
    assert update(store).frame["changed"].tolist() == [2, 2]

    kept = read_fold_in_model(store)
    assert kept is not None
    assert kept.decay == model.config.decay(before)
    data, found = read_dataset(store, times=True), read_vectors(store, read_dataset(store))
    # What was heard after the training weighs as if it had been heard in its last moment.
    as_trained = dataclasses.replace(data, heard=np.minimum(data.heard, latest))
    tags = learned_tags(data.tag_counts, model.config.tag_artists)
    matrix = collective_matrix(as_trained, tags, model.config)
    assert model.vectors is not None
    columns = np.vstack([model.vectors.artists, model.friends])
    rows = dense_rows(matrix, columns, model.for_users.penalty)
    users = slice(0, len(data.users))
    np.testing.assert_allclose(found.users, rows[users], atol=1e-4)
    assert np.abs(rows[users] - model.vectors.users).max() > 1e-3
    sides = np.vstack([found.users, model.vectors.tags[tags]])
    solved = dense_rows(matrix.T.tocsr(), sides, model.for_artists.penalty)
    changed = np.abs(found.artists - model.vectors.artists).max(axis=1) > 0
    assert changed.sum() == 2
    artists = solved[: len(data.artists)]
    np.testing.assert_allclose(found.artists[changed], artists[changed], atol=1e-4)

    options = RecommendOptions(weights=SignalWeights(1.0, 0.0, 0.0))
    for user in (3, 5):
        told = with_reasons(store, user, recommend_one(store, user, options), options)
        for parts, score in zip(parts_of(told), told["score"], strict=True):
            assert sum(parts.values()) == pytest.approx(score, abs=CLOSE)
            assert not [kind for kind, _ in parts if kind == "change"]
    assert update(store).frame["changed"].tolist() == [0, 0]


def test_likes_of_newcomers_weigh_as_new_listens(store: GraphStore) -> None:
    fill(store)
    model = create("collective", SMALL["collective"] | {"half_life": str(HALF_LIFE)})
    train(store, model, 1, weights=WEIGHTS)
    save_newcomer(store, Newcomer([1, 7, 20], [2]), 901)
    assert update(store).frame["changed"].tolist()[0] == 1  # The friend of the newcomer.
    told = with_reasons(store, 901, recommend_one(store, 901, OPTIONS), OPTIONS)
    assert not [kind for parts in parts_of(told) for kind, _ in parts if kind == "change"]


@pytest.fixture
def graph(settings: Settings) -> Iterator[Graph]:
    with Graph(settings, quiet=True) as opened:
        opened.open(create=True)
        yield opened


def test_a_training_by_half_life_from_python(graph: Graph) -> None:
    graph.load(small_frames())
    small = {"settings": SMALL["collective-als"], "algorithm": "collective-als", "tune": "off"}
    with pytest.raises(InputError, match="no listen has a time"):
        graph.train(half_life=HALF_LIFE, **small)
    with pytest.raises(InputError, match="half_life is 0: give a number above 0"):
        graph.train(half_life=0, **small)
    fill(graph.store)
    graph.train(half_life=HALF_LIFE, **small)
    weighed = read_vectors(graph.store, read_dataset(graph.store)).users
    graph.train(**small)
    alike = read_vectors(graph.store, read_dataset(graph.store)).users
    assert np.abs(weighed - alike).max() > 1e-3
    # A kept model goes on weighing as it was trained.
    graph.use_model(2)
    assert graph.update()["changed"].tolist() == [0, 0]
    rows = graph.evaluate(["popularity:half_life=90", "popularity"], split="time", holdout=0.25)
    assert rows["ndcg"][0] != rows["ndcg"][1]


def test_a_search_by_time_leaves_the_test_out_of_sight(
    graph: Graph, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TASTEGRAPH_CACHE", str(tmp_path_factory.mktemp("cache")))
    fill(graph.store)
    quick = {"algorithm": "popularity", "ranges": {"half_life": "0:400"}, "trials": 2}
    hidden, seen = (graph.tune(**quick, split="time", holdout=share) for share in (0.3, None))
    assert hidden["parameters"].tolist().count("half_life=0") == 1
    assert set(hidden["value"]) != set(seen["value"])
    by_lot = graph.tune(**quick)
    assert "half_life=0" in set(by_lot["parameters"])
