"""A folder of tables, as ``export`` writes it, in place of a database.

``info``, ``train``, ``tune``, ``recommend`` and ``evaluate`` read the tables themselves; a training
puts its model beside them. All else asks a database, which ``load`` makes of the folder.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tastegraph.api.connection import Name
from tastegraph.api.graph import Graph
from tastegraph.api.loading import COUNT_COLUMNS
from tastegraph.api.recommending import Names
from tastegraph.errors import InputError, ModelError, NotFoundError
from tastegraph.graph.fingerprint import fingerprint_of
from tastegraph.graph.frames import Id
from tastegraph.graph.names import name_key
from tastegraph.graph.schema import NODES, RELATIONS
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.loaders.files.manifest import Manifest, is_export, model_folder, read_manifest
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.storage.model_card import Card
from tastegraph.runtime.progress import Progress
from tastegraph.runtime.whole_folder import remove_folder, whole_folder

if TYPE_CHECKING:
    from tastegraph.graph.content import GraphContent
    from tastegraph.graph.frames import GraphFrames
    from tastegraph.graph.store.settings import Settings
    from tastegraph.models.data.dataset import Dataset
    from tastegraph.models.serving.everybody import Rank
    from tastegraph.models.serving.in_memory import HeldModel
    from tastegraph.models.storage.model_files import ModelFiles
    from tastegraph.models.storage.vector_rows import Table
    from tastegraph.models.training.place import Written

_ID = "id:"


def graph_in(settings: "Settings", **options: Any) -> Graph:
    """The graph that ``settings`` name: in a database, or in a folder of tables.

    options  of ``Graph``
    """
    is_tables = not settings.exists and is_export(settings.folder)
    return (FolderGraph if is_tables else Graph)(settings, **options)


@dataclass(frozen=True)
class _Tables:
    """The tables, and what the graph would hold after a load of them."""

    frames: "GraphFrames"
    content: "GraphContent"


class FolderGraph(Graph):
    """The graph in the tables of a folder, which are read once; the model each time.

    InputError for what needs a database.
    """

    _read_before: _Tables | None = None

    def open(self, create: bool = False, upgrade: bool = False) -> GraphStore:
        """InputError: there is no store."""
        place = self.settings.place
        raise InputError(
            f"{place} is a folder of tables, and this needs a database: 'tastegraph --store NEW "
            f"load {place}' makes one, NEW being a new folder or the address of a server"
        )

    def info(self, *, kinds: Collection[str] | None = None) -> pd.DataFrame:
        """What ``Graph.info`` says, counted in the tables."""
        content = self._tables().content
        rows: list[tuple[str, object]] = [
            *((kind.label, len(content.nodes[kind.label])) for kind in NODES),
            *((kind.type, len(content.relations[kind.type])) for kind in RELATIONS),
        ]
        rows = [row for row in rows if kinds is None or row[0] in kinds]
        card = self._card()
        rows.append(("model", card.id if card else None))
        return pd.DataFrame(rows, columns=COUNT_COLUMNS, dtype=object)

    def user(self, name: Name) -> Id:
        """The id of the user that ``name`` stands for; NotFoundError."""
        users = {str(id_): id_ for id_ in self._tables().content.nodes["User"]}
        for written in (str(name), str(name).removeprefix(_ID)):
            if written in users:
                return users[written]
        raise NotFoundError(f"there is no user {name} in {self.settings.place}")

    def _tag(self, name: Name) -> Id:
        """The tag of that id or name, without case and accents; of several the one given most."""
        tags = self._tables().content.nodes["Tag"]
        text = str(name)
        ways = (
            lambda id_, _: str(id_) in (text, text.removeprefix(_ID)),
            lambda _, tag: tag[0] == text,
            lambda _, tag: tag[1] == name_key(text),
        )
        for fits in ways:
            if found := [id_ for id_, tag in tags.items() if fits(id_, tag)]:
                return max(found, key=lambda id_: tags[id_][2])
        raise NotFoundError(f"there is no tag {text!r} in {self.settings.place}")

    def _tables(self) -> _Tables:
        from tastegraph.graph.content import GraphContent
        from tastegraph.loaders.ingest.target import target_content
        from tastegraph.loaders.source import read_source

        if self._read_before is None:
            frames = read_source(self.settings.folder, "tables", progress=self.progress)
            content = target_content(GraphContent(), frames, replace=True)
            self._read_before = _Tables(frames, content)
        return self._read_before

    def _card(self) -> Card | None:
        with suppress(ModelError):
            return self._model().described
        return None

    def _model(self) -> "ModelFiles":
        model = _FolderPlace(self).model()
        if model is None:
            raise ModelError(
                f"no model has been trained on the tables of {self.settings.place}: run "
                "'tastegraph train'"
            )
        return model

    def _held(self) -> "HeldModel":
        from tastegraph.models.serving.held_tables import held_tables

        tables = self._tables()
        return held_tables(tables.frames, tables.content, self._model())

    def _held_for(self, users: Names | None, *, options_in_database: bool) -> "HeldModel":
        return self._held()

    def _for_everybody(
        self, options: RecommendOptions, why: bool, held: "HeldModel | None", rank: "Rank"
    ) -> tuple[list[Id], pd.DataFrame]:
        assert held is not None
        users = list(held.data.users.ids)
        everybody = np.arange(len(users), dtype=np.intp)
        frame = rank(held.recommender, everybody, options, self.progress)
        return users, held.with_reasons(frame, options) if why else frame

    def _why_nothing_fits(self, options: RecommendOptions) -> str:
        return "no artist is left: the options, listens and hidden artists leave none"

    def _dataset(self, *, times: bool) -> "Dataset":
        from tastegraph.models.data.from_frames import dataset_from_frames

        return dataset_from_frames(self._tables().frames, times=times)

    def _place_of_training(self) -> "_FolderPlace":
        return _FolderPlace(self)


class _FolderPlace:
    """Where a training reads the tables, and puts its model beside them.

    A model is a folder of its own, which the manifest names as soon as it is whole; the one before
    goes then.
    """

    def __init__(self, graph: FolderGraph) -> None:
        self._graph = graph
        self._folder = graph.settings.folder
        self._notes: list[str] = []

    def model(self) -> "ModelFiles | None":
        """The model that is there; None without one. InputError where it can't be read."""
        from tastegraph.models.storage.model_files import ModelFiles

        while True:
            manifest = self._manifest()
            if not manifest.model:
                return None
            try:
                return ModelFiles.read(self._folder / manifest.model, manifest.model_files)
            except InputError:
                # Another model may have taken its place meanwhile.
                if self._manifest() == manifest:
                    raise

    def read(self, progress: Progress, *, times: bool) -> "tuple[str, Dataset]":
        """The mark of the data, and all of it."""
        tables = self._graph._tables()
        return fingerprint_of(tables.content), self._graph._dataset(times=times)

    def last_choice(self) -> tuple[str | None, str] | None:
        """What the last model's card says."""
        model = self.model()
        return (model.card.get("choice"), model.card["trainedAt"]) if model else None

    def write(
        self, known: "Sequence[Table]", card: dict[str, Any], keep_models: int, progress: Progress
    ) -> "Written":
        """Put the model beside the tables, in place of the last one, which is not kept."""
        from tastegraph.models.storage.model_files import ModelFiles
        from tastegraph.models.training.place import Written, timed

        _, seconds = timed(lambda: self._write(ModelFiles.trained(card, known)))
        return Written(seconds, 0.0, 0.0)

    def _write(self, model: "ModelFiles") -> None:
        name = model_folder(str(model.card["id"]))
        with whole_folder(self._folder / name) as partial:
            files = list(model.write(partial))
        before = self._manifest()
        mark = model.card["dataFingerprint"]
        now = replace(before, model=name, model_files=files, fingerprint=mark)
        try:
            now.write(self._folder)
        except BaseException:
            remove_folder(self._folder / name)
            raise
        if before.model:
            remove_folder(self._folder / before.model)
            self._notes.append("a folder holds one model: the one before is gone")

    def notes(self) -> list[str]:
        """That the model before is gone."""
        return self._notes

    def _manifest(self) -> Manifest:
        manifest = read_manifest(self._folder)
        if manifest is None:
            raise InputError(f"{self._folder} holds no export any more. Export again.")
        return manifest
