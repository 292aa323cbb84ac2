"""Which tags are given most, to whom, and together with which others."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.analysis.source import Snapshot
from tastegraph.graph.frames import ARTIST, NAME, TAG, USER
from tastegraph.models.data.dataset import Dataset

ASSIGNMENTS = "assignments"
ARTISTS = "artists"
TAGS = "tags"
UNTAGGED = "no tag"


def tag_totals(snapshot: Snapshot) -> pd.DataFrame:
    """Columns tag, name, assignments, artists (that carry it); one row a tag, by id."""
    counts = snapshot.data.tag_counts
    size = counts.shape[1]
    return pd.DataFrame(
        {
            TAG: list(snapshot.data.tags.ids),
            NAME: snapshot.tag_names,
            ASSIGNMENTS: np.bincount(counts.indices, counts.data, minlength=size).astype(np.int64),
            ARTISTS: np.bincount(counts.indices, minlength=size),
        }
    )


def main_tags(data: Dataset, most: int = 3) -> pd.DataFrame:
    """Columns artist, rank, tag, count: each artist's ``most`` most given tags.

    By artist and rank; ties go to the smaller tag id. Each count is the artist's own relation to
    the tag, so whatever order the rows come in, nobody gets another's tags.
    """
    counts = data.tag_counts.tocoo()
    rows = pd.DataFrame({"row": counts.row, "column": counts.col, "count": counts.data})
    rows = rows.sort_values(["row", "count", "column"], ascending=[True, False, True])
    rows["rank"] = rows.groupby("row").cumcount() + 1
    rows = rows[rows["rank"] <= most]
    return pd.DataFrame(
        {
            ARTIST: np.asarray(data.artists.ids)[rows["row"]],
            "rank": rows["rank"].to_numpy(),
            TAG: np.asarray(data.tags.ids)[rows["column"]],
            "count": rows["count"].to_numpy(dtype=np.int64),
        }
    )


def main_tag_names(snapshot: Snapshot) -> NDArray[np.object_]:
    """The name of each artist row's most given tag, UNTAGGED where it has none."""
    main = main_tags(snapshot.data, 1)
    names: NDArray[np.object_] = np.full(len(snapshot.data.artists), UNTAGGED, dtype=object)
    rows = snapshot.data.artists.rows(main[ARTIST])
    names[rows] = snapshot.tag_names[snapshot.data.tags.rows(main[TAG])]
    return names


def leading_tags(snapshot: Snapshot, rows: NDArray[np.intp], most: int) -> NDArray[np.object_]:
    """For each artist of ``rows`` the one given most of the ``most`` tags that are the main one of
    most of them; empty where it has none of these. Ties go to the smaller id.
    """
    data = snapshot.data
    main = main_tags(data, 1)
    own = main[np.isin(data.artists.rows(main[ARTIST]), rows)]
    times = np.bincount(data.tags.rows(own[TAG]), minlength=len(data.tags))
    leading = np.lexsort((np.arange(len(times)), -times))[:most]
    leading = np.sort(leading[times[leading] > 0])
    found: NDArray[np.object_] = np.full(len(rows), "", dtype=object)
    if len(leading):
        counts = csr_array(csr_array(data.tag_counts)[rows][:, leading]).toarray()
        has = counts.any(axis=1)
        found[has] = snapshot.tag_names[leading[counts[has].argmax(axis=1)]]
    return found


def tags_a_user(snapshot: Snapshot) -> pd.DataFrame:
    """Columns user, tags (distinct), assignments; one row a user, by id, 0 for who gave none."""
    given = snapshot.taggings.groupby(USER)[TAG].agg(["nunique", "size"])
    given = given.reindex(list(snapshot.data.users.ids), fill_value=0)
    return pd.DataFrame(
        {
            USER: list(snapshot.data.users.ids),
            TAGS: given["nunique"].to_numpy(),
            ASSIGNMENTS: given["size"].to_numpy(),
        }
    )


def co_occurrence(snapshot: Snapshot, most: int = 20) -> pd.DataFrame:
    """A square of the ``most`` tags that most artists carry, names as index and columns.

    The share of the row tag's artists that carry the column's tag too; NaN on the diagonal.
    """
    counts = snapshot.data.tag_counts
    carried = np.bincount(counts.indices, minlength=counts.shape[1])
    chosen = np.lexsort((np.arange(len(carried)), -carried))[:most]
    chosen = chosen[carried[chosen] > 0]
    carries = csr_array((np.ones(counts.nnz), counts.indices, counts.indptr), shape=counts.shape)
    carries = csr_array(carries[:, chosen])
    both = (carries.T @ carries).toarray()
    shares = both / np.diag(both)[:, None]
    np.fill_diagonal(shares, np.nan)
    names = snapshot.tag_names[chosen]
    return pd.DataFrame(shares, index=names, columns=names)
