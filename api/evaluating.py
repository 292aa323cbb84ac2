"""How good models are: on held-out listens, for newcomers, by knob, by tag overlap.

Heavy rooms are imported by the methods that need them, so that a quick answer stays quick.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from tastegraph.api.connection import Name
from tastegraph.api.splitting import (
    RANDOM,
    SHARE,
    TIME,
    Splitting,
    check_split,
    require_both,
)
from tastegraph.api.spreading import evaluating_on
from tastegraph.errors import InputError, ModelError, NotFoundError, UsageError
from tastegraph.models.algorithms.factory import DEFAULT
from tastegraph.models.storage.model_card import Card, consistent_read, read_card

if TYPE_CHECKING:
    from tastegraph.models.evaluation.result_cache import ResultCache
    from tastegraph.models.evaluation.split import Split
    from tastegraph.spark.engine import Spark

COMPARED = "popularity,als,collective"
"""Models that are compared unless told."""

KNOBS_OF = "hybrid"
"""Model whose knobs are turned unless told."""


class Evaluating(Splitting):
    """Measures models without a look at what they should not see."""

    def evaluate(
        self,
        models: str | Sequence[str] = COMPARED,
        *,
        train: Path | str | None = None,
        test: Path | str | None = None,
        holdout: float | None = None,
        split: str = RANDOM,
        seed: int = 0,
        seeds: Sequence[int] = (),
        k: int | Sequence[int] = 10,
        correlation: bool = False,
        bands: bool = False,
        engine: "Spark | None" = None,
    ) -> pd.DataFrame:
        """Compare models on listens that they have not seen.

        models       names, each may carry settings: "collective:dimensions=128"
        train, test  files with the columns userID, artistID and (train) weight; without them
                     the share ``holdout`` of the graph's listens is held out
        split        random, or time: each user's latest listens are held out
        seeds        several seeds instead of one: means, and their spread
        k            list lengths
        correlation  also the rank correlation of scores with popularity and listeners
        bands        instead, what goes to head, middle and tail of the artists
        engine       a Spark cluster that ranks, and learns als and collective-als; the figures are
                     the same

        Columns model, users, k, precision, recall, ndcg, map, mrr, coverage, novelty,
        diversity, ci_low, ci_high, p_value, seeds, ndcg_sd, fit_seconds.
        """
        from tastegraph.models.evaluation.bands import band_table
        from tastegraph.models.evaluation.compare import compare, table
        from tastegraph.models.evaluation.model_spec import look_at_times, model_specs

        specs = model_specs(models)
        ks = [k] if isinstance(k, int) else list(k)
        times = look_at_times(specs)
        with evaluating_on(engine, self.note) as rank_by, self._cached() as cache:
            split_for = self._splits(train, test, holdout, split, times=times)
            runs = compare(
                specs,
                split_for,
                list(seeds) or [seed],
                k=max(ks),
                cache=cache,
                correlate=correlation,
                progress=self.progress,
                rank_by=rank_by,
            )
            notes = (note for run in runs for made in run.by_model.values() for note in made.notes)
            for note in dict.fromkeys(notes):
                self.note(note)
            return band_table(runs, ks) if bands else table(runs, ks)

    def evaluate_cold_start(
        self,
        models: str | Sequence[str] = DEFAULT,
        *,
        seed: int = 0,
        k: int | Sequence[int] = 10,
    ) -> pd.DataFrame:
        """How newcomers are served who are known by 0, 1, 3, 5 and 10 listens.

        Columns model, listens, method, users, k, ndcg, ci_low, ci_high.
        """
        from tastegraph.models.evaluation.cold_start import cold_start_table
        from tastegraph.models.evaluation.model_spec import look_at_times, model_specs

        specs = model_specs(models)
        ks = [k] if isinstance(k, int) else list(k)
        times = look_at_times(specs)
        data = self._dataset(times=times)
        with self._cached() as cache:
            return cold_start_table(specs, data, seed, ks, cache=cache, progress=self.progress)

    def evaluate_knobs(
        self,
        models: str | Sequence[str] | None = None,
        *,
        train: Path | str | None = None,
        test: Path | str | None = None,
        holdout: float | None = None,
        split: str = RANDOM,
        seed: int = 0,
        seeds: Sequence[int] = (),
        k: int = 10,
        save: bool = False,
    ) -> pd.DataFrame:
        """What novelty, diversity and the weights of friends and tags cost and win.

        models  hybrid unless told
        save    measure the graph's own model instead, its settings learned from the training
                listens and its weights as they are, and keep the curves with it

        Columns model, knob, value, k, ndcg, precision, novelty, coverage, diversity. ModelError
        to save without a model, or where another takes over meanwhile.
        """
        from tastegraph.models.evaluation.knobs import knob_table
        from tastegraph.models.evaluation.model_spec import look_at_times, model_specs, spec_of

        if save and models is not None:
            raise UsageError("--save measures the graph's own model: leave --models out.")
        card = read_card(self.store) if save else None
        specs = [spec_of(card)] if card else model_specs(models or KNOBS_OF)
        split_for = self._splits(train, test, holdout, split, times=look_at_times(specs))
        with self._cached() as cache:
            curves = knob_table(
                specs,
                split_for,
                list(seeds) or [seed],
                k=k,
                cache=cache,
                weights=card.weights if card else None,
                progress=self.progress,
            )
        if card:
            self._keep_curves(card, curves)
        return curves

    def knob_curves(self) -> pd.DataFrame:
        """The curves that ``evaluate_knobs`` has kept with the graph's model, columns as there.

        NotFoundError where it has kept none.
        """
        from tastegraph.models.storage.knob_curves import read_knob_curves

        found = read_knob_curves(self.store)
        if found is None:
            raise NotFoundError(
                "nobody has measured what the knobs of the graph's model cost: "
                "'tastegraph evaluate --knobs --save' does"
            )
        return found

    def _keep_curves(self, card: Card, curves: pd.DataFrame) -> None:
        from tastegraph.models.storage.knob_curves import save_knob_curves
        from tastegraph.models.storage.switch import ModelChangedError

        try:
            save_knob_curves(self.store, card.id, curves)
        except ModelChangedError as error:
            raise ModelError(
                f"another model has taken the place of {card.id}, which was measured, so nothing "
                "was kept: run the same again"
            ) from error
        self.note(f"kept with the model {card.id}: 'tastegraph serve' shows them at its sliders")

    def tag_precision(
        self,
        *,
        artist: Name | None = None,
        user: Name | None = None,
        k: int = 10,
        min_listeners: int = 3,
        most: int = 500,
    ) -> pd.DataFrame:
        """Precision with tag overlap as relevance, lenient and strict, beside chance.

        artist         the artist's neighbours
        user           the user's recommendations
        min_listeners  listeners that a neighbour needs
        most           without artist and user: means over so many of the most heard artists, and
                       over all users who have assigned a tag

        Columns subject, k, precision, strict, random, random_strict, popular, popular_strict,
        shared.
        """
        from tastegraph.models.evaluation.tag_precision import Comparison, TagPrecision

        if artist is not None and user is not None:
            raise UsageError("Give one of --artist and a user.")
        found = self._artist(artist) if artist is not None else None
        id_ = self.user(user) if user is not None else None

        def measure(card: Card) -> Comparison:
            self._say_if_stale(card)
            measured = TagPrecision.of(self.store, card, self.progress)
            if found is not None:
                return measured.artist(found.id, k, min_listeners)
            if id_ is not None:
                return measured.user(id_, k)
            return measured.everybody(k, min_listeners, most)

        compared = consistent_read(self.store, measure)
        self._say_all(compared.notes)
        return compared.frame

    def _splits(
        self,
        train: Path | str | None,
        test: Path | str | None,
        share: float | None,
        split: str,
        *,
        times: bool,
    ) -> "Callable[[int], Split]":
        """How the split of a seed is made; says what each drops, the same thing once.

        ``times``: its training part says when each listen was.
        """
        from tastegraph.models.evaluation.split import split_at_random
        from tastegraph.models.evaluation.split_by_time import split_by_time

        require_both(train, test)
        check_split(split)
        if train is not None and (share is not None or split != RANDOM):
            drawing = "--holdout" if share is not None else "--split"
            raise UsageError(f"{drawing} draws a split; --train and --test are one already.")
        times = times or split == TIME
        data = self._dataset(times=times)
        if not len(data.artists):
            raise InputError(
                "there are no artists in the graph: 'tastegraph load PATH' puts the data there "
                "that models learn from"
            )
        if given := self._split_by_files(data, train, test):
            return lambda _seed: given

        if split == TIME:
            by_time = split_by_time(data, share or SHARE)
            self._say_all(by_time.notes)
            return lambda _seed: by_time

        def drawn(seed: int) -> "Split":
            drawn_split = split_at_random(data, share or SHARE, seed)
            for note in drawn_split.notes:
                self.note(f"seed {seed}: {note}")
            return drawn_split

        return drawn

    def _cached(self) -> "ResultCache":
        from tastegraph.models.evaluation.result_cache import ResultCache

        owner = f"{self.settings.identity} {Path.cwd()}"
        return ResultCache(owner=owner, note=self.note)
