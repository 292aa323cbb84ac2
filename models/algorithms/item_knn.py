"""``item-knn``: artists near to what a user listens to, by who listens to both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from tastegraph.models.algorithms.base import Model
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.scalings import ListenConfig
from tastegraph.models.data.search_space import Range
from tastegraph.models.data.settings import setting
from tastegraph.models.data.vectors import Matrix
from tastegraph.runtime.progress import Progress

# Artists whose neighbours are found at once: their products with all artists are in memory.
BLOCK = 2_048


@dataclass(frozen=True)
class ItemKnnConfig(ListenConfig):
    """What makes artists neighbours; the defaults were chosen on slices of train."""

    search: ClassVar[Mapping[str, Range]] = {
        "neighbours": Range(20, 2_000, log=True),
        "shrinkage": Range(0.0, 50.0),
    }

    neighbours: int = setting(800, least=1)
    """k: how many artists an artist is near to."""
    shrinkage: float = setting(3.0, least=0)
    """Added to the cosine's denominator, so that few common listeners make no neighbour."""


class ItemKnn(Model[ItemKnnConfig]):
    """Scores an artist by its similarity to the artists a user listens to.

    s_ij = x_i.x_j / (|x_i| |x_j| + shrinkage), x_i the listens to artist i; of the s_ij of an
    artist j only the k largest count, equal ones by id. A user's score for j is the sum of
    s_ij over what the user listens to, times what the listen weighs (Sarwar et al. 2001;
    shrinkage as in Ferrari Dacrema et al. 2019).
    """

    name: ClassVar[str] = "item-knn"

    def __init__(self, config: ItemKnnConfig | None = None) -> None:
        super().__init__(config or ItemKnnConfig())
        self._listens: csr_array | None = None
        self._similar: csr_array | None = None

    def _fit(self, data: Dataset, seed: int, progress: Progress) -> None:
        """Find each artist's neighbours."""
        listens = self.config.values(data)
        artists = listens.shape[1]
        blocks = []
        with progress(self.name, artists) as advance:
            for start in range(0, artists, BLOCK):
                columns = np.arange(start, min(start + BLOCK, artists))
                blocks.append(self._neighbours(listens, columns))
                advance(len(columns))
        self._listens = listens.astype(np.float32)
        self._similar = csr_array(hstack(blocks, format="csr"))

    def _score(self, users: NDArray[np.intp]) -> Matrix:
        """Sums of similarities, shape (len(users), artists)."""
        assert self._listens is not None
        assert self._similar is not None
        scores: Matrix = (self._listens[users] @ self._similar).toarray()
        return scores

    def _neighbours(self, listens: csr_array, columns: NDArray[np.intp]) -> csr_array:
        """s_ij for the artists j of ``columns``, the k largest each: (artists, columns)."""
        norms = np.sqrt(listens.multiply(listens).sum(axis=0))
        common = csr_array(listens[:, columns].T @ listens).tocoo()
        apart = columns[common.row] != common.col
        column, artist, product = (part[apart] for part in (common.row, common.col, common.data))
        scale = norms[columns[column]] * norms[artist] + self.config.shrinkage
        similarity = np.divide(product, scale, out=np.zeros_like(product), where=scale > 0)
        order = np.lexsort((artist, -similarity, column))
        column, artist, similarity = (part[order] for part in (column, artist, similarity))
        starts = np.searchsorted(column, np.arange(len(columns)))
        kept = np.arange(len(column)) - starts[column] < self.config.neighbours
        entries = (similarity[kept].astype(np.float32), (artist[kept], column[kept]))
        return csr_array(entries, shape=(listens.shape[1], len(columns)))
