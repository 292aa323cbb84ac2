"""Recommendations for users, and what is near.

Heavy rooms are imported by the methods that need them, so that a quick answer stays quick.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from tastegraph.api.connection import Connection, Name
from tastegraph.api.spreading import ranking_on
from tastegraph.errors import InputError, UsageError
from tastegraph.graph.frames import USER, Id
from tastegraph.graph.hidden_artists import hide, unhide
from tastegraph.graph.query_files import query
from tastegraph.models.ranking.group_scores import AGGREGATIONS
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.weights import SIGNALS, SignalWeights
from tastegraph.models.ranking.where_conditions import read_conditions
from tastegraph.models.storage.model_card import Card, consistent_read
from tastegraph.runtime.playlist_file import PLAYLISTS, write_playlist

if TYPE_CHECKING:
    from tastegraph.models.serving.everybody import Rank
    from tastegraph.models.serving.in_memory import HeldModel
    from tastegraph.spark.engine import Spark

# Users with too few artists left that are named one by one.
_NAMED = 5

Names = Name | Sequence[Name]

GROUPS = tuple(AGGREGATIONS)
"""How a group's scores come from those of its members."""


class Recommending(Connection):
    """Recommends artists and says why."""

    def recommend(
        self,
        users: Names | None = None,
        *,
        k: int = 10,
        why: bool = False,
        tag: Sequence[Name] = (),
        exclude_tag: Sequence[Name] = (),
        where: Sequence[str] = (),
        include_known: bool = False,
        novelty: float = 0.0,
        diversity: float = 0.0,
        signals: Sequence[str] = (),
        weights: Mapping[str, float] | None = None,
        exact: bool = False,
        group: str | None = None,
        engine: "Spark | None" = None,
    ) -> pd.DataFrame:
        """Recommend artists that ``users``, one id or several, do not listen to yet.

        users          None: every user of the graph
        k              artists a user: fewer only where fewer are left, and then it says so
        why            say which parts make up each score
        tag            only artists with all of these tags, by name or id
        exclude_tag    no artists with one of these
        where          conditions such as "listeners>=5"
        include_known  also what the user listens to already
        novelty        0 to 1: scores are divided by the artist's listeners to this power
        diversity      0 to 1: how much it counts that the artists differ from each other
        signals        score by these alone, of embedding, friends, tags
        weights        weigh the signals by hand; one that is not named counts 0
        exact          score every artist, not candidates alone
        group          mean, least-misery or most-pleasure: one list for all of ``users`` together,
                       by this of their scores; none of them listens to what is in it
        engine         a Spark cluster that ranks for every user; the rows are the same

        Columns user, rank, artist, name, score, embedding, friends, tags (parts that add up to
        the score) and with ``why`` why, a list of ``Part``. Of a group: rank, artist, name, score,
        members (user, score, embedding, friends, tags of each) and why, each part with its user.
        NotFoundError for a user or tag that is not there, ModelError where nothing has been
        trained.
        """
        _check_signals(signals, weights)
        if group is not None:
            _require_group(group, users)
        if engine is not None and users is not None:
            raise UsageError("--engine spark ranks for every user: give --all, and no USER_ID.")

        def answer(card: Card) -> tuple[list[Id], pd.DataFrame, str | None]:
            options = RecommendOptions(
                k,
                _weights(card, signals, weights),
                include_known,
                novelty=novelty,
                diversity=diversity,
            )
            options = self._filtered(options, tag, exclude_tag, where)
            self._say_if_stale(card, held)
            if users is None:
                found, frame = self._for_everybody(options, why, held, rank)
            else:
                found = self._users(users)
                frame = (
                    self._for_group(found, options, why, group, held)
                    if group
                    else self._for_some(found, options, why, exact, held)
                )
            nothing = self._why_nothing_fits(options) if frame.empty else None
            return found, frame, nothing

        with ranking_on(engine) as rank:
            held = self._held_for(users, options_in_database=exact or bool(where))
            asked, frame, nothing = (
                answer(held.card) if held else consistent_read(self.store, answer)
            )
        self._say_who_gets_less(frame, asked, k)
        if nothing:
            self.note(nothing)
        return frame

    def why_not(
        self,
        users: Names,
        artist: Name,
        *,
        k: int = 10,
        tag: Sequence[Name] = (),
        exclude_tag: Sequence[Name] = (),
        where: Sequence[str] = (),
        include_known: bool = False,
        novelty: float = 0.0,
        signals: Sequence[str] = (),
        weights: Mapping[str, float] | None = None,
    ) -> pd.DataFrame:
        """Where ``artist`` stands in the whole ranking of each of ``users``, what holds it back.

        Options and columns as of ``recommend``; why has the smallest parts first. Where the
        options, a listen or hiding leave the artist out, a note says which, and the row gives
        its place without them.
        """
        from tastegraph.models.serving.why_not import why_not

        _check_signals(signals, weights)
        held = None if where else self._held()

        def answer(card: Card) -> pd.DataFrame:
            options = RecommendOptions(
                k, _weights(card, signals, weights), include_known, novelty=novelty
            )
            options = self._filtered(options, tag, exclude_tag, where)
            self._say_if_stale(card, held)
            found = self._artist(artist)
            frames = []
            for user in self._users(users):
                ranker = self._ranker([user], options, held)
                frame, notes = why_not(self.store, user, found.id, options, ranker)
                frames.append(frame)
                self._say_all(notes)
            return pd.concat(frames, ignore_index=True)

        return answer(held.card) if held else consistent_read(self.store, answer)

    def write_playlist(
        self, recommended: pd.DataFrame, file: Path | str, *, title: str | None = None
    ) -> Path:
        """Write what ``recommend`` or ``new_listener`` gave as XSPF, JSPF or M3U, as the suffix
        of ``file`` says.

        recommended  one list with reasons: of one user, or of a group
        title        of the playlist; for whom it is, unless told

        An artist an entry: creator is the name, annotation the reasons in words, info the address
        of the artist where the graph has one. InputError for several lists, and for a file that
        can't be written.
        """
        from tastegraph.models.serving.playlist import playlist_entries, playlist_title

        output = Path(file)
        if output.suffix.lower() not in PLAYLISTS:
            raise InputError(f"{output} is no playlist that I write: use {', '.join(PLAYLISTS)}")
        entries = playlist_entries(self.store, recommended)
        write_playlist(title or playlist_title(recommended), entries, output)
        self.note(f"{output} has {len(entries):,} artists")
        return output

    def hide(self, user: Name, artists: Sequence[Name] = ()) -> pd.DataFrame:
        """Never recommend ``artists`` to ``user`` again; gives all that the user has hidden."""
        id_ = self.user(user)
        for artist in [self._artist(name) for name in artists]:
            if not hide(self.store, id_, artist.id):
                self.note(f"{artist.name!r} was hidden from user {id_} before")
        asked = query("hidden-artists")
        rows = self.store.rows(asked.cypher, {"userId": id_})
        if not rows:
            self.note(f"user {id_} has hidden no artist")
        return pd.DataFrame(rows, columns=asked.columns)

    def unhide(self, user: Name, artists: Sequence[Name]) -> None:
        """Let ``artists`` be recommended to ``user`` again."""
        id_ = self.user(user)
        for artist in [self._artist(name) for name in artists]:
            was_hidden = unhide(self.store, id_, artist.id)
            now = "can be recommended again to" if was_hidden else "was not hidden from"
            self.note(f"{artist.name!r} {now} user {id_}")

    def similar_artists(self, name: Name, *, k: int = 10, measure: str = "cosine") -> pd.DataFrame:
        """The artists nearest to the artist ``name``.

        measure  cosine or dot: of the model's vectors; tags: cosine of the tags that people give,
                 each weighing ln(1 + count) * idf, which needs no model

        Columns rank, artist, name, similarity, shared (tags that both carry). ModelError where
        the model has no vector of the artist; where no other artist has a tag of it there are no
        rows, and a note says so. UsageError for another measure.
        """
        from tastegraph.models.serving.similar import MEASURES

        if measure not in MEASURES:
            raise UsageError(f"{measure!r} is no measure: choose among {', '.join(MEASURES)}.")
        id_ = self._artist(name).id
        frame = self._neighbours("Artist", id_).similar_artists(id_, k, measure)
        if frame.empty:
            self.note(f"no other artist has a tag of artist {id_}: none is near by tags")
        return frame

    def similar_users(self, user: Name, *, k: int = 10) -> pd.DataFrame:
        """The users whose taste is nearest to that of ``user``, by cosine.

        Columns rank, user, similarity, shared (artists that both listen to). ModelError where the
        model has no vector of the user.
        """
        id_ = self.user(user)
        return self._neighbours("User", id_).similar_users(id_, k)

    def _filtered(
        self,
        options: RecommendOptions,
        tag: Sequence[Name],
        exclude_tag: Sequence[Name],
        where: Sequence[str],
    ) -> RecommendOptions:
        """``options`` with filters as a person writes them."""
        return replace(
            options,
            with_tags=[self._tag(name) for name in tag],
            without_tags=[self._tag(name) for name in exclude_tag],
            where=read_conditions(self.store, where) if where else (),
        )

    def _held_for(self, users: Names | None, *, options_in_database: bool) -> "HeldModel | None":
        """The model in memory, where it answers for ``users`` rather than the database."""
        return None if users is None or options_in_database else self._held()

    def _for_everybody(
        self, options: RecommendOptions, why: bool, held: "HeldModel | None", rank: "Rank"
    ) -> tuple[list[Id], pd.DataFrame]:
        from tastegraph.models.serving.everybody import recommend_everybody

        return recommend_everybody(self.store, options, why=why, progress=self.progress, rank=rank)

    def _why_nothing_fits(self, options: RecommendOptions) -> str:
        from tastegraph.models.serving.why_nothing_fits import why_nothing_fits

        return why_nothing_fits(self.store, options)

    def _for_some(
        self,
        users: Sequence[Id],
        options: RecommendOptions,
        why: bool,
        exact: bool,
        held: "HeldModel | None",
    ) -> pd.DataFrame:
        from tastegraph.models.serving.one_user_in_database import recommend_one

        frames: list[pd.DataFrame] = []
        for user in users:
            ranker = self._ranker([user], options, held)
            if not ranker.knows(user):
                self.note(
                    f"the model knows nothing of user {user} (no listens and no friends when it "
                    "was trained): the most listened artists instead"
                )
            if held is not None and ranker is held:
                frame = held.recommend([user], options, why=False)
            else:
                frame = recommend_one(self.store, user, options, exact)
            frames.append(ranker.with_reasons(frame, options) if why else frame)
        return pd.concat([frame for frame in frames if len(frame)] or frames, ignore_index=True)

    def _for_group(
        self,
        users: Sequence[Id],
        options: RecommendOptions,
        why: bool,
        group: str,
        held: "HeldModel | None",
    ) -> pd.DataFrame:
        from tastegraph.models.serving.group import recommend_group

        ranker = self._ranker(users, options, held)
        strangers = [user for user in users if not ranker.knows(user)]
        instead = (
            "the others choose alone"
            if len(strangers) < len(users)
            else "the most listened artists instead"
        )
        for user in strangers:
            self.note(
                f"the model knows nothing of user {user} (no listens and no friends when it was "
                f"trained): {instead}"
            )
        return recommend_group(
            self.store, users, options, group, ranker, why=why, progress=self.progress
        )

    def _say_who_gets_less(self, frame: pd.DataFrame, users: Sequence[Id], k: int) -> None:
        if USER not in frame:
            if len(frame) < k:
                together = ", ".join(map(str, users))
                self.note(
                    f"only {len(frame):,} artists are left to recommend to {together} together"
                )
            return
        found = Counter(frame[USER].tolist())
        short = [user for user in users if found[user] < k]
        for user in short[:_NAMED]:
            left = found[user]
            self.note(f"only {left} artists are left to recommend to user {user}")
        if short[_NAMED:]:
            self.note(f"{len(short) - _NAMED:,} more users have fewer than {k} artists left")


def _check_signals(signals: Sequence[str], by_hand: Mapping[str, float] | None) -> None:
    """UsageError for both, or for what is no signal."""
    if signals and by_hand:
        raise UsageError("--signals and --weights both say what counts: give one of them.")
    if unknown := [name for name in (*signals, *(by_hand or ())) if name not in SIGNALS]:
        raise UsageError(f"{unknown[0]!r} is no signal: choose among {', '.join(SIGNALS)}.")


def _require_group(aggregation: str, users: Names | None) -> None:
    """UsageError for what is no aggregation, and for a group of everybody."""
    if aggregation not in GROUPS:
        raise UsageError(
            f"{aggregation!r} is no way to make one list for several people: choose among "
            f"{', '.join(GROUPS)}."
        )
    if users is None:
        raise UsageError("--group makes one list for USER_IDs, not for --all.")


def _weights(
    card: Card, signals: Sequence[str], by_hand: Mapping[str, float] | None
) -> SignalWeights:
    """Weights ``by_hand``, or else the model's of ``signals``, of all where none is named.

    A signal that is named and counts nothing in the model counts all by itself.
    """
    nothing = SignalWeights(0.0)
    if by_hand:
        return nothing._replace(**by_hand)
    if not signals:
        return card.weights
    chosen = {signal: getattr(card.weights, signal) for signal in signals}
    return nothing._replace(**(chosen if any(chosen.values()) else dict.fromkeys(signals, 1.0)))
