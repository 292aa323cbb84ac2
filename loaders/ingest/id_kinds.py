"""Ids are whole numbers or text, one of the two throughout a kind, in a source and in a graph.

A source of whole numbers is text to a graph of text. A source of text makes the whole numbers of
a graph text, all at once: no order and no index would hold the two together.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd

from tastegraph.graph.content import GraphContent, Nodes
from tastegraph.graph.frames import ARTIST, FRIEND, TAG, USER, GraphFrames, Id
from tastegraph.graph.schema import RELATIONS, TAGGED, TRAINING, RelationKind
from tastegraph.graph.store.graph_store import GraphStore

_Pair = tuple[Id, Id]

_COLUMNS = {"User": (USER, FRIEND), "Artist": (ARTIST,), "Tag": (TAG,)}

_CONVERT = (
    "MATCH (n:{label}) SET n.id = toString(n.id)",
    "MATCH (v:KeptVectors {{label: '{label}'}}) SET v.ids = [id IN v.ids | toString(id)]",
)
_CONVERT_TAGGED = "MATCH ()-[r:TAGGED]->() SET r.tagIds = [id IN r.tagIds | toString(id)]"


def as_in_graph(frames: GraphFrames, existing: GraphContent) -> GraphFrames:
    """``frames`` with whole numbers as text where the graph's ids are text."""
    for label, columns in _COLUMNS.items():
        if _are_text(existing.nodes[label]) and not _is_text(frames, label):
            frames = _as_text(frames, columns)
    return frames


def must_become_text(frames: GraphFrames, existing: GraphContent) -> list[str]:
    """The labels of which the graph has whole numbers as ids and ``frames`` text."""
    return [
        label
        for label in _COLUMNS
        if existing.nodes[label]
        and not _are_text(existing.nodes[label])
        and len(getattr(frames, f"{label.lower()}s"))
        and _is_text(frames, label)
    ]


def convert(store: GraphStore, labels: Sequence[str]) -> None:
    """Make the ids of ``labels`` text wherever the graph keeps them, in one transaction."""

    def change(transaction: GraphStore) -> None:
        for label in labels:
            for statement in _CONVERT:
                transaction.write(statement.format(label=label))
            if label in TRAINING:
                transaction.write(_CONVERT[0].format(label=TRAINING[label]))
            if label == "Tag":
                transaction.write(_CONVERT_TAGGED)

    store.transact(change)


def with_ids_as_text(content: GraphContent, labels: Sequence[str]) -> GraphContent:
    """``content`` as ``convert`` leaves it in the graph: the ids of ``labels`` as text."""
    nodes, doubled = dict(content.nodes), {}
    numbers = {
        name: each.as_text() if name in labels else each for name, each in content.numbers.items()
    }
    for label in labels:
        nodes[label] = {str(id_): values for id_, values in nodes[label].items()}
    relations = {
        kind.type: replace(
            content.relations[kind.type],
            start_ids=numbers[kind.start],
            end_ids=numbers[kind.end],
        )
        for kind in RELATIONS
    }
    for kind in RELATIONS:
        if pairs := content.doubled.get(kind.type):
            shown = _pairs_as_text(kind, labels)
            doubled[kind.type] = {shown(pair) for pair in pairs}
    tagged = relations[TAGGED.type]
    tags, days = tagged.columns
    relations[TAGGED.type] = replace(tagged, columns=(tags.renamed(numbers["Tag"]), days))
    return replace(content, nodes=nodes, relations=relations, doubled=doubled, numbers=numbers)


def _pairs_as_text(kind: RelationKind, labels: Sequence[str]) -> Callable[[_Pair], _Pair]:
    """Gives a pair of ``kind`` as it is where the ids of ``labels`` are text."""

    def shown(pair: _Pair) -> _Pair:
        one, other = (
            str(id_) if label in labels else id_
            for label, id_ in zip((kind.start, kind.end), pair, strict=True)
        )
        return one, other

    return shown


def _are_text(nodes: Nodes) -> bool:
    return isinstance(next(iter(nodes), 0), str)


def _is_text(frames: GraphFrames, label: str) -> bool:
    ids = getattr(frames, f"{label.lower()}s")[_COLUMNS[label][0]]
    return bool(len(ids)) and isinstance(ids.iloc[0], str)


def _as_text(frames: GraphFrames, columns: tuple[str, ...]) -> GraphFrames:
    def texts(frame: pd.DataFrame) -> pd.DataFrame:
        of = {name: frame[name].map(str).astype(object) for name in columns if name in frame}
        return frame.assign(**of)

    of_users, of_artists = USER in columns, ARTIST in columns
    features: list[tuple[Id, Id]] = frames.features
    if of_artists:
        features = [(str(one), str(other)) for one, other in features]
    hidden: list[tuple[Id, Id]] = [
        (str(user) if of_users else user, str(artist) if of_artists else artist)
        for user, artist in frames.hidden
    ]
    properties = [
        each._replace(id=str(each.id)) if _COLUMNS[each.label] == columns else each
        for each in frames.properties
    ]
    return replace(
        frames,
        users=texts(frames.users),
        artists=texts(frames.artists),
        tags=texts(frames.tags),
        listens=texts(frames.listens),
        friendships=texts(frames.friendships),
        taggings=texts(frames.taggings),
        features=features,
        hidden=hidden,
        properties=properties,
    )
