"""What is chosen where the right choice is known, and on graphs that leave nothing to choose."""

import numpy as np
import pytest
from scipy.sparse import csr_array, hstack

from tastegraph.models.algorithms.factory import create
from tastegraph.models.ranking.weights import EMBEDDING_ALONE, SignalWeights
from tastegraph.models.training.choosing.candidates import DIMENSIONS, LENGTHS, as_text
from tastegraph.models.training.choosing.choose import LEAST, choose_settings
from tastegraph.models.training.choosing.full_rank import MIX_OF_FEW_LISTENS, STARTS
from tastegraph.models.training.choosing.request import THOROUGH, TrainingRequest
from tests.models.training.choosing.worlds import couples, graph, groups, low_rank, noise

QUICK = TrainingRequest()


def untimed(choice):
    """A choice without the seconds, which differ from run to run."""
    properties = choice.as_properties()
    for trial in properties["trials"]:
        del trial["seconds"]
    return properties


def test_groups_are_found_and_reported():
    choice = choose_settings(graph(groups(120, 60, size=12, listens=6)), QUICK)
    assert choice.reached is not None
    assert choice.reached.chosen > 2 * choice.reached.popularity
    assert not any("warning" in sentence for sentence in choice.sentences)
    assert len(choice.trials) >= 3
    # The start comes first, and whatever is taken is better than it on the slice.
    assert max(trial.value for trial in choice.trials) >= choice.trials[0].value


def test_where_listens_are_few_a_start_for_them_is_gone_on_from():
    few = choose_settings(graph(groups(400, 600, size=12, listens=3)), QUICK)
    assert few.settings["unobserved"] < 0.01
    assert few.settings["reg"] > 0.2
    tried = [tuple(trial.settings.values()) for trial in few.trials]
    assert len(set(tried)) == len(tried)
    # Two starts of short vectors; from the better one the search goes with longer ones.
    lengths = [trial.settings["dimensions"] for trial in few.trials]
    assert lengths[:2] == [DIMENSIONS, DIMENSIONS]
    assert {*lengths[2:]} == {LENGTHS[0]}
    many = choose_settings(graph(groups(200, 60, size=30, listens=20)), QUICK)
    assert many.settings["unobserved"] >= 0.02
    assert {trial.settings["dimensions"] for trial in many.trials} == {DIMENSIONS}


def test_where_listens_are_few_a_full_rank_model_counts_for_half_to_begin_with():
    data = graph(groups(1_000, 1_500, size=100, listens=6))
    choice = choose_settings(data, QUICK)
    few = MIX_OF_FEW_LISTENS
    assert choice.settings["ease_share"] == few.ease_share
    assert choice.settings["popularity_discount"] == few.popularity_discount
    assert choice.reached.chosen >= choice.reached.listens_alone
    by_hand = choose_settings(data, TrainingRequest(settings={"popularity_discount": "0.05"}))
    assert by_hand.settings["ease_share"] == few.ease_share
    assert "popularity_discount" not in by_hand.settings


def test_noise_is_warned_of():
    plays = noise(200, 100, 0.05, 1)
    plays[:, 0] = 1
    choice = choose_settings(graph(plays), QUICK)
    assert any("little more than the most heard" in sentence for sentence in choice.sentences)
    assert choice.blend.weights == EMBEDDING_ALONE


def test_friends_who_tell_all_are_learned_from_and_others_are_not():
    alike = groups(200, 600, size=12, listens=6, seed=3)
    alike[1::2] = alike[::2]
    friends = choose_settings(graph(alike, couples(200)), QUICK)
    assert friends.settings["friend_weight"] > 0
    without = choose_settings(graph(alike), QUICK)
    assert without.settings.get("friend_weight", 0.0) == 0
    assert without.settings.get("tag_weight", 0.0) == 0


@pytest.mark.parametrize(
    "plays",
    [
        noise(5, 30, 0.3),
        np.eye(100, 40) + np.eye(100, 40, -40),
        np.eye(60, 1) + 1,
        noise(LEAST - 1, 40, 0.5),
    ],
    ids=["five users", "one listen a user", "one artist", "too few to test"],
)
def test_where_nothing_can_be_chosen_a_start_serves_and_is_said(plays):
    data = graph(plays)
    choice = choose_settings(data, QUICK)
    assert choice.trials == ()
    assert choice.reached is None
    assert choice.blend.weights == EMBEDDING_ALONE
    assert "nothing is chosen by trials" in choice.sentences[0]
    model = create(choice.algorithm, as_text(choice.settings))
    model.fit(data)
    assert np.isfinite(model.score(np.arange(len(data.users)))).all()


@pytest.mark.parametrize(
    "plays",
    [
        np.ones((80, 12)),
        np.tile(noise(1, 20, 0.5) + np.eye(1, 20), (80, 1)),
        noise(60, 30, 0.3) * 1e9,
        np.hstack([np.ones((60, 1)), noise(60, 300, 0.01)]),
    ],
    ids=["all hear all", "alike", "huge plays", "one artist heard by all"],
)
def test_odd_graphs_are_learned_from(plays):
    data = graph(plays)
    choice = choose_settings(data, QUICK)
    model = create(choice.algorithm, as_text(choice.settings))
    model.fit(data)
    assert np.isfinite(model.score(np.arange(len(data.users)))).all()


@pytest.mark.slow
def test_a_catalogue_of_160_000_artists_is_chosen_for():
    known = csr_array(groups(200, 600, size=12, listens=6))
    rng = np.random.default_rng(0)
    rows, columns = np.repeat(np.arange(200), 3), rng.choice(159_400, 600, replace=False)
    rare = csr_array((np.ones(600), (rows, columns)), shape=(200, 159_400))
    data = graph(hstack([known, rare], format="csr"))
    choice = choose_settings(data, QUICK)
    assert choice.reached is not None
    assert choice.reached.chosen > 2 * choice.reached.popularity
    model = create(choice.algorithm, as_text(choice.settings))
    model.fit(data)
    assert model.score(np.arange(2)).shape == (2, 160_000)


def test_a_factorisation_that_counts_for_half_is_the_mean_of_several():
    data = graph(low_rank(200, 100, 2, 10))
    choice = choose_settings(data, QUICK)
    assert choice.settings["ease_share"] <= 1
    assert choice.settings["starts"] == STARTS
    by_hand = choose_settings(data, TrainingRequest(settings={"starts": "1"}))
    assert "starts" not in by_hand.settings
    groups_alone = choose_settings(graph(groups(120, 60, size=12, listens=6)), QUICK)
    assert groups_alone.settings["ease_share"] > 1
    assert "starts" not in groups_alone.settings


def test_the_same_seed_gives_the_same_choice():
    data = graph(groups(100, 60, size=12, listens=6), couples(100))
    first, again = (untimed(choose_settings(data, QUICK, seed=4)) for _ in range(2))
    assert first == again


def test_what_is_set_by_hand_is_kept():
    data = graph(groups(100, 60, size=12, listens=6), couples(100))
    weights = SignalWeights(1.0, 0.5, 0.0)
    by_hand = {"reg": "0.02", "dimensions": "8"}
    choice = choose_settings(data, TrainingRequest("collective-als", by_hand, weights))
    assert choice.algorithm == "collective-als"
    assert not set(choice.settings) & set(by_hand)
    assert choice.blend.weights == weights
    assert {trial.settings["reg"] for trial in choice.trials} == {0.02}
    assert {trial.settings["dimensions"] for trial in choice.trials} == {8}


def test_a_time_limit_too_short_for_a_trial_is_said():
    data = graph(groups(100, 60, size=12, listens=6))
    choice = choose_settings(data, TrainingRequest(minutes=1e-9))
    assert choice.trials == ()
    assert "too short for a trial" in choice.sentences[0]


def test_thorough_tries_more():
    data = graph(groups(100, 60, size=12, listens=6))
    more = choose_settings(data, TrainingRequest("als", effort=THOROUGH))
    assert len(more.trials) > len(choose_settings(data, TrainingRequest("als")).trials)


def test_what_will_be_learned_from_is_said_before_the_work():
    said = []
    choose_settings(graph(noise(5, 30, 0.3)), QUICK, note=said.append)
    assert said == [
        "learns from the listens (there are no friends or tags) by a factorisation and a "
        "full-rank model"
    ]


def test_a_full_rank_model_of_the_heaviest_columns_serves_above_its_limit():
    said = []
    data = graph(groups(120, 60, size=12, listens=6))
    request = TrainingRequest(settings={"most_rows": "50"})
    choice = choose_settings(data, request, note=said.append)
    assert choice.algorithm == "collective"
    assert choice.settings["ease_share"] > 0
    assert "of the 50 artists and friends that weigh most, since 120 users and tags" in said[0]
