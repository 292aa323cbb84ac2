"""What of changed nodes is written: the properties that differ, and no other."""

from hypothesis import given
from hypothesis import strategies as st

from tastegraph.graph.difference import changed_nodes

VALUES = st.tuples(st.none() | st.integers(0, 2), st.text("ab", max_size=1), st.integers(0, 2))


def test_rows_by_the_places_that_differ() -> None:
    old = {1: ("Air", 3, 0.5), 2: ("Can", 4, 0.5), 3: ("Moby", 5, 0.5)}
    new = {1: ("Air", 3, 0.6), 2: ("Can", 4, 0.6), 3: ("Moby", 6, 0.7), 4: ("Nico", 1, 0.1)}
    assert changed_nodes(old, new) == {(2,): [[1, 0.6], [2, 0.6]], (1, 2): [[3, 6, 0.7]]}


def test_the_last_places_of_floating_point_are_no_change() -> None:
    old = {1: ("Air", 0.1 + 0.2), 2: ("Can", 0.3)}
    assert changed_nodes(old, {1: ("Air", 0.3), 2: ("Can", 0.3)}) == {}
    assert changed_nodes(old, {1: ("Neu!", 0.3), 2: ("Can", 0.3 + 1e-9)}) == {
        (0,): [[1, "Neu!"]],
        (1,): [[2, 0.3 + 1e-9]],
    }


@given(
    st.dictionaries(st.integers(0, 5), VALUES),
    st.dictionaries(st.integers(0, 5), VALUES),
)
def test_what_is_written_makes_the_new_of_the_old(
    old: dict[int, tuple[object, ...]], new: dict[int, tuple[object, ...]]
) -> None:
    written = {id_: list(values) for id_, values in old.items()}
    for places, rows in changed_nodes(old, new).items():
        assert places
        for id_, *values in rows:
            for place, value in zip(places, values, strict=True):
                assert written[id_][place] != value
                written[id_][place] = value
    assert {id_: tuple(written[id_]) for id_ in old.keys() & new.keys()} == {
        id_: new[id_] for id_ in old.keys() & new.keys()
    }
