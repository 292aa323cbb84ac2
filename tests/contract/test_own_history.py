"""One's own history in a graph that holds somebody else's data, which a model has learned."""

import json
from pathlib import Path

import numpy as np
import pytest

from tastegraph.api.graph import Graph
from tastegraph.graph.content import read_content
from tastegraph.graph.difference import Changes
from tastegraph.graph.frames import GraphFrames
from tastegraph.graph.load_mark import begin_load
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.ingest.id_kinds import with_ids_as_text
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.loaders.ingest.target import target_content
from tastegraph.loaders.source import ReadOptions, read_source
from tastegraph.loaders.transforms.known import known_in
from tastegraph.loaders.write_files import write_hetrec, write_tables
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.serving.one_user_in_database import recommend_one
from tastegraph.models.serving.update import update
from tastegraph.models.storage.model_card import read_card
from tastegraph.models.storage.versions import use_model
from tests.contract.frames import frames
from tests.contract.trained import WEIGHTS, load_and_train, small_frames, train_small
from tests.same_content import assert_same

VECTOR = "MATCH (u:User {id: 'me'}) RETURN u.embedding"


@pytest.fixture
def history(tmp_path: Path) -> Path:
    names = [name.upper() for name in small_frames().artists["name"].tolist()[:12]]
    plays = [
        {"endTime": f"2024-01-01 10:{minute:02}", "artistName": name, "msPlayed": 60_000}
        for minute, name in enumerate(names)
    ]
    path = tmp_path / "StreamingHistory_music_0.json"
    path.write_text(json.dumps(plays), encoding="utf-8")
    return path


@pytest.mark.holds(make=load_and_train)
def test_the_model_goes_on_serving(store: GraphStore, history: Path) -> None:
    before = recommend_one(store, 2, RecommendOptions(10, WEIGHTS))
    source = read_source(history, known=known_in(store), options=ReadOptions(user="me"))
    assert len(source.listens) == 12

    assert ingest(store, source).notes[0].startswith("the user ids of")
    again = read_source(history, known=known_in(store), options=ReadOptions(user="me"))
    changes = ingest(store, again)

    assert (changes.added, changes.changed, changes.removed) == (0, 0, 0)
    done = update(store)
    assert done.frame.to_dict("list") == {
        "kind": ["user", "artist"],
        "changed": [1, 12],
        "updated": [1, 12],
    }
    after = recommend_one(store, "2", RecommendOptions(10, WEIGHTS))
    assert after["artist"].tolist()[:3] == before["artist"].tolist()[:3]
    mine = recommend_one(store, "me", RecommendOptions(5, WEIGHTS))
    assert len(mine) == 5
    assert mine["score"].min() > 0
    assert not set(mine["artist"]) & set(source.listens["artist"])


def listens_alone(user: str, *played: tuple[int, int]) -> GraphFrames:
    artists = [(artist, f"artist {artist}") for artist, _ in played]
    listens = [(user, artist, plays) for artist, plays in played]
    return frames([user], artists, listens=listens)


def test_the_graph_is_that_of_a_load_that_reads_all_of_it(store: GraphStore) -> None:
    ingest(store, small_frames())
    known, new = small_frames().artists["artist"].iloc[:2].tolist(), 10**9
    for source in (
        listens_alone("me", (known[0], 5), (new, 3)),
        listens_alone("me", (known[0], 9), (known[1], 1)),
        listens_alone("you", (known[0], 2)),
    ):
        there = with_ids_as_text(read_content(store), ["User"])
        ingest(store, source)
        assert_same(read_content(store), target_content(there, source, replace=False))
        assert ingest(store, source) == Changes()


def test_a_tag_of_all_artists_weighs_something_beside_a_new_one(store: GraphStore) -> None:
    """Until then its idf is 0, and so are all norms."""
    ingest(
        store,
        frames(
            [1],
            [(10, "Air"), (20, "Can")],
            [(5, "x")],
            [(1, 10, 3)],
            taggings=[
                (1, 10, 5, ""),
                (1, 20, 5, ""),
            ],
        ),
    )
    assert store.values("MATCH (a:Artist) RETURN sum(a.tagNorm)") == [[0.0]]

    ingest(store, frames([1], [(30, "Neu!")], listens=[(1, 30, 2)]))

    norm = np.log(2) * np.log(3 / 2)
    rows = store.values("MATCH (a:Artist) RETURN a.id, a.tagNorm ORDER BY a.id")
    assert rows == [[10, pytest.approx(norm)], [20, pytest.approx(norm)], [30, 0.0]]


def test_counts_are_made_anew_after_half_a_load(store: GraphStore) -> None:
    ingest(store, small_frames())
    whole = read_content(store)
    with store.writing("a load that ends halfway") as writer:
        begin_load(writer)
        writer.write("MATCH (a:Artist) SET a.listeners = 77, a.tagNorm = 0.0")
        writer.write("MATCH (t:Tag) SET t.idf = 0.0")
    source = listens_alone("me", (small_frames().artists["artist"].iloc[0], 5))

    ingest(store, source)

    there = with_ids_as_text(whole, ["User"])
    assert read_content(store) == target_content(there, source, replace=False)


def test_a_loaded_history_is_folded_in(settings: Settings, history: Path) -> None:
    notes: list[str] = []
    with Graph(settings, note=notes.append) as graph:
        graph.load(small_frames())
        graph.load(history, user="nobody")
        assert not any("the model knows" in note for note in notes)
        train_small(graph.store)

        graph.load(history, user="me")

        assert "the model knows user me now" in notes[-1]
        mine = graph.recommend("me", why=True)
        assert len(mine) == 10
        assert mine["score"].min() > 0
        for row in mine.itertuples():
            parts = sum(part.value for part in row.why)
            assert parts == pytest.approx(row.score, abs=1e-6)
        before = graph.store.values(VECTOR)
        graph.load(history, user="me")
        assert graph.store.values(VECTOR) == before
        graph.update()
        np.testing.assert_allclose(graph.store.values(VECTOR)[0][0], before[0][0], atol=1e-6)


@pytest.mark.parametrize("form", ["hetrec", "tables", "export"])
def test_what_was_there_is_loaded_again_as_it_is(
    settings: Settings, history: Path, tmp_path: Path, form: str
) -> None:
    """Its users are whole numbers, which a history has made text in the graph."""
    folder = tmp_path / form
    notes: list[str] = []
    with Graph(settings, note=notes.append) as graph:
        graph.load(small_frames())
        if form == "export":
            graph.export(folder)
        else:
            {"hetrec": write_hetrec, "tables": write_tables}[form](small_frames(), folder)
        graph.load(history, user="me")

        graph.load(folder)

        assert notes[-1].startswith("0 nodes and relationships added, 0 changed, 0 removed")


@pytest.mark.holds(make=load_and_train)
def test_kept_models_know_the_ids_as_text(store: GraphStore, history: Path) -> None:
    source = read_source(history, known=known_in(store), options=ReadOptions(user="me"))
    ingest(store, source)

    use_model(store, "1")

    assert read_card(store).algorithm == "collective-als"
    vectors = store.values("MATCH (u:User) WHERE u.embedding IS NOT NULL RETURN count(u)")
    assert vectors[0][0] == len(small_frames().users)
