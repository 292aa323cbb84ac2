"""Data that are hard on pictures, with vectors from their listens, as a graph would give them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.linalg import svds

from tastegraph.analysis.figures.graphs import reasons
from tastegraph.analysis.source import Learned, Snapshot, Source
from tastegraph.graph.frames import ARTIST, NAME
from tastegraph.models.data.vectors import Vectors
from tastegraph.models.explain.parts import WHY, Part, Why
from tastegraph.models.ranking.columns import SCORE
from tastegraph.models.ranking.weights import SignalWeights
from tastegraph.models.storage.model_card import Card
from tests.analysis.snapshots import snapshot
from tests.contract.frames import frames

NAMES = [
    "椎名林檎",
    "Кино",
    "Sigur Rós 🎸",
    "Ke$ha & A$AP Rocky $x^2$",
    "소녀시대 ＆ 2PM",
    "two\nlines\tand\x07 a bell",
    "An orchestra whose name is much longer than any label has room for, and then some",
    "Ω",
    "فيروز وزياد الرحباني",
    "עפרה חזה",
    "𝕬𝖓𝖓𝖆 𠜎𠜱",
    "W" * 60,
]

_CARD = Card("m", "als", 4, {}, 0, SignalWeights(), {}, None, "2026-01-01", "", {})


def given(data: Snapshot) -> Source:
    """``data`` with a model: the singular vectors of its listens, 8 of them at most."""
    plays = csr_array(data.data.plays, dtype=np.float64).log1p()
    left, sizes, right = svds(plays, min(8, *(size - 1 for size in plays.shape)), random_state=0)
    root = np.sqrt(sizes)
    vectors = Vectors((left * root).astype(np.float32), (right.T * root).astype(np.float32))
    # What a graph would be asked for is there already.
    source = Source.__new__(Source)
    source.progress = Source.__init__.__defaults__[0]
    source.__dict__.update(snapshot=data, learned=Learned(_CARD, vectors, False))
    return source


def tiny() -> Snapshot:
    """Five users, six artists, neither tags nor friends."""
    heard = [
        (user, (user + step) % 6 + 1, 1 + user * step) for user in range(1, 6) for step in (0, 1, 3)
    ]
    return snapshot(
        frames(
            users=range(1, 6),
            artists=[(at, f"Artist {at}") for at in range(1, 7)],
            listens=sorted(heard),
        )
    )


def odd(users: int = 30, artists: int = 72, tags: int = 2_000) -> Snapshot:
    """Names of every script, one artist that all hear, plays that are all 7, tags by thousands.

    User 1 knows everybody; everybody else knows user 1 alone.
    """
    random = np.random.default_rng(0)
    named = [
        (at + 1, f"{NAMES[at % len(NAMES)]} {at // len(NAMES) or ''}") for at in range(artists)
    ]
    heard = [(user, 1, 7) for user in range(1, users + 1)]
    for user in range(1, users + 1):
        others = random.choice(np.arange(2, artists + 1), 9, replace=False)
        heard += [(user, int(artist), 7) for artist in others]
    given_tags = [
        (
            int(random.integers(1, users + 1)),
            int(random.integers(1, artists + 1)),
            tag % tags + 1,
            "",
        )
        for tag in range(2 * tags)
    ]
    return snapshot(
        frames(
            users=range(1, users + 1),
            artists=named,
            tags=[(at, f"{NAMES[at % len(NAMES)]} tag {at}") for at in range(1, tags + 1)],
            listens=sorted(heard),
            friendships=[(1, user) for user in range(2, users + 1)],
            taggings=sorted(set(given_tags)),
        )
    )


def odd_reasons(names: Sequence[str] = NAMES, most: int = 8) -> pd.DataFrame:
    """Links for ``most`` artists, each from a part of every kind and fifty that are small."""
    random = np.random.default_rng(1)
    kinds = ("listen", "friend", "tag", "you", "neighbour", "dislike", "change", "embedding")
    rows = []
    for artist in range(most):
        parts = [Part(kind, at, names[at], float(random.normal())) for at, kind in enumerate(kinds)]
        parts += [Part("listen", 99 + at, f"small {at}", 0.01) for at in range(50)]
        score = sum(part.value for part in parts)
        rows.append((artist, names[artist % len(names)], score, Why(parts)))
    return reasons(pd.DataFrame(rows, columns=[ARTIST, NAME, SCORE, WHY]))
