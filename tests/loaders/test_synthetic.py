import re

import numpy as np
import pandas as pd
import pytest

from tastegraph.errors import InputError
from tastegraph.graph.frames import (
    ARTISTS,
    FRIENDSHIPS,
    LISTENS,
    TAGGINGS,
    TAGS,
    USERS,
    GraphFrames,
)
from tastegraph.loaders.synthetic.band_names import band_names
from tastegraph.loaders.synthetic.generate import generate
from tests.loaders.folders import assert_equal_frames


@pytest.fixture(scope="module")
def demo() -> GraphFrames:
    return generate(300, 800, seed=42)


def test_same_seed_same_data(demo: GraphFrames) -> None:
    assert_equal_frames(generate(), demo)
    assert not generate(seed=43).listens.equals(demo.listens)


@pytest.mark.parametrize(
    ("users", "artists"), [(1, 1), (1, 2), (2, 1), (3, 40), (40, 3), (300, 800)]
)
def test_frames_are_valid(users: int, artists: int) -> None:
    frames = generate(users, artists, seed=0)
    columns = (USERS, ARTISTS, TAGS, LISTENS, FRIENDSHIPS, TAGGINGS)
    kinds = (frames.users, frames.artists, frames.tags, frames.listens, frames.friendships)
    for frame, names in zip((*kinds, frames.taggings), columns, strict=True):
        assert tuple(frame.columns) == names
        keys = [name for name in names if name in {"user", "artist", "tag", "friend"}]
        assert not frame.duplicated(keys).any()
        assert frame.equals(frame.sort_values(keys, ignore_index=True))
        assert all(frame[key].dtype == np.int64 for key in keys)
    assert frames.users["user"].tolist() == list(range(1, users + 1))
    assert frames.artists["artist"].tolist() == list(range(1, artists + 1))
    assert set(frames.listens["user"]) == set(frames.users["user"])
    assert frames.listens["artist"].isin(frames.artists["artist"]).all()
    assert set(frames.taggings["tag"]) == set(frames.tags["tag"])
    assert (frames.friendships["user"] < frames.friendships["friend"]).all()
    assert (frames.listens["plays"] > 0).all()
    assert [row.loaded for row in frames.report] == [len(k) for k in (*kinds, frames.taggings)]


@pytest.mark.parametrize(
    ("users", "artists", "seed", "name"),
    [(0, 1, 1, "users"), (1, 0, 1, "artists"), (-5, 1, 1, "users"), (1, 1, -1, "seed")],
)
def test_numbers_too_small(users: int, artists: int, seed: int, name: str) -> None:
    with pytest.raises(InputError, match=rf"{name} is .*: give a whole number from \d to"):
        generate(users, artists, seed)


def test_shape_is_that_of_listeners(demo: GraphFrames) -> None:
    per_user = demo.listens.groupby("user").size()
    assert per_user.max() == 50
    listeners = demo.listens.groupby("artist").size().sort_values(ascending=False)
    assert listeners.head(80).sum() > 2.5 * 0.1 * len(demo.listens)
    plays = demo.listens["plays"]
    assert plays.mean() > 1.5 * plays.median()
    assert set(demo.friendships["user"]) | set(demo.friendships["friend"]) == set(range(1, 301))


def test_every_user_has_much_left_to_hear(demo: GraphFrames) -> None:
    assert demo.listens.groupby("user").size().max() < len(demo.artists) / 10


def test_friends_share_more_artists_than_strangers(demo: GraphFrames) -> None:
    heard = pd.crosstab(demo.listens["user"], demo.listens["artist"]).to_numpy()
    shared = heard @ heard.T
    friends = np.zeros_like(shared, dtype=bool)
    friends[demo.friendships["user"] - 1, demo.friendships["friend"] - 1] = True
    strangers = ~(friends | friends.T | np.eye(len(friends), dtype=bool))
    assert shared[friends].mean() > 2 * shared[strangers].mean()


def test_tags_tell_artists_with_the_same_listeners(demo: GraphFrames) -> None:
    genre_names = demo.tags[~demo.tags["name"].isin(["seen live", "to listen"])]
    tagged = demo.taggings[demo.taggings["tag"].isin(genre_names["tag"])]
    main = tagged.groupby("artist")["tag"].agg(lambda tags: tags.mode()[0])
    heard = pd.crosstab(demo.listens["user"], demo.listens["artist"])[main.index].to_numpy()
    shared = heard.T @ heard
    same = main.to_numpy()[:, None] == main.to_numpy()[None]
    different = ~same
    np.fill_diagonal(same, val=False)
    assert shared[same].mean() > 3 * shared[different].mean()


def test_neighbours_predict_hidden_listens_better_than_popularity(demo: GraphFrames) -> None:
    heard = pd.crosstab(demo.listens["user"], demo.listens["artist"]).to_numpy()
    hidden = heard * (np.random.default_rng(0).random(heard.shape) < 0.2)
    train = heard - hidden
    together = train.T @ train
    np.fill_diagonal(together, 0)
    popularity = train.sum(axis=0)
    scores = {
        "popularity": np.tile(popularity, (len(train), 1)).astype(float),
        "neighbours": train @ (together / np.sqrt(np.outer(popularity + 1, popularity + 1))),
    }
    hits = {}
    for name, score in scores.items():
        top = np.argsort(-np.where(train > 0, -1, score), axis=1, kind="stable")[:, :10]
        hits[name] = np.take_along_axis(hidden, top, axis=1).mean()
    assert hits["neighbours"] > 2 * hits["popularity"]


def test_tags_are_also_given_to_artists_without_a_listen(demo: GraphFrames) -> None:
    tagged = demo.taggings[["user", "artist"]].drop_duplicates()
    heard = tagged.merge(demo.listens, on=["user", "artist"])
    assert 0.3 < len(heard) / len(tagged) < 0.9


def test_band_names_are_distinct_words() -> None:
    names = band_names(2000, np.random.default_rng(1))
    assert len(set(names)) == 2000
    assert all(re.fullmatch(r'["\w &]+', name) for name in names)
