"""``tags``: artists whose tags are those of what a user listens to."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tastegraph.models.algorithms.base import Model
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.scalings import ListenConfig
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.ranking.tag_profiles import ArtistTags, TagTaste
from tastegraph.runtime.progress import Progress


@dataclass(frozen=True)
class TagsConfig(ListenConfig):
    """What a listen weighs in a user's tag profile; by default the score is the tags signal."""


class Tags(Model[TagsConfig]):
    """Scores an artist by the cosine of the user's tag profile and the artist's tags."""

    name: ClassVar[str] = "tags"

    def __init__(self, config: TagsConfig | None = None) -> None:
        super().__init__(config or TagsConfig())
        self._taste: TagTaste | None = None

    def _fit(self, data: Dataset, seed: int, progress: Progress) -> None:
        """Keep the listens and tags; profiles are made when they are first asked for."""
        self._taste = TagTaste(self.config.values(data), ArtistTags(data.tag_counts))

    def _score(self, users: NDArray[np.intp]) -> Matrix:
        """Cosines of tags, shape (len(users), artists)."""
        assert self._taste is not None
        return self._taste.cosines(users)
