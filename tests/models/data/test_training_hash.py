"""Hashes of what a training learned."""

from tastegraph.models.data.id_map import IdMap
from tastegraph.models.data.training_hash import newcomer_hash


def test_ids_that_become_text_are_the_same_ids() -> None:
    assert newcomer_hash([2, 10, -3], [7]) == newcomer_hash(["2", "10", "-3"], ["7"])
    assert newcomer_hash([7], []) != newcomer_hash(["007"], [])
    assert newcomer_hash(["me"], []) != newcomer_hash(["you"], [])
    assert len(IdMap.of([])) == 0
    assert newcomer_hash([], []) == 0
