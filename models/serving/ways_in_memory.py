"""The ways that lead from a user to an artist: what the query draw-reasons draws, from memory."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tastegraph.graph.frames import Id
from tastegraph.graph.store.values import NodeValue, RelationshipValue
from tastegraph.models.explain.parts import Part
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.serving.in_memory import HeldModel

COLUMNS = ("kind", "id", "name", "value", "source", "link", "target")

# Listens that stand for the embedding, and that lead to a tag.
_NEAREST, _MOST_PLAYED = 3, 2


def ways_in_memory(held: HeldModel, user: Id, artist: Id, parts: int) -> pd.DataFrame:
    """The ``parts`` largest parts of the score, each with the links of its ways, a row a link.

    Columns COLUMNS, as the query has them; a part to which no way leads has one row without link.
    """
    walk = _Walk(held, held.data.users.row(user), held.data.artists.row(artist))
    options = RecommendOptions(weights=held.card.weights)
    why = held.explainer.parts(walk.user, walk.artist, options)
    largest = sorted(why, key=lambda part: (-abs(part.value), part.kind, part.id))[:parts]
    rows: list[tuple[object, ...]] = []
    for part in largest:
        told = (part.kind, part.id, part.name, part.value)
        links = list(walk.links(part))
        rows += [(*told, link.start, link, link.end) for link in links]
        if not links:
            rows.append((*told, walk.node("Artist", walk.artist), None, None))
    # Else an id that is missing makes numbers with a point of the others.
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object).astype({"value": float})


@dataclass(frozen=True)
class _Walk:
    """Ways between the rows of a user and an artist."""

    held: HeldModel
    user: int
    artist: int

    def links(self, part: Part) -> Iterator[RelationshipValue]:
        """The links of the ways on which ``part`` comes."""
        data = self.held.data
        if part.kind == "friend":
            friend = data.users.row(part.id) if part.id is not None else -1
            ends = self.node("User", self.user), self.node("User", friend)
            yield RelationshipValue("FRIEND", *ends, {})
            yield self._listen(friend, self.artist)
        elif part.kind == "tag":
            yield from self._by_tag(data.tags.row(part.id) if part.id is not None else -1)
        else:
            yield from self._by_vectors()

    def node(self, label: str, row: int) -> NodeValue:
        """A user, an artist or a tag."""
        data, held = self.held.data, self.held
        ids = {"User": data.users, "Artist": data.artists, "Tag": data.tags}[label].ids
        names = {"Artist": held.recommender.names, "Tag": held.explainer.tag_names}
        name = names[label][row] if label in names else None
        return NodeValue(label, ids[row], name)

    def _by_vectors(self) -> Iterator[RelationshipValue]:
        """By the artists of the user whose vectors are nearest, and a tag that both carry."""
        vectors = self.held.recommender.vectors.artists
        heard = self._heard()
        lengths = np.linalg.norm(vectors[heard], axis=1)
        heard, lengths = heard[lengths > 0], lengths[lengths > 0]
        cosines = vectors[heard] @ vectors[self.artist] / lengths
        for row in heard[np.argsort(-cosines, kind="stable")][:_NEAREST].tolist():
            yield self._listen(self.user, row)
            both = self.held.data.tag_counts[[row, self.artist]].tocsc()
            common = np.flatnonzero(np.diff(both.indptr) == 2)
            if len(common):
                tag = int(common[np.argmax(np.asarray(both[:, common].sum(axis=0)))])
                yield self._tagged(row, tag)
                yield self._tagged(self.artist, tag)

    def _by_tag(self, tag: int) -> Iterator[RelationshipValue]:
        """By the artists with the tag that the user plays most."""
        heard = self._heard()
        carriers = heard[self.held.data.tag_counts[heard][:, [tag]].toarray()[:, 0] > 0]
        plays = self.held.data.plays[[self.user]][:, carriers].toarray()[0]
        for row in carriers[np.argsort(-plays, kind="stable")][:_MOST_PLAYED].tolist():
            yield self._listen(self.user, row)
            yield self._tagged(row, tag)
            yield self._tagged(self.artist, tag)

    def _heard(self) -> np.ndarray:
        """The artists that the user plays, without the one in question, by id."""
        plays = self.held.data.plays
        rows = plays.indices[plays.indptr[self.user] : plays.indptr[self.user + 1]]
        return np.sort(rows[rows != self.artist])

    def _listen(self, user: int, artist: int) -> RelationshipValue:
        ends = self.node("User", user), self.node("Artist", artist)
        plays = int(self.held.data.plays[user, artist])
        return RelationshipValue("LISTENED", *ends, {"plays": plays})

    def _tagged(self, artist: int, tag: int) -> RelationshipValue:
        ends = self.node("Artist", artist), self.node("Tag", tag)
        count = int(self.held.data.tag_counts[artist, tag])
        return RelationshipValue("HAS_TAG", *ends, {"count": count})
