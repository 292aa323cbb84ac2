from hypothesis import given
from hypothesis import strategies as st

from tastegraph.models.data.id_map import IdMap


@given(st.lists(st.integers()))
def test_rows_lead_back_to_ids(ids):
    id_map = IdMap.of(ids)
    assert [id_map.ids[row] for row in id_map.rows(ids)] == ids


@given(st.lists(st.text()))
def test_rows_ascend_with_ids(ids):
    id_map = IdMap.of(ids)
    assert list(id_map.rows(sorted(set(ids)))) == list(range(len(id_map)))


def test_gaps_and_repetitions_close_up():
    id_map = IdMap.of([18745, 2, 51, 2])
    assert list(id_map.ids) == [2, 51, 18745]
    assert id_map.row(51) == 1


def test_an_unknown_id_is_minus_one():
    id_map = IdMap.of(["b", "a"])
    assert id_map.row("c") == -1
    assert id_map.rows(["a", "c", "b"]).tolist() == [0, -1, 1]


def test_an_empty_map_has_no_rows():
    assert len(IdMap.of([])) == 0
    assert IdMap.of([]).rows([]).tolist() == []
