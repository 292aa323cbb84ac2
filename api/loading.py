"""Into the graph: loading, and what is there.

Heavy rooms are imported by the methods that need them, so that a quick answer stays quick.
"""

import dataclasses
import shlex
from collections.abc import Collection, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from tastegraph.api.mapped import MappedGraphs, refuse_options, require_fitting
from tastegraph.api.spreading import read_on
from tastegraph.errors import (
    InputError,
    NotFoundError,
    SchemaVersionError,
    StoreError,
    StoreUnreachableError,
)
from tastegraph.graph.counts import counts
from tastegraph.graph.fingerprint import fingerprint
from tastegraph.graph.frames import USER, GraphFrames, Id
from tastegraph.graph.health import OK, PROBLEM, Finding, check_store
from tastegraph.graph.schema_version import make_indexes, schema_version
from tastegraph.runtime.progress import Progress
from tastegraph.runtime.progress_bar import progress_bar
from tastegraph.runtime.whole_folder import require_empty

if TYPE_CHECKING:
    from tastegraph.loaders.transforms.known import Known
    from tastegraph.models.storage.model_files import ModelFiles
    from tastegraph.spark.engine import Spark

LOAD_COLUMNS = ["kind", "read", "loaded", "dropped", "reason"]
# Histories of so many people are folded in by the load itself.
_FOLDED_IN = 20

COUNT_COLUMNS = ["kind", "count"]
FINDING_COLUMNS = ["check", "status", "detail"]


def generate(
    out: Path | str,
    *,
    users: int = 300,
    artists: int = 800,
    seed: int = 42,
    format: str = "hetrec",
    progress: Progress = progress_bar,
) -> GraphFrames:
    """Write synthetic data to the new folder ``out``, as HetRec files or CSV tables.

    Taste clusters, popularity as uneven as that of real artists, friends of like taste, tags that
    describe the clusters. The same numbers and seed give the same data; the time is that of what
    is made. InputError for a folder that holds something.
    """
    from tastegraph.loaders.synthetic.generate import generate as invent
    from tastegraph.loaders.write_files import write_hetrec, write_tables

    require_empty(Path(out))
    frames = invent(users, artists, seed, progress)
    {"hetrec": write_hetrec, "tables": write_tables}[format](frames, Path(out), progress)
    return frames


def _refuse_nothing(frames: GraphFrames) -> None:
    """Raise InputError where a source has listens of which none can be loaded."""
    for row in frames.report:
        if row.kind == "listens" and row.read and not row.loaded:
            raise InputError(
                f"none of the {row.read:,} listens can be loaded ({row.reason}), so nothing was: "
                "see that the files belong together"
            )


def _model_beside(source: Path, format_: str) -> "tuple[ModelFiles, str] | None":
    """The model in the folder of an export, and the mark of its data; None without one."""
    from tastegraph.loaders.files.manifest import read_manifest

    manifest = read_manifest(source) if format_ in ("auto", "tables") else None
    if manifest is None or not manifest.model:
        return None
    from tastegraph.models.storage.model_files import ModelFiles

    model = ModelFiles.read(source / manifest.model, manifest.model_files)
    return model, manifest.fingerprint


class Loading(MappedGraphs):
    """Puts data into the graph and says what is there."""

    def load(
        self,
        source: Path | str | GraphFrames,
        *,
        format: str = "auto",
        listens: Path | str | None = None,
        without: Path | str | None = None,
        link_collaborations: bool = False,
        prune_tags: tuple[int, int] | None = None,
        columns: Mapping[str, str] | None = None,
        user: str | None = None,
        matches: Path | str | None = None,
        min_play_seconds: float = 30.0,
        delimiter: str | None = None,
        encoding: str | None = None,
        on_conflict: str = "replace",
        replace_user: bool = False,
        dry_run: bool = False,
        replace: bool = False,
        mapping: Path | str | None = None,
        source_database: str | None = None,
        engine: "Spark | None" = None,
    ) -> pd.DataFrame:
        """Put users, artists, tags, listens and friendships into the graph; safe to repeat.

        source               a HetRec 2011 Last.fm folder, a folder of tables, a file of listens, a
                             history (docs/data.md), frames that are valid already, or with a
                             ``mapping`` the address of somebody else's graph (bolt://...)
        format               what it is, one of loaders.source.FORMATS; recognised unless told
        listens              take the listens from this file instead
        without              leave out the (user, artist) pairs of this file, their tags included
        link_collaborations  link artists such as "A feat. B" to the artists that they are
        prune_tags           only tags that so many users gave, to so many artists
        columns              what a table calls user, artist, plays and time
        user                 whose history it is, or whom of several to take
        matches              a file of which artists names stand for: read where it is there, then
                             written with what was found
        min_play_seconds     a play of Spotify's counts from here on
        delimiter, encoding  of a table; found unless told
        on_conflict          plays of a user and artist that are in the graph already: replace, or
                             add, which sums them
        replace_user         the source's users listen to nothing but what it says
        dry_run              only report; the graph stays as it is
        replace              remove from the graph what is not in the source
        mapping              a file that says what is what in somebody else's graph, which is only
                             read (docs/own-graph.md)
        source_database      the database of that graph, if not its server's default
        engine               Spark reads ``source``, a folder of Parquet tables or an address of one
                             that it knows, and adds up its listens

        What the source says nothing of stays as it is: other users and artists, names,
        addresses, tags. One row a kind, columns kind, read, loaded, dropped, reason. The store's
        folder is made when absent. InputError for data that can't be used, StoreError where the
        store fails.
        """
        from tastegraph.loaders.readers.matches import read_matches, write_matches
        from tastegraph.loaders.source import ReadOptions, read_source
        from tastegraph.loaders.transforms.collaborations import link_collaborations as linked
        from tastegraph.loaders.transforms.prune_tags import prune_tags as pruned

        if engine is None or isinstance(source, GraphFrames):
            require_fitting(source, mapping, source_database)
        known = self._known(replace, dry_run)
        if matches is not None and Path(matches).exists():
            known = dataclasses.replace(known, decided=read_matches(Path(matches)))
        options = ReadOptions(columns or {}, user, min_play_seconds, delimiter, encoding)
        left_out = None if without is None else Path(without)
        if engine is not None:
            frames = read_on(
                engine,
                source,
                known,
                beside=mapping or source_database or listens,
                format=format,
                without=left_out,
                options=options,
                progress=self.progress,
            )
        elif isinstance(source, GraphFrames):
            frames = source
        elif mapping is not None:
            refuse_options(format, listens, without, options)
            frames = self._read_mapped(str(source), mapping, source_database, known)
        else:
            frames = read_source(
                Path(source),
                format,
                listens=None if listens is None else Path(listens),
                without=left_out,
                progress=self.progress,
                known=known,
                options=options,
            )
        _refuse_nothing(frames)
        alone = engine is not None or isinstance(source, GraphFrames)
        model = None if alone else _model_beside(Path(str(source)), format)
        if matches is not None and frames.matches is not None:
            write_matches(Path(matches), frames.matches)
            self.note(
                f"{matches} says which artist each name was taken for: correct it, load again"
            )
        if prune_tags:
            frames = pruned(frames, *prune_tags)
        if link_collaborations:
            frames = linked(frames)
        self._say_all(frames.notes)
        if dry_run:
            self.note("a dry run: the graph was not touched")
        else:
            self._ingest(frames, replace, on_conflict == "add", replace_user)
            if model:
                self._put_model(*model)
        return pd.DataFrame([asdict(row) for row in frames.report], columns=LOAD_COLUMNS)

    def _ingest(self, frames: GraphFrames, replace: bool, add: bool, replace_user: bool) -> None:
        from tastegraph.loaders.ingest.ingest import ingest
        from tastegraph.models.serving.one_user_in_database import plan_recommending

        store = self.open(create=True, upgrade=True)
        few = [] if frames.named or len(frames.users) > _FOLDED_IN else frames.users[USER].tolist()
        if few and (card := self._card()):
            plan_recommending(store, few[0], card.weights)
        changes = ingest(
            store,
            frames,
            replace,
            self.progress,
            add=add,
            replace_users=replace_user,
        )
        self._say_all(changes.notes)
        self.note(
            f"{changes.added:,} nodes and relationships added, {changes.changed:,} changed, "
            f"{changes.removed:,} removed in {self.settings.place}"
        )
        if few:
            self._fold_in(few)

    def _put_model(self, model: "ModelFiles", mark: str) -> None:
        """Take over the model of an export, where the graph is as it was there and has none."""
        own, named = self._card(), model.card["id"]
        if own is not None and own.id == named:
            return
        if own is not None:
            self.note(f"the graph has the model {own.id}, so that {named} was left out")
        elif fingerprint(self.store) != mark or not model.fits(self.store):
            self.note(
                f"the graph holds other data than the export, so that its model {named} was left "
                "out: 'tastegraph train' learns anew"
            )
        else:
            model.put_into(self.store, self.progress)
            self.note(f"the model {named} of the export is in use: 'tastegraph recommend' answers")

    def _fold_in(self, users: list[Id]) -> None:
        """Give people whose history has come their vectors, where there is a model."""
        if self._card() is None:
            return
        from tastegraph.models.serving.fold_in_users import fold_in_users

        for user in fold_in_users(self.store, users):
            self.note(
                f"the model knows user {user} now: 'tastegraph recommend "
                f"{shlex.quote(str(user))}' answers. 'tastegraph update' folds in all that is new"
            )

    def _known(self, replace: bool, dry_run: bool) -> "Known":
        """What the graph knows that a source may speak of; nothing where it is to be replaced."""
        from tastegraph.loaders.transforms.known import NOTHING, known_in

        if replace or not self.settings.exists:
            return NOTHING
        try:
            return known_in(self.open(upgrade=not dry_run))
        except StoreUnreachableError:
            if not dry_run:
                raise
            self.note("the graph can't be reached: this report knows nothing of what it holds")
            return NOTHING

    def demo_data(self, source: Path | str | None = None, *, replace: bool = False) -> GraphFrames:
        """What ``demo`` loads: ``source``, or synthetic data.

        InputError where the store holds other data, unless ``replace`` is to remove them.
        """
        from tastegraph.loaders.ingest.other_data import holds_other_data
        from tastegraph.loaders.source import read_source
        from tastegraph.loaders.synthetic.generate import generate as invent

        path = None if source is None else Path(source)
        frames = (
            invent(progress=self.progress)
            if path is None
            else read_source(path, progress=self.progress)
        )
        if not replace and holds_other_data(self.open(create=True, upgrade=True), frames):
            raise InputError(
                f"{self.settings.place} holds other data, which the demo leaves alone: give "
                "--store a new folder, or --replace to remove that data"
            )
        return frames

    def info(self, *, kinds: Collection[str] | None = None) -> pd.DataFrame:
        """Numbers of nodes and relationships, and the model in use: columns kind, count.

        kinds  count these labels and relationship types alone, such as User and LISTENED
        """
        self._say_if_half_loaded()
        rows: list[tuple[str, object]] = list(counts(self.store, kinds).items())
        card = self._card()
        rows.append(("model", card.id if card else None))
        return pd.DataFrame(rows, columns=COUNT_COLUMNS, dtype=object)

    def migrate(self) -> pd.DataFrame:
        """Bring a graph that an earlier version of Tastegraph has made up to date.

        Nothing is lost: data, model and kept versions are the same. Constraints and indexes that
        are missing are made, whatever the version. Columns kind, count: the version of the schema.
        SchemaVersionError for a graph of a newer version.
        """
        store = self.open(upgrade=True)
        make_indexes(store, self.progress)
        rows = [("schema", schema_version(store))]
        return pd.DataFrame(rows, columns=COUNT_COLUMNS, dtype=object)

    def doctor(self) -> pd.DataFrame:
        """Whether the store, the data and the model are as they should be.

        Columns check, status (ok or problem), detail, which says what mends a problem.
        """
        from tastegraph.models.serving.model_health import check_model

        try:
            place, *rest = check_store(self.store)
            reached = Finding("reachable", OK, "it answers")
            findings = [place, reached, *rest, *check_model(self.store)]
        except (StoreError, NotFoundError) as error:
            check = "schema" if isinstance(error, SchemaVersionError) else "reachable"
            findings = [
                Finding("store", OK, self.settings.place),
                Finding(check, PROBLEM, str(error)),
            ]
        return pd.DataFrame([asdict(found) for found in findings], columns=FINDING_COLUMNS)
