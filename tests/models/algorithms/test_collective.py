"""The teacher, its parts and its student."""

import dataclasses

import numpy as np
import pytest

from tastegraph.errors import InputError, ModelError
from tastegraph.models.algorithms.collective import Collective, CollectiveConfig
from tastegraph.models.algorithms.collective_ease import CollectiveEase, EaseConfig
from tastegraph.models.algorithms.collective_exact import CollectiveExact
from tastegraph.models.algorithms.teacher import Teacher, TeacherConfig
from tastegraph.models.algorithms.whole_graph import collective_matrix, learned_tags
from tastegraph.models.solver.als import factorize, typical_weight
from tastegraph.models.solver.fold_in_model import FoldInModel
from tastegraph.runtime.progress import silent
from tests.models.cases import dataset

SETTINGS = {"als_dimensions": 6, "epochs": 4, "tag_artists": 3, "ridge": 5.0}
TEACHER = TeacherConfig(**SETTINGS)


@pytest.fixture(scope="module")
def data():
    return dataset(users=20, artists=30, tags=8)


@pytest.fixture(scope="module")
def exact(data):
    model = CollectiveExact(TEACHER)
    model.fit(data, seed=3)
    return model.score(np.arange(len(data.users)))


def dense_ease(data, config):
    tags = learned_tags(data.tag_counts, config.tag_artists)
    x = collective_matrix(data, tags, config).toarray().astype(np.float64)
    squares = (x**2).sum(axis=0)
    ridges = config.ridge * ((squares + 1) / (squares + 1).mean()) ** config.ridge_exponent
    ridges += config.dropout * squares
    inverse = np.linalg.inv(x.T @ x + np.diag(ridges))
    weights = -inverse * ridges * (np.diag(inverse) * ridges) ** -config.exponent
    np.fill_diagonal(weights, 0.0)
    return (x @ weights)[: len(data.users), : len(data.artists)]


def test_the_matrix_has_everybody_as_a_friend_of_themselves(data):
    config = EaseConfig(friend_weight=0.5, self_weight=2.0)
    x = collective_matrix(data, learned_tags(data.tag_counts, 1), config).toarray()
    friends = x[: len(data.users), len(data.artists) :]
    np.testing.assert_allclose(friends, 0.5 * data.friends.toarray() + np.eye(len(data.users)))


def test_collective_ease_is_the_closed_form(data):
    config = EaseConfig(tag_artists=3, ridge=5.0)
    model = CollectiveEase(config)
    model.fit(data)
    expected = dense_ease(data, config)
    np.testing.assert_allclose(model.score(np.arange(20)), expected, atol=1e-5)
    np.testing.assert_allclose(model.score(np.array([4, 1])), expected[[4, 1]], atol=1e-5)


def test_the_teacher_is_the_discounted_sum_of_both(data, exact):
    tags = learned_tags(data.tag_counts, 3)
    typical = typical_weight(TEACHER.weights(data))
    matrix = collective_matrix(data, tags, TEACHER)
    factors = factorize(matrix, TEACHER.als, 3, typical=typical)
    als = factors.rows[:20] @ factors.columns[:30].T
    ease = dense_ease(data, TEACHER)
    discount = np.maximum(1, data.listeners) ** -0.07
    np.testing.assert_allclose(exact, (als + 3.4 * ease) / 4.4 * discount, atol=1e-5)


@pytest.mark.parametrize("dimensions", [4, 12])
def test_the_student_is_the_best_approximation(data, exact, dimensions):
    model = Collective(CollectiveConfig(dimensions=dimensions, **SETTINGS))
    model.fit(data, seed=3)
    left, values, right = np.linalg.svd(exact.astype(np.float64))
    best = (left[:, :dimensions] * values[:dimensions]) @ right[:dimensions]
    scale = np.abs(best).max()
    assert np.abs(model.score(np.arange(20)) - best).max() < 1e-4 * scale
    assert model.training_loss == pytest.approx((values[dimensions:] ** 2).sum(), rel=1e-3)


def test_both_sides_share_the_singular_values(data):
    model = Collective(CollectiveConfig(dimensions=5, **SETTINGS))
    model.fit(data)
    users, artists = model.vectors.users, model.vectors.artists
    np.testing.assert_allclose(users.T @ users, artists.T @ artists, atol=1e-4)
    largest = users[np.abs(users).argmax(axis=0), np.arange(5)]
    assert (largest > 0).all()


def test_tags_are_scored_by_the_teacher_as_well(data):
    model = Collective(CollectiveConfig(dimensions=20, **SETTINGS))
    model.fit(data, seed=3)
    teacher = Teacher.fit(data, model.config, 3, silent, "student")
    expected = teacher.scores(np.arange(20, 20 + len(teacher.tags)))
    found = model.vectors.tags[teacher.tags] @ model.vectors.artists.T
    # At full rank, what users' scores span holds most of what tags' scores are.
    difference = np.linalg.norm(found - expected) / np.linalg.norm(expected)
    assert difference < 0.5
    rare = np.setdiff1d(np.arange(len(data.tags)), teacher.tags)
    assert not model.vectors.tags[rare].any()


def test_more_dimensions_than_the_scores_have_are_left_out(data, exact):
    model = Collective(CollectiveConfig(dimensions=256, **SETTINGS))
    model.fit(data, seed=3)
    assert model.vectors.dimensions <= 20
    np.testing.assert_allclose(model.score(np.arange(20)), exact, atol=1e-3)


def test_the_same_seed_gives_the_same_vectors(data):
    first, second = (Collective(CollectiveConfig(dimensions=5, **SETTINGS)) for _ in range(2))
    first.fit(data, seed=1)
    second.fit(data, seed=1)
    np.testing.assert_array_equal(first.vectors.users, second.vectors.users)
    np.testing.assert_array_equal(first.vectors.artists, second.vectors.artists)


@pytest.fixture(scope="module")
def limited(data):
    """A student of EASE on 24 of 50 columns, for there are 28 rows."""
    config = CollectiveConfig(dimensions=20, most_rows=24, **SETTINGS)
    model = Collective(config)
    model.fit(data, seed=3)
    return model, Teacher.fit(data, config, 3, silent, "student")


def test_above_its_limit_the_full_rank_model_takes_the_heaviest_columns(data, limited):
    model, teacher = limited
    matrix = teacher.matrix.toarray()
    sums = matrix.sum(axis=0)
    assert sums[teacher.ease.known].min() >= np.delete(sums, teacher.ease.known).max()
    assert len(teacher.ease.known) == 24
    known = matrix.astype(np.float64) * np.isin(np.arange(50), teacher.ease.known)
    ridges = model.config.ridges(teacher.matrix)
    inverse = np.linalg.inv(known.T @ known + np.diag(ridges))
    weights = -inverse * ridges * (np.diag(inverse) * ridges) ** -model.config.exponent
    np.fill_diagonal(weights, 0.0)
    vectors = teacher.factors.rows @ teacher.factors.columns.T
    expected = (vectors + 3.4 * known @ weights)[:, :30] / 4.4 * teacher.scale
    np.testing.assert_allclose(teacher.scores(slice(None)), expected, atol=1e-5)
    np.testing.assert_allclose(model.score(np.arange(20)), expected[:20], atol=2e-3)


def test_parts_add_up_to_a_vector_above_the_limit_as_well(data, limited):
    model, teacher = limited
    columns = np.vstack([model.fold_in.artists, model.fold_in.friends])
    for user in range(20):
        row = teacher.matrix[[user]]
        contributions = model.fold_in.model.contributions(columns[row.indices], row.data)
        np.testing.assert_allclose(contributions.sum(axis=0), model.vectors.users[user], atol=1e-4)


def test_starts_are_averaged_and_each_is_folded_in_by_itself(data):
    config = CollectiveConfig(dimensions=30, starts=3, **SETTINGS)
    teacher = Teacher.fit(data, config, 3, silent, "student")
    width = teacher.factors.columns.shape[1] // 3
    one = Teacher.fit(data, dataclasses.replace(config, starts=1), 3, silent, "student")
    np.testing.assert_array_equal(teacher.factors.columns[:, :width], one.factors.columns)
    found = teacher.factors.rows @ teacher.factors.columns.T
    blocks = [slice(start * width, (start + 1) * width) for start in range(3)]
    each = [3 * teacher.factors.rows[:, at] @ teacher.factors.columns[:, at].T for at in blocks]
    np.testing.assert_allclose(found, np.mean(each, axis=0), atol=1e-5)
    assert not np.allclose(each[0], each[1], atol=1e-3)
    model = Collective(config)
    model.fit(data, seed=3)
    np.testing.assert_allclose(model.score(np.arange(20)), teacher.scores(slice(0, 20)), atol=2e-3)
    kept = FoldInModel.from_properties(model.fold_in.model.as_properties())
    columns = np.vstack([model.fold_in.artists, model.fold_in.friends])
    for user in range(20):
        row = teacher.matrix[[user]]
        entries = columns[row.indices], row.data
        np.testing.assert_allclose(kept.vector(*entries), model.vectors.users[user], atol=1e-4)
        parts = kept.contributions(*entries)
        np.testing.assert_allclose(parts.sum(axis=0), model.vectors.users[user], atol=1e-4)


@pytest.mark.parametrize("most_rows", [24, 100])
@pytest.mark.parametrize(("share", "solved"), [(0.0, "als"), (np.inf, "ease")])
def test_a_model_without_a_say_is_not_solved(data, share, solved, most_rows):
    labels = []

    def progress(label, total):
        labels.append(label)
        return silent(label, total)

    config = CollectiveConfig(dimensions=9, ease_share=share, most_rows=most_rows, **SETTINGS)
    model = Collective(config)
    model.fit(data, seed=3, progress=progress)
    assert ("collective" in labels) == (solved == "als")
    assert ("collective: full rank" in labels) == (solved == "ease")
    teacher = Teacher.fit(data, config, 3, silent, "student")
    expected = teacher.factors.rows @ teacher.factors.columns[:30].T
    if solved == "ease":
        expected = teacher.ease.block(slice(None), slice(0, 30))
    np.testing.assert_allclose(teacher.scores(slice(None)), expected * teacher.scale, atol=1e-5)
    assert model.vectors.dimensions == (6 if solved == "als" else 9)
    columns = np.vstack([model.fold_in.artists, model.fold_in.friends])
    row = teacher.matrix[[7]]
    folded = model.fold_in.model.vector(columns[row.indices], row.data)
    np.testing.assert_allclose(folded, model.vectors.users[7], atol=1e-4)


@pytest.mark.parametrize(
    "field",
    [
        *("dimensions", "most_rows", "als_dimensions", "starts"),
        *("ridge", "reg", "friend_weight", "ease_share"),
    ],
)
def test_settings_out_of_range_are_refused(field):
    with pytest.raises(InputError, match="must be"):
        CollectiveConfig(**{field: -1})


def test_models_before_fit_say_so():
    for model in (CollectiveEase(), CollectiveExact(), Collective()):
        with pytest.raises(ModelError, match="not been trained"):
            model.score(np.array([0]))


def test_nothing_to_learn_from_is_said(data):
    empty = dataset(users=3, artists=4, tags=1)
    empty.plays.data[:] = 0
    empty.plays.eliminate_zeros()
    for model in (CollectiveEase(), CollectiveExact(), Collective()):
        with pytest.raises(ModelError, match="no listens"):
            model.fit(empty)


def test_the_teacher_multiplies_without_forming_its_scores(data):
    teacher = Teacher.fit(data, TEACHER, 0, silent, "x")
    scores = teacher.scores(slice(None))
    right = np.random.default_rng(0).standard_normal((30, 3)).astype(np.float32)
    np.testing.assert_allclose(teacher.times(right), scores @ right, atol=1e-4)
    left = np.random.default_rng(1).standard_normal((20, 3)).astype(np.float32)
    np.testing.assert_allclose(teacher.across(left), scores[:20].T @ left, atol=1e-4)
