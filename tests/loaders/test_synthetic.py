import hashlib
import re
import subprocess
import sys
import tracemalloc
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

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
from tastegraph.loaders.synthetic import listens as listens_module
from tastegraph.loaders.synthetic.band_names import band_names
from tastegraph.loaders.synthetic.generate import generate
from tastegraph.loaders.synthetic.world import CellDraw, Floats, Ints, distinct, merged
from tastegraph.runtime.progress import Advance
from tests.loaders.folders import assert_equal_frames


@pytest.fixture(scope="module")
def demo() -> GraphFrames:
    return generate(300, 800, seed=42)


def digest(frames: GraphFrames) -> str:
    """What differs where anything does."""
    tables = (frames.artists, frames.tags, frames.listens, frames.friendships, frames.taggings)
    return hashlib.sha256("".join(table.to_csv() for table in tables).encode()).hexdigest()


def test_same_seed_same_data(demo: GraphFrames) -> None:
    assert_equal_frames(generate(), demo)
    assert not generate(seed=43).listens.equals(demo.listens)


def test_same_seed_same_data_in_another_process(demo: GraphFrames) -> None:
    program = """
from tastegraph.loaders.synthetic.generate import generate
from tests.loaders.test_synthetic import digest
print(digest(generate()), end="")
"""
    elsewhere = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert elsewhere.stdout.decode() == digest(demo)


def test_blocks_of_any_size_give_the_same_data(
    demo: GraphFrames, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slots in (997, 10**9):
        monkeypatch.setattr(listens_module, "BLOCK", slots)
        assert_equal_frames(generate(), demo)


@settings(max_examples=60)
@given(st.integers(1, 60), st.integers(1, 400), st.integers(0, 2**32 - 1))
@example(1, 1, 0)
@example(1, 400, 0)
@example(2, 1, 0)
@example(5, 1, 0)
@example(5, 9, 0)
@example(5, 5_000, 0)
@example(300, 800, 0)
def test_frames_are_valid(users: int, artists: int, seed: int) -> None:
    frames = generate(users, artists, seed)
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
    assert frames.listens.groupby("user").size().max() <= min(50, max(1, artists // 6))
    if users > 1:
        friends = frames.friendships[["user", "friend"]]
        assert set(friends.to_numpy().ravel()) == set(frames.users["user"])
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


def unevenness(listens: pd.DataFrame) -> tuple[float, float]:
    """The slope of log(listeners) over log(rank), and the share of artists with one listener."""
    listeners = np.sort(listens.groupby("artist").size().to_numpy())[::-1]
    slope = np.polyfit(np.log(np.arange(1, len(listeners) + 1)), np.log(listeners), 1)[0]
    return float(slope), float((listeners == 1).mean())


@pytest.fixture(scope="module")
def as_hetrec() -> GraphFrames:
    """As many users, artists and listens as HetRec 2011 Last.fm has."""
    return generate(2_000, 18_000)


def test_popularity_is_as_uneven_as_that_of_real_artists(as_hetrec: GraphFrames) -> None:
    slope, alone = unevenness(as_hetrec.listens)
    assert slope == pytest.approx(-1.0, abs=0.1)
    assert alone == pytest.approx(0.61, abs=0.1)
    assert set(as_hetrec.listens["artist"]) == set(as_hetrec.artists["artist"])
    assert len(as_hetrec.listens) == pytest.approx(2_000 * 47.5, rel=0.02)
    assert 2 * len(as_hetrec.friendships) / 2_000 == pytest.approx(13.4, abs=1.0)


def test_the_real_data_are_as_uneven_as_is_said_here(real: GraphFrames) -> None:
    assert unevenness(real.listens) == pytest.approx((-1.0, 0.61), abs=0.01)


def test_popularity_stays_uneven_where_there_are_ten_times_as_many_users() -> None:
    frames = generate(20_000, 50_000)
    slope, alone = unevenness(frames.listens)
    assert -1.35 < slope < -0.9
    assert alone == pytest.approx(0.61, abs=0.1)
    assert set(frames.listens["artist"]) == set(frames.artists["artist"])


def test_cost_is_that_of_what_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = 0
    draw = CellDraw.__call__

    def counted(self: CellDraw, cells: Ints, uniform: Floats) -> Ints:
        nonlocal drawn
        drawn += len(cells)
        return draw(self, cells, uniform)

    monkeypatch.setattr(CellDraw, "__call__", counted)
    for users, artists in ((500, 1_000), (5_000, 1_000), (500, 20_000), (5_000, 20_000)):
        drawn = 0
        frames = generate(users, artists)
        made = len(frames.listens) + len(frames.friendships) + len(frames.taggings)
        assert drawn < 1.5 * made


def test_memory_is_that_of_what_is_made() -> None:
    tracemalloc.start()
    try:
        frames = generate(5_000, 20_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    made = len(frames.listens) + len(frames.friendships) + len(frames.taggings)
    # Of pairs of a user and an artist there are 100 million.
    assert peak < 90 * made < 5_000 * 20_000


def test_progress_comes_to_its_end() -> None:
    done: dict[str, int] = defaultdict(int)
    totals = {}

    @contextmanager
    def progress(label: str, total: int) -> Iterator[Advance]:
        def advance(steps: int) -> None:
            done[label] += steps

        totals[label] = total
        yield advance

    generate(300, 800, progress=progress)
    assert totals
    for label, total in totals.items():
        assert 0.99 * total < done[label] <= 1.1 * total


def test_members_are_drawn_by_weight_within_their_cells() -> None:
    draw = CellDraw(np.array([3, 1, 3, 3]), np.array([1.0, 2.0, 6.0, 3.0]), np.arange(10, 14), 5)
    uniform = np.array([0.0, 0.09, 0.11, 0.69, 0.71, 1 - 1e-16])
    assert draw(np.full(6, 3), uniform).tolist() == [10, 10, 12, 12, 13, 13]
    # A cell without members takes those of the next one that has some.
    assert draw(np.array([0, 1, 2, 4]), np.array([0.0, 0.5, 0.5, 0.5])).tolist() == [11, 11, 12, 11]


@given(st.lists(st.integers(0, 50)), st.lists(st.integers(0, 50)))
def test_keys_are_merged_once_each(some: list[int], more: list[int]) -> None:
    keys = merged(distinct(np.array(some, dtype=np.int64)), np.array(more, dtype=np.int64))
    assert keys.tolist() == sorted({*some, *more})


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
