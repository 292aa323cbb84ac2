"""From counted plays to valid frames: what all histories share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from tastegraph.errors import InputError
from tastegraph.graph.frames import (
    ARTIST,
    DATE,
    FIRST_HEARD,
    FRIEND,
    LAST_HEARD,
    NAME,
    PICTURE_URL,
    PLAYS,
    RAW_NAME,
    TAG,
    URL,
    USER,
    GraphFrames,
    OwnProperty,
)
from tastegraph.loaders.files.limits import MOST_LETTERS_OF_ID
from tastegraph.loaders.files.spelling import bare
from tastegraph.loaders.files.table import Table
from tastegraph.loaders.files.times import seconds_of
from tastegraph.loaders.transforms.artists_by_name import by_name
from tastegraph.loaders.transforms.known import MUSICBRAINZ_ID, Known
from tastegraph.loaders.transforms.validation import Parsed, build


@dataclass
class History:
    """What people played, counted: ``plays`` by user and artist's name.

    ``rows`` is how many plays were read, ``dropped`` how many of them do not count, by reason.
    ``times`` says when something was played, as it is written, and whether that may be the first
    time. ``musicbrainz`` has the MusicBrainz ids that a name goes with.
    """

    plays: dict[tuple[str, str], int] = field(default_factory=dict)
    times: list[tuple[tuple[str, str], str, bool]] = field(default_factory=list)
    musicbrainz: dict[str, set[str]] = field(default_factory=dict)
    rows: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(
        self,
        user: str,
        artist: str,
        count: int = 1,
        *,
        times: Iterable[object] = (),
        last: object = None,
    ) -> None:
        """Count ``count`` more plays.

        The first and the last of them are among ``times``; ``last`` is that of the last alone.
        """
        key = (user, artist)
        self.plays[key] = self.plays.get(key, 0) + count
        self.times += [(key, str(time), True) for time in times if time]
        if last:
            self.times.append((key, str(last), False))

    def drop(self, reason: str, count: int = 1) -> None:
        """Count plays that do not count."""
        self.dropped[reason] = self.dropped.get(reason, 0) + count

    def frames(self, path: Path, known: Known) -> GraphFrames:
        """The valid frames of this history; its artists are known by name alone.

        InputError where there are no plays at all, or a name has too many letters.
        """
        if not self.rows:
            raise InputError(f"{path} holds no plays, so there is nothing to load from it")
        played = listens = self._listens(path)
        names = listens.frame[[ARTIST]].drop_duplicates()
        artists = names.assign(
            **{NAME: names[ARTIST], RAW_NAME: None, URL: None, PICTURE_URL: None}
        )
        sure = {
            bare(name): next(iter(ids)) for name, ids in self.musicbrainz.items() if len(ids) == 1
        }
        artists_table, (listens,) = by_name(
            Table(path, artists.astype(object)),
            [listens],
            known,
            may_be_ids=False,
            musicbrainz=sure,
        )
        parsed = Parsed(
            users=Table(path, listens.frame[[USER]]),
            artists=artists_table,
            tags=_empty(path, TAG, NAME),
            listens=listens,
            friendships=_empty(path, USER, FRIEND),
            taggings=_empty(path, USER, ARTIST, TAG, DATE),
            named=False,
        )
        frames = build(parsed, [*self.notes, *listens.notes, *artists_table.notes], known)
        ids = dict(zip(played.frame[ARTIST], listens.frame[ARTIST], strict=True))
        mbids = {ids[name]: mbid for name, mbid in sure.items() if name in ids}
        return replace(frames, properties=_musicbrainz_ids(frames, mbids, known))

    def _listens(self, path: Path) -> Table:
        counted: dict[tuple[str, str], int] = {}
        for (user, artist), plays in self.plays.items():
            key = bare(user), bare(artist)
            counted[key] = counted.get(key, 0) + plays
        for key in counted:
            if long := next((name for name in key if len(name) > MOST_LETTERS_OF_ID), None):
                raise InputError(
                    f"{path.name}: {long[:40]}... has {len(long):,} letters, more than the "
                    f"{MOST_LETTERS_OF_ID:,} that a name may have here. Correct it and load again."
                )
        rows = [(user, artist, plays) for (user, artist), plays in sorted(counted.items())]
        frame = pd.DataFrame(rows, columns=[USER, ARTIST, PLAYS])
        frame = frame.astype({USER: object, ARTIST: object, PLAYS: "int64"})
        again = self.rows - sum(self.dropped.values()) - len(frame)
        folded = {"plays of the same user and artist, counted": again} if again > 0 else {}
        times, unread = self._heard(path)
        if len(times):
            frame = frame.join(times, on=[USER, ARTIST])
        return Table(path, frame, folded=folded, dropped=self.dropped, notes=unread)

    def _heard(self, path: Path) -> tuple[pd.DataFrame, list[str]]:
        """First and last time of each user and artist in seconds, and a note on what is none."""
        seconds = seconds_of([time for _, time, _ in self.times])
        keys = [(bare(user), bare(artist)) for (user, artist), _, _ in self.times]
        may_be_first = np.array([first for _, _, first in self.times], dtype=bool)
        heard = pd.DataFrame(keys, columns=[USER, ARTIST]).assign(
            first_heard=np.where(may_be_first, seconds, np.nan), last_heard=seconds
        )
        unknown = int(np.isnan(seconds).sum())
        notes = (
            [f"{path.name}: {unknown:,} plays are at no time that can have been: left without one"]
            if unknown
            else []
        )
        between = heard.groupby([USER, ARTIST]).agg({FIRST_HEARD: "min", LAST_HEARD: "max"})
        return between, notes


def _musicbrainz_ids(
    frames: GraphFrames, mbids: Mapping[str, str], known: Known
) -> list[OwnProperty]:
    """The properties of artists that the graph does not know by their MusicBrainz id yet."""
    told = {*known.musicbrainz, *map(str, known.musicbrainz.values())}
    return [
        OwnProperty("Artist", id_, MUSICBRAINZ_ID, mbids[str(id_)])
        for id_ in frames.artists[ARTIST].tolist()
        if str(id_) in mbids and not {str(id_), mbids[str(id_)]} & told
    ]


def _empty(path: Path, *columns: str) -> Table:
    return Table(path, pd.DataFrame(columns=list(columns), dtype=object))


def with_user(history: History, user: str | None, otherwise: str) -> str:
    """Whose plays they are: ``user``, or what the source says, with a note."""
    if user is not None:
        return user
    history.notes.append(f"these are the plays of {otherwise!r}; --user NAME calls them otherwise")
    return otherwise
