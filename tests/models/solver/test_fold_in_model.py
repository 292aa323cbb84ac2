"""Every user's vector is the sum of what their listens and friends add."""

from dataclasses import replace

import numpy as np
import pytest

from tastegraph.models.algorithms.als import ListensAls, ListensConfig
from tastegraph.models.algorithms.collective import Collective, CollectiveConfig
from tastegraph.models.algorithms.collective_als import CollectiveAls, CollectiveAlsConfig
from tastegraph.models.algorithms.teacher import Teacher
from tastegraph.models.solver.fold_in import FixedSide, fold_in
from tastegraph.models.solver.fold_in_model import FoldInModel
from tastegraph.runtime.progress import silent
from tests.models.cases import dataset

STUDENT = CollectiveConfig(dimensions=12, als_dimensions=6, epochs=4, tag_artists=3, ridge=5.0)


MODELS = {
    "collective": (Collective, STUDENT),
    "collective-als": (CollectiveAls, CollectiveAlsConfig(dimensions=8, epochs=4, tag_artists=3)),
    "als": (ListensAls, ListensConfig(dimensions=8, epochs=4)),
}


@pytest.fixture(scope="module")
def data():
    made = dataset(users=20, artists=30, tags=8)
    days = np.random.default_rng(0).uniform(0, 300, made.plays.nnz).round()
    return replace(made, heard=np.where(days < 20, np.nan, days * 86_400))


@pytest.fixture(scope="module", params=MODELS)
def name(request):
    return request.param


@pytest.fixture(scope="module", params=[0, 60], ids=["alike", "half-life"])
def model(request, name, data):
    model_type, config = MODELS[name]
    made = model_type(replace(config, half_life=request.param))
    made.fit(data, seed=3)
    return made


def entries(model, data, user):
    """Columns and weights of a user's listens, friends, and of the user."""
    fold_in, fold_in_model = model.fold_in, model.fold_in.model
    span = slice(data.plays.indptr[user], data.plays.indptr[user + 1])
    columns = [fold_in.artists[data.plays.indices[span]]]
    weights = [fold_in_model.listen_weights(data.plays.data[span], data.heard[span])]
    if fold_in.friends is not None:
        friends = data.friends[[user]].indices
        columns += [fold_in.friends[friends], fold_in.friends[[user]]]
        weights += [
            np.full(len(friends), fold_in_model.friend_weight),
            np.array([fold_in_model.friend_weight * fold_in_model.self_weight]),
        ]
    return np.concatenate(columns), np.concatenate(weights)


def test_contributions_add_up_to_the_vector(model, data):
    for user, vector in enumerate(model.vectors.users):
        columns, weights = entries(model, data, user)
        parts = model.fold_in.model.contributions(columns, weights)
        np.testing.assert_allclose(parts.sum(axis=0), vector, rtol=1e-4, atol=2e-5)
        whole = model.fold_in.model.vector(columns, weights)
        np.testing.assert_allclose(whole, vector, rtol=1e-4, atol=2e-5)


def test_the_full_rank_model_times_anything_is_the_sum_of_its_entries(data):
    ease = Teacher.fit(data, STUDENT, 3, silent, "student").ease
    right = np.random.default_rng(0).standard_normal((len(ease.left), 5)).astype(np.float32)
    np.testing.assert_allclose(
        ease.matrix @ ease.weights_times(right), ease.times(right), rtol=1e-3, atol=1e-3
    )


def test_a_fold_in_model_survives_the_graph(model, data):
    kept = FoldInModel.from_properties(model.fold_in.model.as_properties())
    columns, weights = entries(model, data, 4)
    np.testing.assert_array_equal(
        kept.vector(columns, weights), model.fold_in.model.vector(columns, weights)
    )
    assert kept.decay == model.fold_in.model.decay
    np.testing.assert_array_equal(
        kept.weights_of(data).data, model.fold_in.model.weights_of(data).data
    )
    assert FoldInModel.from_properties({}) is None


def test_a_scale_that_depends_on_others_keeps_no_influence(data):
    model = ListensAls(ListensConfig(dimensions=8, epochs=4, scaling="max"))
    model.fit(data)
    assert model.fold_in is None


def test_taking_a_listen_away_lowers_scores_by_its_part(data):
    """The removal identity, lam as it was, for everybody."""
    model = ListensAls(ListensConfig(dimensions=8, epochs=4))
    model.fit(data, seed=3)
    fixed, artists = model.for_users, model.vectors.artists.astype(float)
    for user in range(20):
        columns, weights = entries(model, data, user)
        part = artists @ model.fold_in.model.contributions(columns, weights)[0]
        wide = columns.astype(float)
        system = fixed.system(columns, weights) - weights[0] * np.outer(wide[0], wide[0])
        without = np.linalg.solve(system, weights[1:] @ wide[1:])
        fallen = artists @ (model.vectors.users[user] - without)
        np.testing.assert_allclose(fallen, part * (1 - wide[0] @ without), atol=1e-4)


def test_without_a_listen_the_student_scores_as_its_teacher_would(data):
    """Twenty users, each without their first listen, folded in and by the teacher's own matrices.

    What the teacher says of a row of X reaches the student through the directions that it keeps.
    """
    model = Collective(STUDENT)
    model.fit(data, seed=3)
    teacher = Teacher.fit(data, STUDENT, 3, silent, "student")
    columns = teacher.factors.columns
    fixed = FixedSide.of(columns, teacher.factors.penalty)
    weights = teacher.ease.weights_times(np.eye(len(columns), dtype=np.float32))
    artists = model.vectors.artists
    kept = artists / np.linalg.norm(artists, axis=0)
    for user in range(20):
        row = teacher.matrix[[user]].toarray()[0].astype(np.float64)
        row[data.plays[[user]].indices[0]] = 0.0
        left = np.flatnonzero(row)
        factors = fold_in(columns[left], row[left], fixed) @ columns.T
        whole = teacher.shares[0] * factors + teacher.shares[1] * (row @ weights)
        scores = whole[: len(artists)] * teacher.scale
        entered, weighed = entries(model, data, user)
        found = model.fold_in.model.vector(entered[1:], weighed[1:]) @ artists.T
        np.testing.assert_allclose(found, (scores @ kept) @ kept.T, atol=1e-4)
        assert np.abs(found - model.vectors.users[user] @ artists.T).max() > 1e-3
