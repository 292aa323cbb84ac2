"""Recommendations for somebody who is not in the data.

Heavy rooms are imported by the methods that need them, so that a quick answer stays quick.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from tastegraph.api.connection import Connection, Name
from tastegraph.errors import InputError, NotFoundError
from tastegraph.graph.frames import Id
from tastegraph.graph.lookup import Found, find_artist, new_user_id
from tastegraph.graph.query_files import query
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.storage.model_card import consistent_read
from tastegraph.runtime.notes import Note

if TYPE_CHECKING:
    from tastegraph.models.serving.newcomers import Newcomer

_FOLD_IN = "fold-in"


class Newcomers(Connection):
    """Recommends to people by what they say of themselves."""

    def new_listener(
        self,
        *,
        like: Sequence[Name] = (),
        friend: Sequence[Name] = (),
        dislikes: Sequence[Name] = (),
        sheet: Path | str | None = None,
        spotify: Path | str | None = None,
        spotify_account: str | None = None,
        show: Note | None = None,
        method: str = _FOLD_IN,
        save: Name | None = None,
        k: int = 10,
        why: bool = True,
    ) -> pd.DataFrame:
        """Recommend artists to somebody who is not in the data.

        like             artists, by name or id
        friend           users, by id
        dislikes         artists to recommend less like, by name or id; they are not recommended
        sheet            a CSV name,Like in which 1 is liked, -1 disliked
        spotify          the JSON of Spotify's "get user's top items"
        spotify_account  short, medium or long: ask Spotify for an account's top artists
        show             gets the address at which to sign in; a note unless told
        method           fold-in, or neighbours: the mean of the five nearest users
        save             keep the newcomer in the graph as the user of this id
        k                artists to recommend
        why              say which parts make up each score

        Columns rank, artist, name, score and with ``why`` why. Names that are not in the graph
        are said with the nearest ones; NotFoundError where none of them is. InputError for an
        artist that is both liked and disliked, and where there is nothing to go by.
        """
        from tastegraph.loaders.readers.likes import Sheet, read_sheet, read_spotify
        from tastegraph.loaders.readers.spotify_account import read_account
        from tastegraph.models.serving.newcomers import Newcomer, save_newcomer

        id_ = new_user_id(self.store, str(save)) if save is not None else None
        friends = self._users(list(friend))
        marked = read_sheet(Path(sheet)) if sheet else Sheet([], [])
        names = marked.likes + (read_spotify(Path(spotify)) if spotify else [])
        # Last, so that nobody signs in before a file is refused.
        names += read_account(show or self.note, spotify_account) if spotify_account else []
        likes, less = self._likes_and_dislikes(like, names, dislikes, marked.dislikes)
        newcomer = Newcomer(list(likes), friends, list(less))
        frame = self._for_newcomer(newcomer, k, method, why)
        if not frame["score"].any():
            self.note("the model knows none of these: the most listened artists instead")
        if id_ is not None:
            save_newcomer(self.store, newcomer, id_, method)
            self.note(f"kept as user {id_}" + _hidden(less))
        return frame if why else frame.drop(columns="why")

    def write_sheet(self, file: Path | str, *, count: int = 250) -> None:
        """Write a sheet of the ``count`` most listened artists, to be marked."""
        from tastegraph.loaders.readers.likes import write_sheet

        rows = self.store.rows(query("top-artists").cypher, {"k": count})
        write_sheet(Path(file), [row["name"] for row in rows])
        self.note(f"{len(rows)} artists in {file}: write 1 in the column Like beside some of them")

    def marked_sheet(self, *, like: Sequence[Name] = (), dislikes: Sequence[Name] = ()) -> str:
        """The text of a sheet, as ``new_listener`` reads it, of artists by name or id.

        InputError for an artist that is in both.
        """
        from tastegraph.loaders.readers.likes import DISLIKED, LIKED, sheet_text

        likes, less = self._likes_and_dislikes(like, [], dislikes, [])
        return sheet_text(
            [(found.name, LIKED) for found in likes.values()]
            + [(found.name, DISLIKED) for found in less.values()]
        )

    def _for_newcomer(self, newcomer: "Newcomer", k: int, method: str, why: bool) -> pd.DataFrame:
        from tastegraph.models.serving.newcomers import recommend_newcomer
        from tastegraph.models.serving.newcomers_in_memory import (
            recommend_newcomer_in_memory,
            serves_newcomer,
        )

        held = self._held() if method == _FOLD_IN else None
        if held is not None and serves_newcomer(held, newcomer):
            options = RecommendOptions(k, held.card.weights)
            return recommend_newcomer_in_memory(held, newcomer, options, why)
        return consistent_read(
            self.store,
            lambda card: recommend_newcomer(
                self.store, newcomer, RecommendOptions(k, card.weights), method, why=why
            ),
        )

    def _likes_and_dislikes(
        self,
        like: Sequence[Name],
        liked_names: Sequence[str],
        dislikes: Sequence[Name],
        disliked_names: Sequence[str],
    ) -> tuple[dict[Id, Found], dict[Id, Found]]:
        """The artists that are in the graph, by id; says which are not.

        Those of arguments are ids or names, those from files names and nothing else.
        NotFoundError where there are none, InputError for one that is in both.
        """
        likes, unknown = self._named(like, liked_names)
        less, unknown_too = self._named(dislikes, disliked_names)
        missing = [*unknown, *unknown_too]
        if missing and not likes and not less:
            raise NotFoundError("; ".join(missing))
        self._say_all(missing)
        if both := [found.name for id_, found in likes.items() if id_ in less]:
            raise InputError(f"{both[0]!r} is both liked and disliked: leave one of the two out")
        return likes, less

    def _named(
        self, texts: Sequence[Name], names: Sequence[str]
    ) -> tuple[dict[Id, Found], list[str]]:
        """The artists that are in the graph, by id, and what to say of the others."""
        found: dict[Id, Found] = {}
        missing = []
        asked = [*((str(text), False) for text in texts), *((name, True) for name in names)]
        for name, is_name in dict.fromkeys(asked):
            try:
                artist = (
                    self._said(name, find_artist(self.store, name, is_name=True))
                    if is_name
                    else self._artist(name)
                )
                found[artist.id] = artist
            except NotFoundError as error:
                missing.append(str(error))
        return found, missing


def _hidden(dislikes: dict[Id, Found]) -> str:
    if not dislikes:
        return ""
    named = ", ".join(repr(found.name) for found in dislikes.values())
    return f", from whom {named} {'is' if len(dislikes) == 1 else 'are'} hidden"
