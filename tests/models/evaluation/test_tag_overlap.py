"""Both forms of overlap, and what chance gives, by hand and against enumeration."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from bench.public_split import evidence
from tastegraph.models.algorithms.factory import DEFAULT, create
from tastegraph.models.evaluation.tag_overlap import (
    MEASURES,
    TagOverlap,
    most_used,
    nearest,
    neighbour_candidates,
    precision,
)
from tests.models.cases import random_matrix

TAGS = 14


def uses(*rows):
    """Rows of tag -> times."""
    matrix = np.zeros((len(rows), TAGS))
    for row, entries in zip(matrix, rows, strict=True):
        row[list(entries)] = list(entries.values())
    return csr_array(matrix)


# Tags 2 to 11 are the subject's ten most used ones; 12 is used as often as 11, and comes after it.
SUBJECT = uses(dict(zip(range(2, 13), [20, 19, 18, 17, 16, 15, 14, 13, 12, 1, 1], strict=True)))


@pytest.mark.parametrize(
    ("artist", "lenient", "strict"),
    [
        ({}, False, False),
        ({13: 4}, False, False),
        ({2: 1}, True, True),
        ({11: 1}, True, True),
        ({12: 9}, True, False),
        # 1 of 2 is half, and so are 2 of 4; 1 of 3 and 2 of 5 are less, 3 of 5 are more.
        ({2: 1, 13: 9}, True, True),
        ({2: 1, 12: 9, 13: 9}, True, False),
        ({2: 5, 3: 5, 12: 5, 13: 5}, True, True),
        ({0: 1, 2: 9, 3: 9, 12: 1, 13: 1}, True, False),
        ({2: 1, 3: 1, 4: 1, 12: 9, 13: 9}, True, True),
        # Of six the five most used ones count, and the fifth is the one with the smaller id.
        ({0: 9, 1: 9, 12: 9, 13: 9, 2: 8, 3: 7}, True, False),
        ({0: 1, 2: 2, 3: 2, 4: 1, 12: 2, 13: 2}, True, False),
        ({0: 2, 2: 2, 3: 2, 4: 1, 12: 2, 13: 1}, True, True),
    ],
    ids=str,
)
def test_relevance_by_hand(artist, lenient, strict):
    overlap = TagOverlap(uses(artist))
    assert overlap.lenient(SUBJECT).tolist() == [[lenient]]
    assert overlap.strict(SUBJECT).tolist() == [[strict]]


# Artist 0 is the subject; 1 is relevant in both forms, 2 leniently, 3 and 4 not at all.
ARTISTS = uses({2: 3, 3: 2}, {2: 1}, {2: 1, 12: 5, 13: 5}, {13: 1}, {})
LISTENERS = np.array([50, 4, 9, 9, 2])


def test_measures_by_hand():
    """Candidates are 1 to 4, the most listened two of them 2 and 3."""
    candidates = np.array([[False, True, True, True, True]])
    lists = np.array([[1, 2]])
    frame = TagOverlap(ARTISTS).measures(ARTISTS[[0]], lists, candidates, LISTENERS)
    assert list(frame) == list(MEASURES)
    assert frame.iloc[0].tolist() == [1.0, 0.5, 2 / 4, 1 / 4, 1 / 2, 0.0]


def test_a_short_list_is_measured_over_what_it_has():
    relevant = np.array([[True, False, True]] * 3)
    lists = np.array([[0, 1, -1], [1, -1, -1], [-1, -1, -1]])
    assert precision(relevant, lists) == pytest.approx([0.5, 0, np.nan], nan_ok=True)


def test_nothing_to_choose_from_has_no_precision():
    none = np.zeros((1, 5), dtype=bool)
    frame = TagOverlap(ARTISTS).measures(ARTISTS[[0]], np.array([[-1, -1]]), none, LISTENERS)
    assert frame.isna().all(axis=None)


@given(st.integers(0, 999), st.integers(1, 4))
@settings(max_examples=25)
def test_chance_is_the_mean_over_all_lists_that_could_be_drawn(seed, k):
    tag_counts, subject = random_matrix(9, 8, 0.3, seed), random_matrix(1, 8, 0.4, seed + 1)
    candidates = np.random.default_rng(seed).random((1, 9)) < 0.8
    candidates[0, :4] = True
    overlap = TagOverlap(tag_counts)
    drawn = np.array(list(combinations(np.flatnonzero(candidates[0]), k)))
    frame = overlap.measures(subject, drawn[:1], candidates, np.arange(9))
    for form, column in ((overlap.lenient, "random"), (overlap.strict, "random_strict")):
        every = precision(np.repeat(form(subject), len(drawn), axis=0), drawn)
        assert frame[column].iloc[0] == pytest.approx(every.mean())


def test_blocks_of_subjects_change_nothing(monkeypatch):
    subjects, tag_counts = random_matrix(20, 8, 0.4, 1), random_matrix(30, 8, 0.3, 2)
    rng = np.random.default_rng(3)
    arguments = (
        subjects,
        rng.integers(0, 30, (20, 4)),
        rng.random((20, 30)) < 0.7,
        rng.integers(0, 9, 30),
    )
    whole = TagOverlap(tag_counts).measures(*arguments)
    monkeypatch.setattr("tastegraph.models.evaluation.tag_overlap._BLOCK", 7)
    assert TagOverlap(tag_counts).measures(*arguments).equals(whole)


def test_neighbours_have_a_vector_and_listeners_enough():
    vectors = np.array([[1, 0], [1, 1], [0, 1], [2, 0], [0, 0]], dtype=np.float32)
    listeners, first = np.array([5, 1, 3, 3, 9]), np.array([0, 2])
    candidates = neighbour_candidates(vectors, first, listeners, 2)
    assert candidates.tolist() == [
        [False, False, True, True, False],
        [True, False, False, True, False],
    ]
    # Artists 0 and 3 point the same way: equally far from 2, the smaller id comes first.
    assert nearest(vectors, first, candidates, 3).tolist() == [[3, 2, -1], [0, 3, -1]]


def test_most_used_of_each_row():
    counts = csr_array([[1.0, 3, 3, 2], [0, 0, 0, 0], [0, 0, 5, 0]])
    assert most_used(counts, 2).toarray().tolist() == [[0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 1, 0]]
    assert most_used(counts, 3).toarray().tolist() == [[0, 1, 1, 1], [0, 0, 0, 0], [0, 0, 1, 0]]


@pytest.mark.slow
def test_the_default_model_on_the_real_data(real_data):
    """AC/DC has nothing but hard rock around it, and popular artists share a tag with anybody."""
    data, model = evidence(real_data), create(DEFAULT, {})
    model.fit(data)
    vectors = model.vectors.artists
    acdc = data.artists.row(706)
    heard = np.lexsort((np.arange(len(data.artists)), -data.listeners))[:500]
    artists = np.array([acdc, *heard])
    candidates = neighbour_candidates(vectors, artists, data.listeners, 3)
    lists = nearest(vectors, artists, candidates, 9)
    frame = TagOverlap(data.tag_counts).measures(
        data.tag_counts[artists], lists, candidates, data.listeners
    )
    assert frame.loc[0, ["precision", "strict"]].tolist() == [1.0, 1.0]
    means = frame.iloc[1:].mean()
    assert means["strict"] >= 0.75
    assert means["random_strict"] == pytest.approx(0.076, abs=0.002)
    assert means["random"] == pytest.approx(0.633, abs=0.002)
    assert means["popular"] == pytest.approx(0.998, abs=0.002)
