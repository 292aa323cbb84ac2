"""The database and NumPy say the same: artists, people, numbers, reasons, which tags overlap."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from tastegraph.graph.query_files import query
from tastegraph.graph.store.dialect import INDEX_PARAMETERS
from tastegraph.models.evaluation.friend_suggestions import Closeness
from tastegraph.models.evaluation.tag_precision import Comparison, TagPrecision
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.serving.one_user_in_database import recommend_one, with_reasons
from tastegraph.models.serving.similar import DatabaseNeighbours
from tastegraph.models.serving.suggested_friends import friends_of, suggest_friends
from tastegraph.models.storage.read_graph import read_vectors
from tests.contract.agreement import CLOSE, assert_same
from tests.contract.trained import ARTISTS, USERS, Trained

SOME_USERS = (1, 2, 17, 31, 60)

# Listeners that a neighbour needs.
LEAST = 3
SHARED_BY_ARTISTS = """
MATCH (:Artist {id: $of})-[:HAS_TAG]->(t:Tag)<-[:HAS_TAG]-(a:Artist)
RETURN a.id, collect(t.name)
"""
SHARED_WITH_USER = """
MATCH (:User {id: $of})-[:USES_TAG]->(t:Tag)<-[:HAS_TAG]-(a:Artist)
RETURN a.id, collect(t.name)
"""


def in_memory(trained: Trained, user: int, options: RecommendOptions) -> pd.DataFrame:
    return trained.recommender.recommend(trained.data.users.rows([user]), options)


def compare(trained: Trained, user: int, options: RecommendOptions) -> pd.DataFrame:
    """Assert that both agree, and give what they agree on."""
    found = recommend_one(trained.store, user, options, exact=True)
    assert_same(found, in_memory(trained, user, options))
    return found


@pytest.fixture
def options(trained: Trained) -> RecommendOptions:
    return RecommendOptions(weights=trained.card.weights)


@pytest.fixture
def tags(trained: Trained) -> list[int]:
    """The two tags that most artists carry."""
    rows = trained.store.values("MATCH (t:Tag) RETURN t.id ORDER BY t.artists DESC, t.id LIMIT 2")
    return [row[0] for row in rows]


def test_every_user(trained: Trained, options: RecommendOptions) -> None:
    for user in trained.data.users.ids:
        assert len(compare(trained, user, options)) == 10


def test_every_signal_has_its_say(trained: Trained, options: RecommendOptions) -> None:
    found = pd.concat([compare(trained, user, options) for user in SOME_USERS])
    assert (found[["embedding", "friends", "tags"]].max() > CLOSE).all()


@pytest.mark.parametrize("weights", [(1, 0, 0), (0, 1, 0), (0, 0, 1), (0.5, 2.0, 0.25)], ids=str)
def test_weights(trained: Trained, options: RecommendOptions, weights: tuple[float, ...]) -> None:
    for user in SOME_USERS:
        found = compare(trained, user, dataclasses.replace(options, weights=weights))
        for signal, weight in zip(("embedding", "friends", "tags"), weights, strict=True):
            assert weight or not found[signal].any()


@pytest.mark.parametrize("novelty", [0.3, 1.0])
def test_novelty(trained: Trained, options: RecommendOptions, novelty: float) -> None:
    for user in SOME_USERS:
        compare(trained, user, dataclasses.replace(options, novelty=novelty))


def test_known_artists_too(trained: Trained, options: RecommendOptions) -> None:
    for user in SOME_USERS:
        with_known = compare(trained, user, dataclasses.replace(options, known=True))
        heard = heard_by(trained, user)
        assert heard & set(with_known["artist"])
        assert not heard & set(compare(trained, user, options)["artist"])


def test_with_and_without_tags(
    trained: Trained, options: RecommendOptions, tags: list[int]
) -> None:
    one, other = tags
    carriers = {tag: carriers_of(trained, tag) for tag in tags}
    for user in SOME_USERS:
        all_of = compare(trained, user, dataclasses.replace(options, with_tags=[one, other]))
        none_of = compare(trained, user, dataclasses.replace(options, without_tags=[one, other]))
        mixed = dataclasses.replace(options, k=50, with_tags=[one], without_tags=[other])
        assert set(all_of["artist"]) <= carriers[one] & carriers[other]
        assert not set(none_of["artist"]) & (carriers[one] | carriers[other])
        assert set(compare(trained, user, mixed)["artist"]) <= carriers[one] - carriers[other]


def test_more_than_there_are(trained: Trained, options: RecommendOptions) -> None:
    everything = dataclasses.replace(options, k=10 * ARTISTS)
    for user in SOME_USERS[:2]:
        found = compare(trained, user, everything)
        assert len(found) == ARTISTS - len(heard_by(trained, user))
        assert found["artist"].is_unique


def test_candidates_find_all_of_it(trained: Trained, options: RecommendOptions) -> None:
    parameters = {"k": options.k, "weights": list(options.weights)}
    parameters |= INDEX_PARAMETERS | {"fewest": None, "most": None, "band": None}
    asked = query("recommend-fast", trained.store.dialect.cypher_25)
    for user in trained.data.users.ids[::6]:
        rows = trained.store.rows(asked.cypher, {"userId": user, **parameters})
        ranked = [{"user": user, "rank": rank} | row for rank, row in enumerate(rows, 1)]
        assert_same(pd.DataFrame(ranked), in_memory(trained, user, options))


def test_the_choice_of_query_changes_nothing(trained: Trained, options: RecommendOptions) -> None:
    for user in SOME_USERS:
        assert_same(recommend_one(trained.store, user, options), in_memory(trained, user, options))


@pytest.mark.parametrize("novelty", [0.0, 0.5])
def test_reasons(trained: Trained, options: RecommendOptions, novelty: float) -> None:
    options = dataclasses.replace(options, novelty=novelty)
    for user in SOME_USERS:
        asked = in_memory(trained, user, options)
        told = with_reasons(trained.store, user, asked, options)
        expected = trained.explainer.with_reasons(asked, options)
        for found, wanted, score in zip(told["why"], expected["why"], asked["score"], strict=True):
            assert sum(part.value for part in found) == pytest.approx(score, abs=CLOSE)
            assert [part.value for part in found] == sorted((p.value for p in found), reverse=True)
            assert named(found) == pytest.approx(named(wanted), abs=CLOSE)


def test_reasons_name_friends_and_tags(trained: Trained, options: RecommendOptions) -> None:
    kinds = set()
    for user in SOME_USERS:
        best = in_memory(trained, user, options)
        for why in with_reasons(trained.store, user, best, options)["why"]:
            kinds |= {part.kind for part in why}
    assert kinds == {"listen", "friend", "tag"}


@pytest.fixture(scope="module")
def measured(trained: Trained) -> TagPrecision:
    return TagPrecision.of(trained.store, trained.card)


def check_shared(trained: Trained, found: Comparison, cypher: str, of: int) -> None:
    """Assert that the tags are those that the store finds, and the figures go with them."""
    told = dict(trained.store.values(cypher, {"of": of}))
    row = found.frame.iloc[0]
    for neighbour in row["shared"]:
        assert sorted(neighbour.shared) == sorted(told.get(neighbour.id, []))
        assert neighbour.relevant == (neighbour.id in told)
    hits = sum(neighbour.id in told for neighbour in row["shared"])
    assert row["precision"] == pytest.approx(hits / row["k"])


def test_neighbours_by_tags_are_those_of_the_database(
    trained: Trained, measured: TagPrecision
) -> None:
    cypher = f"MATCH (a:Artist) WHERE a.listeners >= {LEAST} RETURN a.id"
    heard = {row[0] for row in trained.store.values(cypher)}
    for artist in (1, 7, 100):
        near = DatabaseNeighbours(trained.store).similar_artists(artist, ARTISTS, "cosine")
        expected = [id_ for id_ in near["artist"] if id_ in heard][:10]
        found = measured.artist(artist, 10, LEAST)
        assert [neighbour.id for neighbour in found.frame["shared"][0]] == expected
        check_shared(trained, found, SHARED_BY_ARTISTS, artist)


def test_recommendations_by_tags_are_those_of_the_database(
    trained: Trained, measured: TagPrecision
) -> None:
    tagging = [row[0] for row in trained.store.values("MATCH (u:User)-[:USES_TAG]->() RETURN u.id")]
    options = RecommendOptions(weights=trained.card.weights)
    for user in sorted(set(tagging))[:3]:
        expected = recommend_one(trained.store, user, options, exact=True)["artist"].tolist()
        found = measured.user(user, 10)
        assert [neighbour.id for neighbour in found.frame["shared"][0]] == expected
        check_shared(trained, found, SHARED_WITH_USER, user)


def test_everybody_whose_tags_can_be_compared_is(trained: Trained, measured: TagPrecision) -> None:
    found = measured.everybody(10, LEAST, ARTISTS)
    tagging = trained.store.values(
        "MATCH (u:User) WHERE EXISTS { (u)-[:USES_TAG]->() } RETURN u.id"
    )
    single = [measured.user(user, 10).frame["strict"][0] for (user,) in tagging]
    assert found.frame["strict"][1] == pytest.approx(sum(single) / len(single))
    left = USERS - len(tagging)
    assert any(f"{left} of {USERS} users" in note for note in found.notes) == (left > 0)


@pytest.fixture(scope="module")
def closeness(trained: Trained) -> Closeness:
    vectors = read_vectors(trained.store, trained.data)
    return Closeness(trained.data.friends, vectors.users)


def test_suggestions_are_those_computed_in_memory(trained: Trained, closeness: Closeness) -> None:
    ids = np.asarray(trained.data.users.ids)
    for user in SOME_USERS:
        row = trained.data.users.row(user)
        for weight in (0.0, 1.0, 2.5):
            scores = closeness.suggested(np.array([row]), weight)[0].astype(float)
            scores[trained.data.friends[[row]].indices] = -1
            scores[row] = -1
            expected = pd.Series(scores, index=ids).sort_values(ascending=False)
            found = suggest_friends(trained.store, user, 8, weight)
            assert found["rank"].tolist() == list(range(1, len(found) + 1))
            assert found["score"].tolist() == pytest.approx(
                expected[expected > 0].head(8).tolist(), abs=CLOSE
            )
            assert found["score"].tolist() == pytest.approx(
                expected[found["user"]].tolist(), abs=CLOSE
            )
            assert (found["common"] + found["similarity"]).tolist() == pytest.approx(
                found["score"].tolist()
            )


def test_suggestions_say_what_both_have_in_common(trained: Trained) -> None:
    data = trained.data
    friends, heard = data.friends.toarray() > 0, data.plays.toarray() > 0
    degrees = friends.sum(axis=1)
    for user in SOME_USERS:
        mine = data.users.row(user)
        for each in suggest_friends(trained.store, user, 5).itertuples():
            theirs = data.users.row(each.user)
            common = np.flatnonzero(friends[mine] & friends[theirs])
            named = sorted(common, key=lambda row: (degrees[row], row))[:5]
            assert each.common_count == len(common)
            assert each.common_friends == [data.users.ids[row] for row in named]
            assert each.shared_count == (heard[mine] & heard[theirs]).sum()
            assert len(each.shared) == min(each.shared_count, 5)


def test_friends_are_compared(trained: Trained, closeness: Closeness) -> None:
    data = trained.data
    heard = data.plays.toarray() > 0
    for user in SOME_USERS:
        mine = data.users.row(user)
        found = friends_of(trained.store, user, 1000)
        rows = data.users.rows(found["user"])
        assert sorted(rows) == sorted(data.friends[[mine]].indices)
        cosines = closeness.similarity(np.array([mine]))[0, rows]
        assert found["similarity"].clip(lower=0).tolist() == pytest.approx(
            cosines.tolist(), abs=CLOSE
        )
        assert found["similarity"].is_monotonic_decreasing
        assert found["shared_count"].tolist() == (heard[mine] & heard[rows]).sum(axis=1).tolist()
        assert found["unheard_count"].tolist() == (~heard[mine] & heard[rows]).sum(axis=1).tolist()
    assert len(friends_of(trained.store, 2, 1)) == 1


def named(why: list) -> dict[tuple[str, object, str | None], float]:
    return {(part.kind, part.id, part.name): part.value for part in why}


def heard_by(trained: Trained, user: int) -> set[int]:
    cypher = "MATCH (:User {id: $user})-[:LISTENED]->(a:Artist) RETURN a.id"
    return {row[0] for row in trained.store.values(cypher, {"user": user})}


def carriers_of(trained: Trained, tag: int) -> set[int]:
    cypher = "MATCH (a:Artist)-[:HAS_TAG]->(:Tag {id: $tag}) RETURN a.id"
    return {row[0] for row in trained.store.values(cypher, {"tag": tag})}
