"""Tag overlap of the graph's model: an artist's neighbours, a user's recommendations, or all."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.errors import InputError, ModelError
from tastegraph.graph.frames import ARTIST, USER, Id
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import Rows
from tastegraph.models.data.vectors import Vectors
from tastegraph.models.evaluation.tag_overlap import (
    MEASURES,
    Lists,
    Mask,
    TagOverlap,
    nearest,
    neighbour_candidates,
)
from tastegraph.models.ranking.columns import RANK
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.ranker import Recommender
from tastegraph.models.ranking.weights import SignalWeights
from tastegraph.models.storage.model_card import Card
from tastegraph.models.storage.read_graph import (
    read_dataset,
    read_names,
    read_user_tags,
    read_vectors,
)
from tastegraph.runtime.progress import Progress, silent

SUBJECT, COUNT, SHARED = "subject", "k", "shared"
COLUMNS = (SUBJECT, COUNT, *MEASURES, SHARED)

# Tags of a neighbour that are spelled out in a sentence.
_SHOWN = 3


@dataclass(frozen=True)
class Neighbour:
    """An artist of the list, and the tags it shares with the subject, most used first."""

    id: Id
    name: str
    relevant: bool
    strict: bool
    shared: list[str]

    def __str__(self) -> str:
        """The first tags in words, and how many more there are."""
        more = len(self.shared) - _SHOWN
        tags = [*self.shared[:_SHOWN], *([f"{more} more"] if more > 0 else [])]
        mark = " (strict)" if self.strict else ""
        return f"{self.name}{mark}: {', '.join(tags) or 'no tag shared'}"

    def as_dict(self) -> dict[str, Any]:
        """The neighbour as it appears in JSON."""
        return {
            "id": self.id,
            "name": self.name,
            "relevant": self.relevant,
            "strict": self.strict,
            "shared": self.shared,
        }


class Neighbours(list[Neighbour]):
    """The artists of a list, best first."""

    @property
    def lines(self) -> list[str]:
        """One sentence a neighbour."""
        return [str(neighbour) for neighbour in self]

    def __str__(self) -> str:
        """All of them in one line."""
        return "; ".join(self.lines)


@dataclass(frozen=True)
class Comparison:
    """Rows with the columns COLUMNS, and sentences for the person who asked."""

    frame: pd.DataFrame
    notes: list[str]


class TagPrecision:
    """Precision by tag overlap of one model.

    user_tags     (users, tags)  how often each user has used each tag
    artist_names  (artists,)
    tag_names     (tags,)
    weights       of the signals that recommend
    """

    def __init__(
        self,
        data: Dataset,
        vectors: Vectors,
        *,
        user_tags: csr_array,
        artist_names: NDArray[np.object_],
        tag_names: NDArray[np.object_],
        weights: SignalWeights,
        progress: Progress = silent,
    ) -> None:
        if not data.tag_counts.nnz:
            raise InputError(
                "no artist in the graph carries a tag, so there is no overlap to measure: "
                "'tastegraph load' data that has tags"
            )
        self._data, self._vectors, self._user_tags = data, vectors, user_tags
        self._names, self._tag_names = artist_names, tag_names
        self._weights, self._progress = weights, progress
        self._overlap = TagOverlap(data.tag_counts)

    @classmethod
    def of(cls, store: GraphStore, card: Card, progress: Progress = silent) -> "TagPrecision":
        """That of the model in ``store``. InputError where no artist carries a tag."""
        data = read_dataset(store, progress)
        return cls(
            data,
            read_vectors(store, data, progress),
            user_tags=read_user_tags(store, data, progress),
            artist_names=read_names(store, "Artist", data.artists),
            tag_names=read_names(store, "Tag", data.tags),
            weights=card.weights,
            progress=progress,
        )

    def artist(self, artist: Id, k: int, least: int) -> Comparison:
        """The ``k`` nearest artists with ``least`` listeners or more.

        InputError for an artist without tags or where nothing may be a neighbour, ModelError
        for one without a vector.
        """
        row = np.array([self._data.artists.row(artist)])
        name = str(self._names[row[0]])
        if not _filled(self._data.tag_counts, row)[0]:
            raise InputError(f"{name} carries no tag, so nothing can overlap: name another artist")
        if not self._have_vector(row)[0]:
            raise ModelError(
                f"the model has no vector for {name}, so nothing is near it: "
                "'tastegraph train' learns anew"
            )
        lists, candidates = self._neighbours(row, k, least)
        if not candidates.any():
            raise InputError(
                f"no artist beside {name} has {least:,} listeners or more: lower --min-listeners"
            )
        return self._one(name, self._data.tag_counts[row], lists, candidates, k)

    def user(self, user: Id, k: int) -> Comparison:
        """The ``k`` artists recommended with the model's weights.

        InputError for a user who has assigned no tag, or listens to every artist.
        """
        row = np.array([self._data.users.row(user)])
        if not _filled(self._user_tags, row)[0]:
            raise InputError(
                f"user {user} has assigned no tag, so nothing can overlap: name another user"
            )
        lists, candidates = self._recommended(row, k)
        if not candidates.any():
            raise InputError(f"user {user} listens to every artist: nothing is left to recommend")
        notes = (
            []
            if self._recommender.has_vector(row)[0]
            else [f"the model has no vector for user {user}: these are the most listened artists"]
        )
        found = self._one(user, self._user_tags[row], lists, candidates, k)
        return Comparison(found.frame, [*notes, *found.notes])

    def everybody(self, k: int, least: int, most: int) -> Comparison:
        """Two rows of means, without lists.

        Subject artists: over the neighbours of the ``most`` most heard artists; subject users:
        over the recommendations of all users who have assigned a tag.
        """
        heard = self._most_heard(most)
        tagged, known = _filled(self._data.tag_counts, heard), self._have_vector(heard)
        users = np.arange(len(self._data.users))
        tagging = _filled(self._user_tags, users)
        notes = [
            *_count("left out for carrying no tag", ~tagged, "most heard artists"),
            *_count("left out for having no vector", tagged & ~known, "most heard artists"),
            *_count("left out for having assigned no tag", ~tagging, "users"),
        ]
        artists, users = heard[tagged & known], users[tagging]
        near, recommended = self._neighbours(artists, k, least), self._recommended(users, k)
        of_artists = self._means("artists", self._data.tag_counts[artists], *near, k)
        of_users = self._means("users", self._user_tags[users], *recommended, k)
        frame = pd.concat([of_artists.frame, of_users.frame], ignore_index=True)
        return Comparison(frame, [*notes, *of_artists.notes, *of_users.notes])

    @cached_property
    def _recommender(self) -> Recommender:
        return Recommender(self._data, self._vectors, self._names)

    def _most_heard(self, most: int) -> Rows:
        """Artists by listeners, most first, equal ones by id; those whom anybody hears."""
        listeners = self._data.listeners
        heard: Rows = np.lexsort((np.arange(len(listeners)), -listeners))[:most]
        return heard[listeners[heard] > 0]

    def _have_vector(self, artists: Rows) -> Mask:
        known: Mask = np.any(self._vectors.artists[artists], axis=1)
        return known

    def _neighbours(self, artists: Rows, k: int, least: int) -> tuple[Lists, Mask]:
        vectors, listeners = self._vectors.artists, self._data.listeners
        candidates = neighbour_candidates(vectors, artists, listeners, least)
        return nearest(vectors, artists, candidates, min(k, len(vectors))), candidates

    def _recommended(self, users: Rows, k: int) -> tuple[Lists, Mask]:
        options = RecommendOptions(k=min(k, len(self._data.artists)), weights=self._weights)
        frame = self._recommender.recommend(users, options, self._progress)
        lists = np.full((len(users), options.k), -1, dtype=np.intp)
        places = np.searchsorted(users, self._data.users.rows(frame[USER])), frame[RANK] - 1
        lists[places] = self._data.artists.rows(frame[ARTIST])
        candidates = np.ones((len(users), len(self._data.artists)), dtype=bool)
        known = self._data.plays[users].tocoo()
        candidates[known.row, known.col] = False
        return lists, candidates

    def _one(
        self, subject: Id, tags: csr_array, lists: Lists, candidates: Mask, k: int
    ) -> Comparison:
        """The row of one subject, whose list is not empty."""
        listed = lists[0, lists[0] >= 0]
        measures = self._overlap.measures(tags, lists, candidates, self._data.listeners).iloc[0]
        row = {SUBJECT: subject, COUNT: len(listed), **measures, SHARED: self._shared(tags, listed)}
        few = f"only {len(listed):,} artists are there to choose from, so k is {len(listed):,}"
        return Comparison(_table([row]), [few] if len(listed) < k else [])

    def _means(
        self, subject: str, tags: csr_array, lists: Lists, candidates: Mask, k: int
    ) -> Comparison:
        """The row of means of several subjects; those whose list is empty have no say."""
        measures = self._overlap.measures(
            tags, lists, candidates, self._data.listeners, self._progress
        )
        row = {SUBJECT: subject, COUNT: k, **measures.mean(), SHARED: Neighbours()}
        lengths = np.count_nonzero(lists >= 0, axis=1)
        notes = _count(f"with fewer than {k:,} artists to choose from", lengths < k, subject)
        return Comparison(_table([row]), notes)

    def _shared(self, tags: csr_array, artists: Rows) -> Neighbours:
        """``artists`` with the tags that they share with the subject of ``tags`` (1, tags)."""
        own = tags.toarray()[0]
        lenient, strict = (form(tags)[0] for form in (self._overlap.lenient, self._overlap.strict))
        found = Neighbours()
        for artist in artists.tolist():
            theirs = self._data.tag_counts[[artist]].toarray()[0]
            common = np.flatnonzero((own > 0) & (theirs > 0))
            common = common[np.argsort(-(own + theirs)[common], kind="stable")]
            found.append(
                Neighbour(
                    self._data.artists.ids[artist],
                    str(self._names[artist]),
                    bool(lenient[artist]),
                    bool(strict[artist]),
                    self._tag_names[common].tolist(),
                )
            )
        return found


def _filled(uses: csr_array, rows: Rows) -> Mask:
    """Which of ``rows`` of ``uses`` have any tag."""
    return np.diff(uses.indptr)[rows] > 0


def _count(why: str, mask: Mask, subjects: str) -> list[str]:
    """A note of how many ``mask`` marks, if any."""
    number = int(np.count_nonzero(mask))
    return [f"{why}: {number:,} of {len(mask):,} {subjects}"] if number else []


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(COLUMNS))
