"""From counted plays to valid frames: what all histories share."""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from tastegraph.errors import InputError
from tastegraph.graph.frames import (
    ARTIST,
    DATE,
    FRIEND,
    NAME,
    PICTURE_URL,
    PLAYS,
    RAW_NAME,
    TAG,
    URL,
    USER,
    GraphFrames,
)
from tastegraph.loaders.files.limits import MOST_LETTERS_OF_ID
from tastegraph.loaders.files.spelling import bare
from tastegraph.loaders.files.table import Table
from tastegraph.loaders.transforms.artists_by_name import by_name
from tastegraph.loaders.transforms.known import Known
from tastegraph.loaders.transforms.validation import Parsed, build


@dataclass
class History:
    """What people played, counted: ``plays`` by user and artist's name.

    ``rows`` is how many plays were read, ``dropped`` how many of them do not count, by reason.
    """

    plays: dict[tuple[str, str], int] = field(default_factory=dict)
    rows: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, user: str, artist: str, count: int = 1) -> None:
        """Count ``count`` more plays."""
        key = (user, artist)
        self.plays[key] = self.plays.get(key, 0) + count

    def drop(self, reason: str, count: int = 1) -> None:
        """Count plays that do not count."""
        self.dropped[reason] = self.dropped.get(reason, 0) + count

    def frames(self, path: Path, known: Known) -> GraphFrames:
        """The valid frames of this history; its artists are known by name alone.

        InputError where there are no plays at all, or a name has too many letters.
        """
        if not self.rows:
            raise InputError(f"{path} holds no plays, so there is nothing to load from it")
        listens = self._listens(path)
        names = listens.frame[[ARTIST]].drop_duplicates()
        artists = names.assign(
            **{NAME: names[ARTIST], RAW_NAME: None, URL: None, PICTURE_URL: None}
        )
        artists_table, (listens,) = by_name(
            Table(path, artists.astype(object)), [listens], known, may_be_ids=False
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
        return build(parsed, [*self.notes, *artists_table.notes], known)

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
        return Table(path, frame, folded=folded, dropped=self.dropped)


def _empty(path: Path, *columns: str) -> Table:
    return Table(path, pd.DataFrame(columns=list(columns), dtype=object))


def with_user(history: History, user: str | None, otherwise: str) -> str:
    """Whose plays they are: ``user``, or what the source says, with a note."""
    if user is not None:
        return user
    history.notes.append(f"these are the plays of {otherwise!r}; --user NAME calls them otherwise")
    return otherwise
