"""One list for several people: the scores of each, and what all of them leave out."""

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import pytest

from tastegraph.graph.frames import Id
from tastegraph.graph.hidden_artists import hide, unhide
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.ranking.group_scores import AGGREGATIONS, group_scores
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.weights import SIGNALS
from tastegraph.models.ranking.where_conditions import read_conditions
from tastegraph.models.serving.group import recommend_group
from tastegraph.models.serving.one_user_in_database import DatabaseRanker, recommend_one
from tests.contract.agreement import CLOSE
from tests.contract.trained import ARTISTS, Trained

GROUP = (2, 17, 31)
WAYS = list(AGGREGATIONS)


@pytest.fixture
def options(trained: Trained) -> RecommendOptions:
    return RecommendOptions(weights=trained.card.weights)


@pytest.fixture
def stranger(trained: Trained) -> Iterator[int]:
    """A user of whom the model knows nothing, and who plays the best known artist."""
    best = "MATCH (a:Artist) WITH a ORDER BY a.listeners DESC, a.id LIMIT 1 "
    trained.store.write(f"{best}CREATE (:User {{id: 900}})-[:LISTENED {{plays: 1}}]->(a)")
    yield 900
    trained.store.write("MATCH (u:User {id: 900}) DETACH DELETE u")


def grouped(
    store: GraphStore,
    users: Sequence[Id],
    options: RecommendOptions,
    aggregation: str,
    *,
    why: bool = False,
) -> pd.DataFrame:
    """The list that the database makes."""
    return recommend_group(store, users, options, aggregation, DatabaseRanker(store), why=why)


def scores_in_memory(
    trained: Trained, users: tuple[int, ...], options: RecommendOptions
) -> pd.DataFrame:
    """Each user's score, a column each, of the artists that none of them listens to."""
    rows = trained.data.users.rows(users)
    scores = sum(trained.recommender.parts(rows, options))
    unheard = ~(trained.data.plays[rows].toarray() > 0).any(axis=0)
    ids = np.asarray(trained.data.artists.ids)[unheard]
    return pd.DataFrame(np.asarray(scores)[:, unheard].T.astype(float), ids, list(users))


@pytest.mark.parametrize("aggregation", WAYS)
@pytest.mark.parametrize("novelty", [0.0, 0.5])
def test_the_list_is_that_of_memory(
    trained: Trained, options: RecommendOptions, aggregation: str, novelty: float
) -> None:
    asked = dataclasses.replace(options, k=25, novelty=novelty)
    expected = scores_in_memory(trained, GROUP, asked)
    of_group = pd.Series(group_scores(expected.to_numpy().T, aggregation), expected.index)
    found = grouped(trained.store, GROUP, asked, aggregation)
    assert list(found.columns) == ["rank", "artist", "name", "score", "members"]
    assert found["rank"].tolist() == list(range(1, 26))
    assert found["artist"].is_unique
    best = of_group.sort_values(ascending=False).head(25)
    assert found["score"].tolist() == pytest.approx(best.tolist(), abs=CLOSE)
    assert found["score"].tolist() == pytest.approx(of_group[found["artist"]].tolist(), abs=CLOSE)
    for row in found.itertuples():
        assert [member.user for member in row.members] == list(GROUP)
        told = [member.score for member in row.members]
        assert told == pytest.approx(expected.loc[row.artist].tolist(), abs=CLOSE)
        for member in row.members:
            parts = sum(getattr(member, signal) for signal in SIGNALS)
            assert parts == pytest.approx(member.score, abs=CLOSE)


@pytest.mark.parametrize("aggregation", WAYS)
@pytest.mark.parametrize("changes", [{}, {"diversity": 0.4}, {"known": True}, {"k": ARTISTS}])
def test_alone_it_is_the_list_of_one(
    trained: Trained, options: RecommendOptions, aggregation: str, changes: dict
) -> None:
    asked = dataclasses.replace(options, **changes)
    for user in GROUP:
        alone = recommend_one(trained.store, user, asked, exact=True)
        found = grouped(trained.store, [user], asked, aggregation)
        # A database adds up in no particular order, and of many scores some are nearly the same.
        few = 10
        assert found["artist"].tolist()[:few] == alone["artist"].tolist()[:few]
        assert set(found["artist"]) == set(alone["artist"])
        assert found["score"].tolist() == pytest.approx(alone["score"].tolist(), abs=CLOSE)


@pytest.mark.parametrize("aggregation", WAYS)
def test_ties_go_to_the_smaller_id(
    trained: Trained, options: RecommendOptions, aggregation: str
) -> None:
    # What a friend plays is all that counts, and most artists are played by no friend.
    asked = dataclasses.replace(options, k=ARTISTS, weights=options.weights._replace(embedding=0))
    asked = dataclasses.replace(asked, weights=asked.weights._replace(tags=0))
    found = grouped(trained.store, GROUP, asked, aggregation)
    order = list(zip(-found["score"], found["artist"], strict=True))
    assert order == sorted(order)
    assert found["score"].duplicated().any()


def test_what_one_of_them_plays_or_hides_is_nobodys(
    trained: Trained, options: RecommendOptions
) -> None:
    everything = dataclasses.replace(options, k=2 * ARTISTS)
    heard = {
        trained.data.artists.ids[row]
        for row in np.flatnonzero(
            trained.data.plays[trained.data.users.rows(GROUP)].toarray().sum(axis=0)
        )
    }
    found = grouped(trained.store, GROUP, everything, "mean")
    assert set(found["artist"]) == set(trained.data.artists.ids) - heard
    best = int(found["artist"][0])
    hide(trained.store, 17, best)
    try:
        for asked in (everything, dataclasses.replace(everything, known=True)):
            others = grouped(trained.store, GROUP, asked, "mean")
            assert best not in set(others["artist"])
            assert len(others) == (ARTISTS - 1 if asked.known else len(found) - 1)
    finally:
        unhide(trained.store, 17, best)


def test_filters_choose_and_change_no_score(trained: Trained, options: RecommendOptions) -> None:
    everything = grouped(
        trained.store, GROUP, dataclasses.replace(options, k=ARTISTS), "least-misery"
    )
    tag = trained.store.values("MATCH (t:Tag) RETURN t.id ORDER BY t.artists DESC, t.id LIMIT 1")
    where = read_conditions(trained.store, ["listeners<8"])
    asked = dataclasses.replace(options, k=20, where=where, without_tags=[tag[0][0]])
    fitting = trained.store.values(
        "MATCH (a:Artist) WHERE a.listeners < 8 "
        "AND NOT EXISTS { (a)-[:HAS_TAG]->(:Tag {id: $tag}) } RETURN a.id",
        {"tag": tag[0][0]},
    )
    left = everything[everything["artist"].isin([row[0] for row in fitting])].head(20)
    found = grouped(trained.store, GROUP, asked, "least-misery")
    assert len(found) > 5
    assert found["artist"].tolist() == left["artist"].tolist()
    assert found["score"].tolist() == pytest.approx(left["score"].tolist())


def test_diversity_orders_the_best(trained: Trained, options: RecommendOptions) -> None:
    plain = grouped(trained.store, GROUP, dataclasses.replace(options, k=ARTISTS), "mean")
    diverse = dataclasses.replace(options, diversity=0.6)
    found = grouped(trained.store, GROUP, diverse, "mean")
    assert len(found) == 10
    assert found["artist"][0] == plain["artist"][0]
    assert found["artist"].tolist() != plain["artist"].tolist()[:10]
    assert set(found["artist"]) <= set(plain["artist"][:100])


@pytest.mark.parametrize("aggregation", WAYS)
def test_reasons_are_those_of_each(
    trained: Trained, options: RecommendOptions, aggregation: str
) -> None:
    asked = dataclasses.replace(options, k=3)
    found = grouped(trained.store, GROUP, asked, aggregation, why=True)
    for row in found.itertuples():
        assert list(dict.fromkeys(each.user for each in row.why)) == list(GROUP)
        for member in row.members:
            parts = [each.part.value for each in row.why if each.user == member.user]
            assert sum(parts) == pytest.approx(member.score, abs=CLOSE)
            assert parts == sorted(parts, reverse=True)
        assert [line.split(":")[0] for line in row.why.lines] == [str(user) for user in GROUP]


@pytest.mark.parametrize("aggregation", WAYS)
def test_who_is_unknown_has_no_say(
    trained: Trained, options: RecommendOptions, stranger: int, aggregation: str
) -> None:
    known = grouped(trained.store, GROUP, dataclasses.replace(options, k=ARTISTS), aggregation)
    heard = trained.store.values(
        "MATCH (:User {id: $id})-[:LISTENED]->(a) RETURN a.id", {"id": stranger}
    )
    left = known[~known["artist"].isin([row[0] for row in heard])]
    found = grouped(trained.store, (stranger, *GROUP), options, aggregation, why=True)
    assert found["artist"].tolist() == left["artist"].tolist()[:10]
    assert {member.score for members in found["members"] for member in members[:1]} == {0.0}
    assert {each.user for why in found["why"] for each in why} == set(GROUP)


@pytest.mark.parametrize("aggregation", WAYS)
@pytest.mark.parametrize("diversity", [0.0, 0.5])
def test_strangers_get_the_most_listened(
    trained: Trained,
    options: RecommendOptions,
    stranger: int,
    aggregation: str,
    diversity: float,
) -> None:
    asked = dataclasses.replace(options, diversity=diversity)
    alone = recommend_one(trained.store, stranger, asked)
    found = grouped(trained.store, [stranger], asked, aggregation)
    assert found["artist"].tolist() == alone["artist"].tolist()
    assert set(found["score"]) == {0.0}
