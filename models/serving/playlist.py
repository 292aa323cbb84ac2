"""Recommendations as a playlist: an artist an entry, with the reasons as its annotation."""

import pandas as pd

from tastegraph.errors import InputError
from tastegraph.graph.frames import ARTIST, NAME, USER
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.explain.parts import WHY, Why
from tastegraph.models.serving.group import MEMBERS, GroupWhy
from tastegraph.runtime.playlist_file import Entry

_URLS = "MATCH (a:Artist) WHERE a.id IN $artists AND a.url IS NOT NULL RETURN a.id, a.url"

# Of who is not known to the model, no score has parts.
_NO_REASONS = "one of the most listened artists"


def playlist_entries(store: GraphStore, recommended: pd.DataFrame) -> list[Entry]:
    """Entries for ``recommended``, one list with reasons; InputError for anything else."""
    if WHY not in recommended:
        raise InputError("a playlist says why each artist is in it: recommend with why=True")
    if USER in recommended and recommended[USER].nunique() > 1:
        raise InputError(
            "a playlist is one list, and these are several people's: take the rows of one of "
            "them, or recommend to all together with --group"
        )
    urls = dict(store.values(_URLS, {"artists": recommended[ARTIST].tolist()}))
    return [
        Entry(name, _sentences(why), urls.get(artist))
        for artist, name, why in zip(
            recommended[ARTIST], recommended[NAME], recommended[WHY], strict=True
        )
    ]


def playlist_title(recommended: pd.DataFrame) -> str:
    """For whom ``recommended`` is."""
    if recommended.empty or not {USER, MEMBERS} & set(recommended):
        return "Recommended artists"
    first = recommended.iloc[0]
    people = [each.user for each in first[MEMBERS]] if MEMBERS in first else [first[USER]]
    return f"Recommended to {', '.join(map(str, people))}"


def _sentences(why: Why | GroupWhy) -> list[str]:
    if not why:
        return [_NO_REASONS]
    return why.lines if isinstance(why, GroupWhy) else [str(why)]
