"""What the model in memory answers besides: groups, why not, two people, ways, who is near."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tastegraph.api.graph import Graph
from tastegraph.errors import ModelError, UsageError
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.models.ranking.group_scores import AGGREGATIONS
from tastegraph.models.serving.similar import MEASURES, DatabaseNeighbours
from tests.contract.agreement import CLOSE, assert_same
from tests.contract.conftest import empty_place
from tests.contract.frames import frames
from tests.contract.trained import ARTISTS, USERS, load_small, train_small

# Databases compute cosines of vectors in float32.
ROUNDING = 1e-6

# Artists without a tag, with a tag that no other has, and three with one tag of their own.
BARE, ALONE, SAME = 901, 902, (905, 904, 903)
# Whose vector they get: an artist that no list here holds, as rounding may order equal scores.
TWIN = 16
ODD = frames(
    users=[1],
    artists=[(id_, f"odd {id_}") for id_ in (BARE, ALONE, *sorted(SAME))],
    tags=[(901, "alone"), (902, "same")],
    taggings=[(1, ALONE, 901, ""), *((1, id_, 902, "") for id_ in sorted(SAME))],
)


def load_with_odd_artists(store: GraphStore) -> None:
    """Train; then all odd artists but the first have the vector of another, and no name names
    their tag.
    """
    load_small(store)
    ingest(store, ODD)
    train_small(store)
    embedding, norm = store.values(f"MATCH (a:Artist {{id: {TWIN}}}) RETURN a.embedding, a.norm")[0]
    store.write(
        "UNWIND $ids AS id MATCH (a:Artist {id: id}) SET a.embedding = $embedding, a.norm = $norm",
        {"ids": [ALONE, *SAME], "embedding": embedding, "norm": norm},
    )
    store.write("MATCH (t:Tag {id: 902}) REMOVE t.name")


@pytest.fixture(scope="module")
def graphs(request: pytest.FixtureRequest, kind: str) -> Iterator[tuple[Graph, Graph]]:
    """One that asks the database, one that holds the model in memory; tests only read."""
    with empty_place(request, kind) as place:
        with open_store(place) as store:
            load_with_odd_artists(store)
        with Graph(place, quiet=True) as asking, Graph(place, quiet=True) as holding:
            holding.keep_in_memory(wait=True)
            yield asking, holding


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_groups_are_those_of_the_database(graphs: tuple[Graph, Graph], aggregation: str) -> None:
    for options in ({}, {"novelty": 0.4, "why": True}, {"tag": ["id:1"]}, {"diversity": 0.5}):
        asked: dict[str, Any] = {"group": aggregation, **options}
        one, two = (each.recommend([2, 17, 31], **asked) for each in graphs)
        assert two["artist"].tolist() == one["artist"].tolist()
        assert two["score"].tolist() == pytest.approx(one["score"].tolist(), abs=CLOSE)
        for mine, other in zip(two["members"], one["members"], strict=True):
            assert [asdict(each) for each in mine] == [
                pytest.approx(asdict(each), abs=CLOSE) for each in other
            ]
        for mine, other in zip(two.get("why", ()), one.get("why", ()), strict=True):
            assert [each.user for each in mine] == [each.user for each in other]
            assert sum(each.part.value for each in mine) == pytest.approx(
                sum(each.part.value for each in other), abs=10 * CLOSE
            )


def test_why_not_is_that_of_the_database(graphs: tuple[Graph, Graph]) -> None:
    asking, _ = graphs
    last = asking.recommend(2, k=1000)["artist"].iloc[-1]
    played = asking.run_query("user-listens", userId=2, k=1)["artist"].iloc[0]
    for artist, options in ((last, {}), (played, {}), (last, {"tag": ["id:1"], "novelty": 0.3})):
        told: list[list[str]] = [[], []]
        rows = [
            each.with_note(notes.append).why_not(2, f"id:{artist}", **options)
            for each, notes in zip(graphs, told, strict=True)
        ]
        assert len(rows[0]) == 1
        assert_same(rows[1].drop(columns="why"), rows[0].drop(columns="why"))
        assert told[1] == told[0]
        mine, other = (frame["why"].iloc[0] for frame in rows)
        assert [part.value for part in mine] == pytest.approx(
            [part.value for part in other], abs=10 * CLOSE
        )


def test_two_people_compare_as_in_the_database(graphs: tuple[Graph, Graph]) -> None:
    one, two = (each.compare_users(2, 31, k=6) for each in graphs)
    assert (one["section"] == "might like").sum() == 12
    assert two.drop(columns="value").equals(one.drop(columns="value"))
    assert two["value"].tolist() == pytest.approx(one["value"].tolist(), abs=CLOSE)


def test_ways_are_those_of_the_query(graphs: tuple[Graph, Graph]) -> None:
    asking, _ = graphs
    for user in (1, 2, 17):
        recommended = asking.recommend(user, k=2)["artist"].tolist()
        played = asking.run_query("user-listens", userId=user, k=1)["artist"].tolist()
        for artist in (*recommended, *played):
            one, two = (each.ways(user, f"id:{artist}", parts=8) for each in graphs)
            assert links(one) == links(two)
            values = [
                frame.drop_duplicates(["kind", "id"]).set_index(["kind", "id"])["value"].to_dict()
                for frame in (one, two)
            ]
            assert values[1] == pytest.approx(values[0], abs=CLOSE)


@pytest.mark.parametrize("measure", MEASURES)
def test_artists_near_are_those_of_the_database(
    graphs: tuple[Graph, Graph], measure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking, holding = graphs
    asked = [(f"id:{artist}", 12) for artist in (*range(1, ARTISTS, 7), ALONE, *SAME)]
    asked += [(f"id:{artist}", 10 * ARTISTS) for artist in (1, TWIN, SAME[0])]
    expected = [asking.similar_artists(name, k=k, measure=measure) for name, k in asked]
    monkeypatch.setattr(DatabaseNeighbours, "similar_artists", refuse)
    for (name, k), one in zip(asked, expected, strict=True):
        assert_near(holding.similar_artists(name, k=k, measure=measure), one)
    with_all = {len(frame) for frame, (_, k) in zip(expected, asked, strict=True) if k > ARTISTS}
    assert max(with_all) < 10 * ARTISTS
    if measure != "tags":
        # All others but the one without a vector.
        assert with_all == {ARTISTS + 3}


def test_equals_come_by_id(graphs: tuple[Graph, Graph]) -> None:
    last, *others = SAME
    for graph in graphs:
        by_tags = graph.similar_artists(f"id:{last}", measure="tags")
        assert by_tags["artist"].tolist() == sorted(others)
        assert by_tags["similarity"].tolist() == pytest.approx([1.0, 1.0])
        # A tag without a name is none that can be named.
        assert by_tags["shared"].tolist() == [[], []]
        for measure in ("cosine", "dot"):
            near = graph.similar_artists(f"id:{last}", measure=measure, k=ARTISTS)
            alike = near[near["artist"].isin([TWIN, ALONE, *others])]
            assert alike["artist"].tolist() == [TWIN, ALONE, *sorted(others)]
            assert alike["similarity"].nunique() == 1


def test_nobody_near_is_said_as_by_the_database(graphs: tuple[Graph, Graph]) -> None:
    for artist in (BARE, ALONE):
        told: list[list[str]] = [[], []]
        for graph, notes in zip(graphs, told, strict=True):
            found = graph.with_note(notes.append).similar_artists(f"id:{artist}", measure="tags")
            assert found.empty
            assert list(found) == ["rank", "artist", "name", "similarity", "shared"]
        said = f"no other artist has a tag of artist {artist}: none is near by tags"
        assert told == [[said], [said]]
    errors = []
    for graph in graphs:
        with pytest.raises(ModelError, match=f"no vector for artist {BARE}") as error:
            graph.similar_artists(f"id:{BARE}")
        errors.append(str(error.value))
        with pytest.raises(UsageError, match="cosine, dot, tags"):
            graph.similar_artists("id:1", measure="luck")
    assert errors[0] == errors[1]


def test_users_near_are_those_of_the_database(
    graphs: tuple[Graph, Graph], monkeypatch: pytest.MonkeyPatch
) -> None:
    asking, holding = graphs
    asked = [(user, 6) for user in range(1, USERS + 1, 3)] + [(2, 10 * USERS)]
    expected = [asking.similar_users(user, k=k) for user, k in asked]
    assert len(expected[-1]) == USERS - 1
    monkeypatch.setattr(DatabaseNeighbours, "similar_users", refuse)
    for (user, k), one in zip(asked, expected, strict=True):
        assert_near(holding.similar_users(user, k=k), one)


def refuse(*_: object) -> None:
    raise AssertionError("the database was asked")


def assert_near(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """The same rows in the same order, but for who is as near to a rounding of float32."""
    assert list(found) == list(expected)
    assert found["rank"].tolist() == expected["rank"].tolist()
    similarity = expected["similarity"].to_numpy(dtype=float)
    mine = found["similarity"].to_numpy(dtype=float)
    np.testing.assert_allclose(mine, similarity, atol=ROUNDING, rtol=ROUNDING)
    kind = found.columns[1]
    place = dict(zip(expected[kind], range(len(expected)), strict=True))
    for at, row in enumerate(found.to_dict("records")):
        other = place.get(row[kind], len(expected) - 1)
        assert other == at or abs(similarity[other] - similarity[at]) <= ROUNDING
        if row[kind] in place:
            told = expected.drop(columns=["rank", "similarity"]).iloc[other].to_dict()
            assert {name: row[name] for name in told} == told


def links(frame: pd.DataFrame) -> set[tuple[object, ...]]:
    """What is drawn of each part."""
    found: set[tuple[object, ...]] = set()
    for row in frame.itertuples():
        told = (row.kind, row.id, row.name)
        if row.link is None:
            found.add((*told, row.source))
            continue
        numbers = {row.link.properties.get(name) for name in ("plays", "count")} - {None}
        ends = frozenset((str(row.source), str(row.target)))
        found.add((*told, row.link.type, ends, *numbers))
    return found
