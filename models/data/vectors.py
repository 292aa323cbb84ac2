"""What a model learns: one vector a user, one an artist, one a tag."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Vectors:
    """A user's score for an artist is the dot product of their vectors.

    users    (users, d)
    artists  (artists, d)
    tags     (tags, d), or None where the model has none; a row of zeros for a tag that was
             too rare to be learned
    """

    users: Matrix
    artists: Matrix
    tags: Matrix | None = None

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.artists.shape[1])
