"""From the graph to a model in it: training, tuning, versions.

Heavy rooms are imported by the methods that need them, so that a quick answer stays quick.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from tastegraph.api.splitting import (
    RANDOM,
    SHARE,
    TIME,
    Splitting,
    check_split,
    require_both,
)
from tastegraph.api.spreading import training_on
from tastegraph.errors import InputError, UsageError
from tastegraph.models.algorithms.factory import DEFAULT, create
from tastegraph.models.ranking.weights import SignalWeights
from tastegraph.models.storage.model_card import is_stale, read_card
from tastegraph.models.storage.versions import KEPT, list_models, remove_model, use_model
from tastegraph.models.training.choosing.request import QUICK, TrainingRequest

if TYPE_CHECKING:
    from tastegraph.models.data.dataset import Dataset
    from tastegraph.models.evaluation.split import Split
    from tastegraph.models.training.place import Place
    from tastegraph.spark.engine import Spark

TRIALS = 20
"""Trials of ``tune`` unless told."""


class TrainingMethods(Splitting):
    """Learns models and keeps their versions."""

    history: pd.DataFrame | None = None
    """The last training of this connection by epoch, each part of its loss; None where the
    algorithm keeps none."""

    def train(
        self,
        *,
        algorithm: str = DEFAULT,
        dimensions: int | None = None,
        epochs: int | None = None,
        half_life: float | None = None,
        seed: int = 0,
        settings: Mapping[str, object] | None = None,
        weights: Mapping[str, float] | None = None,
        keep: int = KEPT,
        tune: str = QUICK,
        minutes: float | None = None,
        anew: bool = False,
        need_history: bool = False,
        engine: "Spark | None" = None,
    ) -> pd.DataFrame:
        """Learn vectors from listens, friendships and tags, and write them into the graph.

        algorithm     which model; 'tastegraph train --help' lists them
        dimensions    length of a vector
        epochs        how often the data is gone through
        half_life     days after which a listen weighs half, by when it was last heard; listens
                      without a time weigh as new ones
        settings      any other setting of the algorithm
        weights       of the signals embedding, friends, tags
        keep          versions to keep for ``use_model``, this one included
        tune          quick, thorough or off: how many settings to try on a slice of the listens.
                      What is given is kept; the rest is chosen, and used again by later trainings
                      while the data is much the same
        minutes       try no further settings after this time
        anew          choose settings though those of the last model serve
        need_history  InputError for an algorithm that leaves no ``history``
        engine        a Spark cluster that solves the rows of als and collective-als; the vectors
                      are those of one machine

        Columns metric, value. ModelError where there is nothing to learn from, NotFoundError for
        an algorithm or setting that is not there, InputError for a value that is none, and for a
        half-life where no listen has a time.
        """
        from tastegraph.models.training.train import train_chosen

        if engine is not None:
            algorithm = self._spread(algorithm)
        chosen = {name: str(value) for name, value in (settings or {}).items()}
        named = {"dimensions": dimensions, "epochs": epochs, "half_life": half_life}
        chosen |= {name: str(value) for name, value in named.items() if value is not None}
        model = create(algorithm, chosen)
        if need_history and not model.has_history:
            raise InputError(
                f"{model.name} keeps no history of its training: --plot and --history are for "
                "mf, keras-dot and bpr"
            )
        by_hand = SignalWeights(0.0)._replace(**weights) if weights else None
        request = TrainingRequest(algorithm, chosen, by_hand, tune, minutes, anew)
        with training_on(engine):
            done = train_chosen(
                self._place_of_training(), request, seed, self.progress, self.note, keep_models=keep
            )
        self._say_all(done.notes)
        self.history = done.history
        return done.frame

    def _spread(self, algorithm: str) -> str:
        """What a cluster learns where ``algorithm`` is asked for."""
        from tastegraph.spark.algorithms import spread_algorithm

        chosen, why = spread_algorithm(algorithm)
        if why:
            self.note(why)
        return chosen

    def _place_of_training(self) -> "Place":
        """Where a training reads and writes."""
        from tastegraph.models.training.place import GraphPlace

        return GraphPlace(self.open(upgrade=True))

    def update(self) -> pd.DataFrame:
        """Fold in the users and artists whose listens, tags or friends have changed.

        Columns kind, changed, updated. ModelError where the model can't fold in.
        """
        from tastegraph.models.serving.update import update

        done = update(self.store, self.progress)
        self._say_all(done.notes)
        return done.frame

    def tune(
        self,
        *,
        algorithm: str = DEFAULT,
        trials: int | None = None,
        minutes: float | None = None,
        objective: str = "ndcg",
        novelty_weight: float = 0.1,
        k: int = 10,
        slices: int = 2,
        ranges: Mapping[str, str] | None = None,
        train: Path | str | None = None,
        test: Path | str | None = None,
        holdout: float | None = None,
        split: str = RANDOM,
        seed: int = 0,
        restart: bool = False,
    ) -> pd.DataFrame:
        """Search good settings of a model on slices of the listens.

        split    what slices hold out: random, or time, each user's latest listens of ever earlier
                 days; half-lives are among what is searched then
        holdout  keep out of sight what ``evaluate`` holds out of the graph with the same holdout,
                 split and seed

        Columns trial, value, state, parameters, the best first. What a test is to measure must
        not be in the graph's listens: give ``holdout``, or ``train`` and ``test``, if it is.
        """
        from tastegraph.models.training.tune import Objective, Tuning, chosen_space

        require_both(train, test)
        check_split(split)
        if train is not None and holdout is not None:
            raise UsageError("--holdout draws a split; --train and --test are one already.")
        space = chosen_space(algorithm, ranges or {}, by_time=split == TIME)
        times = split == TIME or "half_life" in space
        data = self._dataset(times=times)
        if given := self._split_by_files(data, train, test):
            data = given.data
        if holdout is not None:
            data = _slices(data, holdout, split, 1, seed)[0].data
        divided = _slices(data, SHARE, split, slices, seed)
        if len(divided) < slices:
            self.note(f"there are listens of different times enough for {len(divided)} slices")
        search = Tuning(algorithm, space, divided, Objective(objective, k, novelty_weight), seed)
        if restart:
            search.forget()
        elif search.earlier:
            self.note(f"goes on from {search.earlier} trials of an earlier run (or --restart)")
        return search.run(trials if trials or minutes else TRIALS, minutes, self.progress)

    def model_card(self) -> pd.DataFrame:
        """The model in use: columns what, value; ModelError where there is none.

        what is model, algorithm, dimensions, trained_at, stale (whether the graph has changed
        since), weights (of the signals), seed, parameters, training_loss, metrics, versions.
        """
        held = self._held()
        card = held.card if held else read_card(self.store)
        values: dict[str, object] = {
            "model": card.id,
            "algorithm": card.algorithm,
            "dimensions": card.dimensions,
            "trained_at": card.trained_at,
            "stale": held.is_stale if held else is_stale(self.store, card),
            "weights": card.weights._asdict(),
            "seed": card.seed,
            "parameters": card.parameters,
            "training_loss": card.training_loss,
            "metrics": card.metrics,
            "versions": card.versions,
        }
        return pd.DataFrame(list(values.items()), columns=["what", "value"], dtype=object)

    def list_models(self) -> pd.DataFrame:
        """The versions that are kept, the last trained first.

        Columns place, model, algorithm, dimensions, seed, trained_at, current.
        """
        kept = list_models(self.store)
        if kept.empty:
            self.note("no model is kept: 'tastegraph train' keeps each that it learns")
        return kept

    def use_model(self, model: str | int) -> str:
        """Go back to a version, named by id or place in ``list_models``; gives its id.

        NotFoundError for one that is not kept.
        """
        used, notes = use_model(self.store, str(model), self.progress)
        self.note(f"{used} is in use")
        self._say_all(notes)
        self._say_if_stale(read_card(self.store))
        return used

    def remove_model(self, model: str | int) -> str:
        """Remove a version, which must not be the one in use; gives its id."""
        removed = remove_model(self.store, str(model))
        self.note(f"{removed} is removed")
        return removed


def _slices(data: "Dataset", share: float, split: str, count: int, seed: int) -> "list[Split]":
    """``count`` splits of ``data`` that each hold out ``share``; fewer by time, if need be."""
    from tastegraph.models.evaluation.split import split_at_random
    from tastegraph.models.evaluation.split_by_time import slices_by_time

    if split == TIME:
        return slices_by_time(data, share, count)
    return [split_at_random(data, share, seed + at) for at in range(count)]
