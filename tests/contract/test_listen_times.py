"""Times of listens: what later loads make of them, and what is held out by them."""

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tastegraph.api.graph import Graph
from tastegraph.errors import InputError, UsageError
from tastegraph.graph.content import read_content
from tastegraph.graph.frames import GraphFrames
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.models.storage.read_graph import read_dataset
from tests.contract.frames import frames
from tests.contract.trained import small_frames

EARLY, NOON, LATE = (f"2021-0{month}-01T12:00:00Z" for month in (1, 2, 3))


def timed(*listens: tuple[int, int, int, str | None, str | None]) -> GraphFrames:
    source = frames(
        users=sorted({row[0] for row in listens}),
        artists=[(id_, f"Artist {id_}") for id_ in sorted({row[1] for row in listens})],
    )
    columns = ["user", "artist", "plays", "first_heard", "last_heard"]
    return dataclasses.replace(source, listens=pd.DataFrame(listens, columns=columns))


def listened(store: GraphStore) -> dict[tuple[int, int], tuple[object, ...]]:
    return read_content(store).relations["LISTENED"]


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        ((1, 10, 5, EARLY, NOON), (5, EARLY, NOON)),
        ((1, 10, 5, LATE, LATE), (5, NOON, LATE)),
        ((1, 10, 5, EARLY, LATE), (5, EARLY, LATE)),
        ((1, 10, 5, None, LATE), (5, NOON, LATE)),
        ((1, 10, 5, None, None), (5, NOON, NOON)),
    ],
)
def test_a_second_load_widens_the_times(
    store: GraphStore, again: tuple[object, ...], expected: tuple[object, ...]
) -> None:
    ingest(store, timed((1, 10, 3, NOON, NOON), (1, 11, 2, None, None)))
    ingest(store, timed(again))
    assert listened(store) == {(1, 10): expected, (1, 11): (2, None, None)}
    changes = ingest(store, timed(again))
    assert (changes.added, changes.changed, changes.removed) == (0, 0, 0)


def test_what_is_added_or_replaced(store: GraphStore) -> None:
    ingest(store, timed((1, 10, 3, NOON, NOON)))
    ingest(store, timed((1, 10, 2, LATE, LATE)), add=True)
    assert listened(store) == {(1, 10): (5, NOON, LATE)}
    ingest(store, timed((1, 10, 2, LATE, LATE)), replace_users=True)
    assert listened(store) == {(1, 10): (2, LATE, LATE)}
    ingest(store, timed((1, 10, 2, None, None)), replace=True)
    assert listened(store) == {(1, 10): (2, None, None)}


def test_a_data_set_has_times_where_they_are_asked_for(store: GraphStore) -> None:
    ingest(store, timed((1, 11, 2, None, None), (1, 10, 3, EARLY, NOON), (2, 10, 1, LATE, LATE)))
    assert not len(read_dataset(store).heard)
    data = read_dataset(store, taggings=True, times=True)
    entries = data.plays.tocoo()
    found = {
        (data.users.ids[user], data.artists.ids[artist]): seconds
        for user, artist, seconds in zip(entries.row, entries.col, data.heard, strict=True)
    }
    assert found[1, 10] == pd.Timestamp(NOON).timestamp()
    assert found[2, 10] == pd.Timestamp(LATE).timestamp()
    assert np.isnan(found[1, 11])


@pytest.fixture
def graph(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Graph]:
    monkeypatch.setenv("TASTEGRAPH_CACHE", str(tmp_path / "cache"))
    with Graph(settings, quiet=True) as opened:
        opened.open(create=True)
        yield opened


def with_times(source: GraphFrames, times: Sequence[str | None]) -> GraphFrames:
    listens = source.listens.assign(first_heard=None, last_heard=pd.Series(times, dtype=object))
    return dataclasses.replace(source, listens=listens)


def test_evaluation_by_time(graph: Graph) -> None:
    source = small_frames()
    days = np.random.default_rng(1).integers(0, 1000, len(source.listens))
    times = [f"{np.datetime64('2020-01-01') + int(day)}T00:00:00Z" for day in days]
    graph.load(with_times(source, times))
    rows = graph.evaluate("popularity,random", split="time", holdout=0.25)
    # Of a single listen nothing can be held out.
    users = int((source.listens.groupby("user").size() > 1).sum())
    assert rows["users"].tolist() == [users] * 2
    assert rows["ndcg"][0] > rows["ndcg"][1]
    again = graph.evaluate("popularity", split="time", holdout=0.25)
    assert again["ndcg"].tolist() == rows["ndcg"].tolist()[:1]
    with pytest.raises(UsageError, match="--split draws a split"):
        graph.evaluate("popularity", split="time", train="x", test="y")
    with pytest.raises(UsageError, match="no split 'weekly'"):
        graph.evaluate("popularity", split="weekly")


def test_evaluation_by_time_without_times(graph: Graph) -> None:
    graph.load(small_frames())
    with pytest.raises(InputError, match="no listen in the graph has a time"):
        graph.evaluate("popularity", split="time")


def test_times_are_seen_and_exported(graph: Graph, tmp_path: Path) -> None:
    graph.load(timed((1, 10, 3, EARLY, NOON), (1, 11, 2, None, None)))
    rows = graph.run_query("user-listens", userId=1)
    assert rows["first_heard"].tolist() == [EARLY, None]
    assert rows["last_heard"].tolist() == [NOON, None]
    before = read_content(graph.store)
    for csv in (False, True):
        folder = tmp_path / f"{csv}"
        graph.export(folder, csv=csv)
        ingest(graph.store, frames(), replace=True)
        graph.load(folder)
        assert read_content(graph.store) == before
