"""Signals, recommendations and reasons of a graph small enough to compute by hand.

Users 1, 2, 3 and artists 10, 20, 30; user 1 listens to 10, user 2 to 10 and 20, user 3 to 30.
1 is a friend of 2 and of 3. Tag 7 is on artists 10 and 20, tag 8 on 20 and 30.
"""

import math
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from tastegraph.loaders.synthetic.generate import generate
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.from_frames import dataset_from_frames
from tastegraph.models.data.id_map import IdMap
from tastegraph.models.data.vectors import Vectors
from tastegraph.models.explain.parts import Part, Why
from tastegraph.models.explain.reasons import Explainer
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.ranker import Recommender
from tastegraph.models.ranking.signals import Signals
from tastegraph.models.ranking.weights import SIGNALS, SignalWeights

NAMES = np.array(["Ten", "Twenty", "Thirty"], dtype=object)
TAG_NAMES = np.array(["seven", "eight"], dtype=object)


@pytest.fixture
def data() -> Dataset:
    return Dataset(
        users=IdMap([1, 2, 3]),
        artists=IdMap([10, 20, 30]),
        tags=IdMap([7, 8]),
        plays=csr_array([[5.0, 0, 0], [3, 4, 0], [0, 0, 9]]),
        friends=csr_array([[0.0, 1, 1], [1, 0, 0], [1, 0, 0]]),
        tag_counts=csr_array([[2.0, 0], [1, 1], [0, 3]]),
    )


@pytest.fixture
def vectors() -> Vectors:
    """User 2 is at 60 degrees from user 1, user 3 at 45, artists along the axes."""
    return Vectors(
        users=np.array([[2, 0], [0.5, math.sqrt(0.75)], [1, 1]], dtype=np.float32),
        artists=np.array([[1, 0], [0, 1], [0.5, 0.5]], dtype=np.float32),
    )


FIRST = np.array([0])

# What user 2's 3 and 4 plays weigh: log(1 + plays) over their mean.
HEARD_10, HEARD_20 = (2 * math.log(n) / math.log(20) for n in (4, 5))


def test_embedding_is_the_dot_product(data: Dataset, vectors: Vectors) -> None:
    assert Signals(data, vectors).embedding(FIRST).tolist() == [[2.0, 0.0, 1.0]]


def test_friends_count_by_their_cosine_and_listens_by_their_plays(
    data: Dataset, vectors: Vectors
) -> None:
    near_2, near_3 = 0.5, math.sqrt(0.5)
    share = near_2 / (near_2 + near_3)
    found = Signals(data, vectors).friends(FIRST)[0]
    assert found == pytest.approx([share * HEARD_10, share * HEARD_20, 1 - share], abs=1e-6)


def test_friends_of_opposite_taste_do_not_count(data: Dataset, vectors: Vectors) -> None:
    vectors.users[2] = [-1, 0]
    found = Signals(data, vectors).friends(FIRST)[0]
    assert found == pytest.approx([HEARD_10, HEARD_20, 0.0], abs=1e-6)


def test_tags_are_the_cosine_of_profiles(data: Dataset, vectors: Vectors) -> None:
    """Both tags are on 2 of 3 artists, so their idf cancels; user 1's profile is tag 7 alone."""
    found = Signals(data, vectors).tags(FIRST)[0]
    assert found == pytest.approx([1.0, 1 / math.sqrt(2), 0.0], abs=1e-6)


def test_every_listen_has_its_say_in_the_profile(data: Dataset, vectors: Vectors) -> None:
    """Artist 20's tags are at angle x from tag 7: 1 and 2 times, so tan x = log(3) / log(2).

    User 2's profile is HEARD_10 (1, 0) + HEARD_20 (cos x, sin x), whatever 20 tags on 10 say.
    """
    often = replace(data, tag_counts=csr_array([[20.0, 0], [1, 2], [0, 3]]))
    x = math.atan(math.log(3) / math.log(2))
    profile = np.array([HEARD_10 + HEARD_20 * math.cos(x), HEARD_20 * math.sin(x)])
    profile /= np.linalg.norm(profile)
    expected = [profile[0], profile @ [math.cos(x), math.sin(x)], profile[1]]
    assert Signals(often, vectors).tags(np.array([1]))[0] == pytest.approx(expected, abs=1e-6)


def test_a_tag_that_every_artist_has_says_nothing(data: Dataset, vectors: Vectors) -> None:
    everywhere = replace(data, tag_counts=csr_array([[2.0, 0], [1, 0], [1, 0]]))
    assert Signals(everywhere, vectors).tags(FIRST)[0].tolist() == [0.0, 0.0, 0.0]


@pytest.fixture
def recommender(data: Dataset, vectors: Vectors) -> Recommender:
    return Recommender(data, vectors, NAMES)


def test_parts_add_up_and_heard_artists_are_left_out(recommender: Recommender) -> None:
    frame = recommender.recommend([0], RecommendOptions(k=5, weights=SignalWeights(1.0, 0.1, 0.2)))
    assert frame["artist"].tolist() == [30, 20]
    assert frame["rank"].tolist() == [1, 2]
    assert frame["name"].tolist() == ["Thirty", "Twenty"]
    parts = frame["embedding"] + frame["friends"] + frame["tags"]
    assert frame["score"].to_numpy() == pytest.approx(parts.to_numpy(), abs=1e-6)
    assert frame["tags"].tolist() == pytest.approx([0.0, 0.2 / math.sqrt(2)], abs=1e-6)


def test_novelty_divides_by_listeners(recommender: Recommender) -> None:
    """Artist 10 has two listeners, the others one."""
    options = RecommendOptions(k=3, weights=SignalWeights(1.0, 0.0, 0.0), known=True, novelty=1.0)
    frame = recommender.recommend([0], options).set_index("artist")
    assert frame.loc[[10, 20, 30], "score"].tolist() == pytest.approx([1.0, 0.0, 1.0])


def test_tag_filters(recommender: Recommender) -> None:
    with_both = RecommendOptions(k=3, known=True, with_tags=[7, 8])
    assert recommender.recommend([0], with_both)["artist"].tolist() == [20]
    without = RecommendOptions(k=3, known=True, without_tags=[8])
    assert recommender.recommend([0], without)["artist"].tolist() == [10]


def test_a_user_without_a_vector_gets_the_most_listened(
    recommender: Recommender, vectors: Vectors
) -> None:
    vectors.users[2] = 0
    frame = recommender.recommend([2], RecommendOptions(k=2, weights=SignalWeights(1.0, 0.5, 0.5)))
    assert frame["artist"].tolist() == [10, 20]
    assert frame["score"].tolist() == [0.0, 0.0]


def test_nobody_gets_an_empty_table(recommender: Recommender) -> None:
    frame = recommender.recommend([], RecommendOptions())
    assert len(frame) == 0
    assert list(frame.columns[:5]) == ["user", "rank", "artist", "name", "score"]


def test_reasons_name_friends_and_tags_and_add_up(data: Dataset, recommender: Recommender) -> None:
    options = RecommendOptions(k=1, weights=SignalWeights(1.0, 0.1, 0.2), with_tags=[7])
    frame = recommender.recommend([0], options)
    explained = Explainer(recommender, data, TAG_NAMES).with_reasons(frame, options)
    why = explained["why"].iloc[0]
    assert [(part.kind, part.id, part.name) for part in why] == [
        ("tag", 7, "seven"),
        ("friend", 2, None),
    ]
    assert sum(part.value for part in why) == pytest.approx(frame["score"].iloc[0], abs=1e-6)


def test_reasons_in_words_sum_up_the_small_ones() -> None:
    why = Why([Part("embedding", None, None, 0.5)] + [Part("friend", 4, None, 0.01)] * 5)
    assert str(why) == "your taste (0.500)" + ", your friend 4 (0.010)" * 3 + ", 2 more (0.020)"


def test_reasons_in_words_sum_up_tags_and_keep_what_counts_against_it() -> None:
    tags = [Part("tag", at, f"tag {at}", 0.02) for at in range(3)]
    against = Part("listen", 1, "Muse", -0.3)
    why = Why([Part("friend", 4, None, 0.1), *tags, *[Part("you", None, None, 0.01)] * 4, against])
    assert str(why) == (
        "your friend 4 (0.100), tags you share with it, 'tag 0' first (0.060), yourself (0.010), "
        "you play Muse (-0.300), 3 more (0.030)"
    )


@pytest.fixture(scope="module")
def many() -> Signals:
    """Signals of 3,000 invented users."""
    data = dataset_from_frames(generate(3_000, 4_000, 1))
    rng = np.random.default_rng(1)
    users, artists = (
        rng.standard_normal((len(ids), 8)).astype(np.float32) for ids in (data.users, data.artists)
    )
    return Signals(data, Vectors(users, artists))


def test_signals_of_a_block_are_those_of_all(many: Signals) -> None:
    block, everybody = np.array([5, 2_999, 17]), np.arange(3_000)
    for signal in SIGNALS[1:]:
        assert np.array_equal(many.of(signal, block), many.of(signal, everybody)[block])
    profiles = many.tag_taste.profiles(everybody)
    assert (many.tag_taste.profiles(block) != profiles[block]).nnz == 0
    assert (many.friend_shares(block) != many.friend_shares(everybody)[block]).nnz == 0


def test_nothing_is_held_of_users_but_for_a_block(many: Signals) -> None:
    everybody = many.tag_taste.profiles(np.arange(3_000))
    tracemalloc.start()
    try:
        for start in range(0, 3_000, 100):
            for signal in SIGNALS[1:]:
                many.of(signal, np.arange(start, start + 100))
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < everybody.data.nbytes / 4
