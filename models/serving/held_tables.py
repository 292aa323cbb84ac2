"""The model of a folder of tables in memory, as ``in_memory`` holds that of a graph."""

import numpy as np
from scipy.sparse import csr_array

from tastegraph.graph.content import GraphContent
from tastegraph.graph.fingerprint import fingerprint_of
from tastegraph.graph.frames import GraphFrames
from tastegraph.graph.schema import ARTIST, TAG
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.from_frames import dataset_from_frames
from tastegraph.models.explain.reasons import Explainer
from tastegraph.models.ranking.ranker import Recommender
from tastegraph.models.serving.in_memory import GraphState, HeldModel
from tastegraph.models.serving.similar_in_memory import MemoryNeighbours, Names, TagWeights
from tastegraph.models.storage.model_files import ModelFiles


def held_tables(frames: GraphFrames, content: GraphContent, model: ModelFiles) -> HeldModel:
    """What answers in memory; ``content`` is the graph that a load of ``frames`` would make.

    InputError where the model knows of whom the tables say nothing.
    """
    card = model.described
    decays = model.fold_in_model is not None and model.fold_in_model.decay is not None
    data = dataset_from_frames(frames, times=decays)
    names = _property(content, "Artist", "name", data)
    recommender = Recommender(data, model.vectors(data), names, hidden=_hidden(frames, data))
    tags = _property(content, "Tag", "name", data)
    weights = TagWeights(
        _property(content, "Tag", "idf", data).astype(np.float64),
        _property(content, "Artist", "tagNorm", data).astype(np.float64),
    )
    return HeldModel(
        GraphState(card.id, None, None, None),
        card,
        fingerprint_of(content),
        None,
        data,
        recommender,
        Explainer(recommender, data, tags, model.fold_in(data)),
        MemoryNeighbours(card.id, data, recommender.vectors, names, tags, weights),
    )


def _property(content: GraphContent, label: str, name: str, data: Dataset) -> Names:
    ids, kind = {"Artist": (data.artists, ARTIST), "Tag": (data.tags, TAG)}[label]
    at = kind.properties.index(name)
    values: Names = np.empty(len(ids), dtype=object)
    values[:] = [content.nodes[label][id_][at] for id_ in ids.ids]
    return values


def _hidden(frames: GraphFrames, data: Dataset) -> csr_array:
    users, artists = [*zip(*frames.hidden, strict=True)] or ([], [])
    at = (data.users.rows(users), data.artists.rows(artists))
    return csr_array((np.ones(len(users)), at), shape=(len(data.users), len(data.artists)))
