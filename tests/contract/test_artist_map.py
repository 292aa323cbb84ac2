"""Places of artists on a map: kept with the model that they are of, the same each time."""

from typing import Any

import numpy as np
import pytest

from tastegraph.analysis.artist_map import (
    COLUMNS,
    REACH,
    MapMemory,
    make_map,
    read_artist_map,
)
from tastegraph.errors import ModelError
from tastegraph.graph.own_properties import read_own_properties
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.algorithms.factory import create
from tastegraph.models.storage import artist_map
from tastegraph.models.storage.artist_map import mapped_model, read_map, write_map
from tastegraph.models.storage.model_card import read_card
from tastegraph.models.storage.switch import ModelChangedError
from tastegraph.models.storage.versions import list_models, remove_model, use_model
from tastegraph.models.training.train import train
from tests.contract.trained import WEIGHTS, load_and_train, load_small, train_small

_PLACED = "MATCH (a:Artist) WHERE a.mapX IS NOT NULL AND a.mapY IS NOT NULL RETURN count(a)"


def count_placed(store: GraphStore) -> int:
    """Artists with a place."""
    return int(store.values(_PLACED)[0][0])


@pytest.mark.holds(make=load_and_train)
def test_a_map_is_kept_with_its_model(store: GraphStore) -> None:
    rough, is_kept = read_artist_map(store)
    assert not is_kept
    made = make_map(store, seed=3)
    assert made == count_placed(store) == len(rough)
    first = read_map(store, read_card(store).id)
    frame, is_kept = read_artist_map(store)
    assert is_kept
    assert tuple(frame.columns) == COLUMNS
    assert {(row.artist, row.x, row.y) for row in frame.itertuples()} == set(first)
    order = sorted(zip(-frame["listeners"], frame["artist"], strict=True))
    assert [artist for _, artist in order] == frame["artist"].tolist()
    assert np.hypot(frame["x"], frame["y"]).max() == pytest.approx(REACH, abs=0.01)
    assert read_own_properties(store) == ([], [])
    make_map(store, seed=3)
    assert read_map(store, read_card(store).id) == first
    assert store.values("MATCH (m:ArtistMap) RETURN m.model, m.seed") == [[read_card(store).id, 3]]


@pytest.mark.holds(make=load_and_train)
def test_main_tags_are_those_given_most(store: GraphStore) -> None:
    frame, _ = read_artist_map(store)
    tagged = frame[frame["tag"].notna()].head(20)
    for row in tagged.itertuples():
        counts = store.values(
            "MATCH (:Artist {id: $id})-[h:HAS_TAG]->(t:Tag) RETURN -h.count, t.id, t.name",
            {"id": row.artist},
        )
        assert [row.tag, row.tag_name] == min(counts)[1:]


@pytest.mark.holds(make=load_and_train)
def test_a_newer_model_makes_it_stale_until_one_goes_back(store: GraphStore) -> None:
    make_map(store)
    first, count = read_card(store).id, count_placed(store)
    train_small(store, seed=2)
    assert read_artist_map(store)[1] is False
    assert count_placed(store) == count
    newer = read_card(store).id
    use_model(store, first)
    assert read_artist_map(store)[1] is True
    use_model(store, newer)
    remove_model(store, first)
    assert count_placed(store) == 0
    assert mapped_model(store) is None


@pytest.mark.holds(make=load_and_train)
def test_a_model_that_is_kept_no_longer_takes_its_map_along(store: GraphStore) -> None:
    make_map(store)
    model = create("collective-als", {"dimensions": "8", "epochs": "3"})
    train(store, model, 2, weights=WEIGHTS, keep_models=1)
    assert len(list_models(store)) == 1
    assert count_placed(store) == 0


@pytest.mark.holds(make=load_and_train)
def test_the_map_of_another_model_is_not_written(store: GraphStore) -> None:
    make_map(store)
    before = read_map(store, read_card(store).id)
    with pytest.raises(ModelChangedError):
        write_map(store, "another", 0, [before[0][0]], [(0.0, 0.0)])
    assert read_map(store, read_card(store).id) == before


@pytest.mark.holds(make=load_and_train)
def test_places_too_many_for_one_transaction_are_the_same(
    store: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read_card(store).id
    count = make_map(store, seed=3)
    expected = read_map(store, first)
    monkeypatch.setattr(artist_map, "_ATOMIC", 70)

    assert make_map(store, seed=3) == count > 4 * 70
    assert read_map(store, first) == expected
    newer = train_small(store, seed=2).card.id
    make_map(store)
    assert read_map(store, first) == []
    use_model(store, first)
    remove_model(store, newer)
    assert count_placed(store) == 0


@pytest.mark.holds(make=load_and_train)
@pytest.mark.parametrize("broken_at", [0, 1, 2])
def test_a_map_that_is_cut_in_the_middle_is_not_believed(
    store: GraphStore, monkeypatch: pytest.MonkeyPatch, broken_at: int
) -> None:
    model, count = read_card(store).id, make_map(store)
    expected = read_map(store, model)
    monkeypatch.setattr(artist_map, "_ATOMIC", 120)
    placed, write = [], artist_map._place

    def place(*arguments: Any, **named: Any) -> None:
        if len(placed) == broken_at:
            raise RuntimeError
        placed.append(arguments)
        write(*arguments, **named)

    monkeypatch.setattr(artist_map, "_place", place)
    with pytest.raises(RuntimeError):
        make_map(store, seed=4)
    assert count_placed(store) == broken_at * 120
    assert mapped_model(store) is None
    assert read_map(store, model) == []
    frame, is_kept = read_artist_map(store)
    assert (len(frame), is_kept) == (count, False)
    monkeypatch.undo()
    make_map(store)
    assert read_map(store, model) == expected
    assert read_artist_map(store)[1] is True


@pytest.mark.holds(make=load_and_train)
def test_what_is_held_is_read_anew_when_the_graph_changes(store: GraphStore) -> None:
    memory = MapMemory()
    first, _ = memory.read(store)
    assert memory.read(store)[0] is first
    make_map(store)
    assert memory.read(store)[1] is True


@pytest.mark.holds(make=load_small)
def test_without_a_model_it_says_so(store: GraphStore) -> None:
    for ask in (make_map, read_artist_map):
        with pytest.raises(ModelError, match="tastegraph train"):
            ask(store)
