import numpy as np
import pytest
from scipy.sparse import csr_array

from models.evaluation.metrics import ndcg, precision, recall

TOP = np.array([[4, 0, 2], [1, 3, -1], [0, 1, 2], [0, 1, 2]])
HELD = csr_array(
    np.array([[0, 1, 1, 1, 1], [0, 1, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 1, 0]], dtype=np.float32)
)


def test_precision_is_hits_over_k():
    assert precision(TOP, HELD) == pytest.approx([2 / 3, 1 / 3, 0])


def test_recall_is_hits_over_held_out_listens():
    assert recall(TOP, HELD) == pytest.approx([2 / 4, 1, 0])


def test_ndcg_discounts_by_rank_and_by_what_was_possible():
    second, third = 1 / np.log2(3), 1 / np.log2(4)
    assert ndcg(TOP, HELD) == pytest.approx([(1 + third) / (1 + second + third), 1, 0])


def test_padding_is_never_a_hit():
    held = csr_array(np.array([[0, 0, 1]], dtype=np.float32))
    assert precision(np.array([[-1, -1]]), held).tolist() == [0]


def test_nobody_to_test_gives_no_value():
    empty = csr_array((2, 5), dtype=np.float32)
    assert [len(of(TOP[:2], empty)) for of in (precision, recall, ndcg)] == [0, 0, 0]
