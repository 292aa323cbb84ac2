"""What somebody wants less like is an entry with the preference -1."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastegraph.models.explain.contributions import DISLIKE, LISTEN, Entries
from tastegraph.models.solver.fold_in import FixedSide, Penalty
from tastegraph.models.solver.fold_in_model import FoldInModel

# Three artists in two dimensions; the third lies between the others.
ARTISTS = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]], dtype=np.float32)
PENALTY = Penalty(unobserved=0.5, reg=1.0, reg_exponent=0.0)


def plain() -> FoldInModel:
    return FoldInModel(FixedSide.of(ARTISTS, PENALTY))


def test_a_like_and_a_dislike_by_hand() -> None:
    """A = a0 Q'Q + lam I + q1 q1' + q2 q2' and b = q1 - q2, solved on paper.

    Q'Q = [[2, 1], [1, 5]], so A = [[1, .5], [.5, 2.5]] + I + [[1, 0], [0, 4]]
    = [[3, .5], [.5, 7.5]], of determinant 22.25; A^-1 = [[7.5, -.5], [-.5, 3]] / 22.25.
    """
    columns, weights = ARTISTS[:2], np.array([1.0, -1.0])
    parts = plain().contributions(columns, weights)
    liked, disliked = np.array([7.5, -0.5]) / 22.25, -np.array([-1.0, 6.0]) / 22.25
    np.testing.assert_allclose(parts, [liked, disliked])
    np.testing.assert_allclose(plain().vector(columns, weights), liked + disliked)
    # For the third artist the like adds 7 / 22.25 and the dislike takes 5 / 22.25 away.
    np.testing.assert_allclose(ARTISTS[2] @ parts.T, [7 / 22.25, -5 / 22.25])


def test_it_is_the_least_of_the_objective() -> None:
    """Sum of x (r - p.q)^2 over entries, a0 (p.q)^2 over all, lam |p|^2: no step makes it less."""
    signs, columns = np.array([1.0, -1.0]), ARTISTS[:2].astype(np.float64)
    best = plain().vector(ARTISTS[:2], signs)

    def loss(vector: np.ndarray) -> float:
        fitted = np.sum((signs - columns @ vector) ** 2)
        return float(fitted + 0.5 * np.sum((ARTISTS @ vector) ** 2) + vector @ vector)

    for step in np.vstack([np.eye(2), -np.eye(2)]) * 1e-3:
        assert loss(best + step) > loss(best)


@given(
    st.lists(st.sampled_from([1.0, -1.0]), min_size=1, max_size=6),
    st.integers(0, 2**32 - 1),
    st.booleans(),
)
def test_parts_add_up_whatever_is_liked_and_disliked(
    signs: list[float], seed: int, has_full_rank: bool
) -> None:
    rng = np.random.default_rng(seed)
    side = rng.standard_normal((12, 4)).astype(np.float32)
    mapping = rng.standard_normal((4, 3)).astype(np.float32) if has_full_rank else None
    model = FoldInModel(FixedSide.of(side, Penalty(0.1, 0.5, 0.7)), mapping)
    own = rng.standard_normal((len(signs), 3)).astype(np.float32)
    columns = np.hstack([side[: len(signs)], own]) if has_full_rank else side[: len(signs)]
    parts = model.contributions(columns, np.array(signs))
    whole = model.vector(columns, np.array(signs))
    np.testing.assert_allclose(parts.sum(axis=0), whole, atol=1e-9)
    # Who likes what another dislikes, and the other way round, is their opposite.
    np.testing.assert_allclose(model.vector(columns, -np.array(signs)), -whole, atol=1e-9)
    # A preference changes signs alone: each part is that of a like, or its negative.
    liked = model.contributions(columns, np.ones(len(signs)))
    np.testing.assert_allclose(parts, liked * np.array(signs)[:, None], atol=1e-9)


def test_entries_weigh_a_dislike_as_a_like() -> None:
    entries = Entries.of(
        plain(), [(1, "one", 1.0, ARTISTS[0])], [], dislikes=[(2, "two", ARTISTS[1])]
    )
    assert [entry.kind for entry in entries.entries] == [LISTEN, DISLIKE]
    assert entries.weights.tolist() == pytest.approx([1.0, -1.0])


def test_a_dislike_that_the_model_never_met_says_nothing() -> None:
    entries = Entries.of(plain(), [(1, "one", 1.0, ARTISTS[0])], [], dislikes=[(9, None, None)])
    assert [entry.id for entry in entries.entries] == [1]
