"""Gradient descent on all observed entries of a matrix at once, in TensorFlow.

For a matrix X (M, N) and vectors U (M, d) and V (N, d) the loss is

    mean_observed (x_ua - U_u.V_a)^2 + l2 (mean_u |U_u|^2 + mean_a |V_a|^2)
      + gravity / (M N) sum_ua (U_u.V_a)^2

The last sum, over all pairs, is the sum of the entries of U'U * V'V, so that no M x N product is
ever formed.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.models.data.vectors import Matrix
from tastegraph.models.solver.tensorflow_quiet import tf

# From 32 columns on TensorFlow's product of a sparse and a dense matrix takes a slower path.
_NARROW = 31

PARTS = ("loss", "observed", "l2", "gravity", "test")


class Penalties(NamedTuple):
    """Weights of the two penalties in the loss; either may be 0."""

    l2: float
    gravity: float


class _State(NamedTuple):
    """What a step needs to know of the vectors that the step before left."""

    errors: Any
    user_gram: Any
    artist_gram: Any


class Descent:
    """Vectors under way: each step moves all of them along the gradient of the loss.

    users, artists  TensorFlow variables, shapes (M, d) and (N, d)
    """

    def __init__(
        self,
        learned: csr_array,
        held: csr_array,
        start: tuple[Matrix, Matrix],
        penalties: Penalties,
        optimizer: Any,
    ) -> None:
        """Begin at ``start``; ``held`` has the entries whose error is measured, and no more."""
        self.users, self.artists = (tf.Variable(vectors) for vectors in start)
        self._learned, self._held = _Entries(learned), _Entries(held)
        self._penalties = penalties
        self._optimizer = optimizer
        optimizer.build([self.users, self.artists])
        self._state = self._look()
        # One function an object: its variables are part of what is compiled.
        self._steps: Callable[..., Any] = tf.function(self._run, reduce_retracing=True)

    def run(self, steps: int) -> NDArray[np.float32]:
        """Take steps and give the PARTS of the loss after each, shape (steps, 5).

        l2 and gravity are weighted as in the loss; test, the mean squared error of what is held
        out, is NaN where nothing is.
        """
        self._state, parts = self._steps(tf.constant(steps), self._state)
        return np.asarray(parts)

    def gradients(self) -> tuple[Any, Any]:
        """Of the loss by the users' and the artists' vectors, shapes (M, d) and (N, d)."""
        return self._gradients(self._state)

    def _run(self, steps: Any, state: _State) -> tuple[_State, Any]:
        parts = tf.TensorArray(tf.float32, steps, element_shape=(len(PARTS),))

        def body(step: Any, state: _State, parts: Any) -> tuple[Any, _State, Any]:
            pairs = zip(self._gradients(state), (self.users, self.artists), strict=True)
            self._optimizer.apply_gradients(pairs)
            state = self._look()
            return step + 1, state, parts.write(step, self._parts(state))

        _, state, parts = tf.while_loop(
            lambda step, *_: step < steps, body, (0, state, parts), parallel_iterations=1
        )
        return state, parts.stack()

    def _look(self) -> _State:
        users, artists = self.users.value(), self.artists.value()
        return _State(
            self._learned.errors(users, artists),
            tf.matmul(users, users, transpose_a=True),
            tf.matmul(artists, artists, transpose_a=True),
        )

    def _gradients(self, state: _State) -> tuple[Any, Any]:
        weights = state.errors * (2.0 / self._learned.count)
        users, artists = self.users.value(), self.artists.value()
        by_users = self._learned.times(weights, artists) + self._pull(users, state.artist_gram)
        by_artists = self._learned.transposed_times(weights, users) + self._pull(
            artists, state.user_gram
        )
        return by_users, by_artists

    def _pull(self, vectors: Any, other_gram: Any) -> Any:
        """The gradient of both penalties by ``vectors``: one d x d matrix applied to them."""
        l2, gravity = self._penalties
        if not (l2 or gravity):
            return tf.zeros_like(vectors)
        size = vectors.shape[0]
        pairs = self.users.shape[0] * self.artists.shape[0]
        identity = tf.eye(vectors.shape[1])
        return tf.matmul(vectors, (2 * l2 / size) * identity + (2 * gravity / pairs) * other_gram)

    def _parts(self, state: _State) -> Any:
        users, artists = self.users.shape[0], self.artists.shape[0]
        observed = tf.reduce_mean(tf.square(state.errors))
        l2 = self._penalties.l2 * (
            tf.linalg.trace(state.user_gram) / users + tf.linalg.trace(state.artist_gram) / artists
        )
        gravity = (self._penalties.gravity / (users * artists)) * tf.reduce_sum(
            state.user_gram * state.artist_gram
        )
        errors = self._held.errors(self.users.value(), self.artists.value())
        test = tf.reduce_mean(tf.square(errors))
        return tf.stack([observed + l2 + gravity, observed, l2, gravity, test])


class _Entries:
    """The entries of a matrix, in TensorFlow."""

    def __init__(self, matrix: csr_array) -> None:
        entries = matrix.tocoo()
        self.count = matrix.nnz
        self._shape = matrix.shape
        places = np.stack([entries.row, entries.col], axis=1)
        self._rows, self._columns = (tf.constant(side, tf.int32) for side in places.T)
        self._places = tf.constant(places, tf.int64)
        self._values = tf.constant(entries.data, tf.float32)

    def errors(self, users: Any, artists: Any) -> Any:
        """U_u.V_a - x_ua of every entry, shape (count,)."""
        products = tf.gather(users, self._rows) * tf.gather(artists, self._columns)
        return tf.reduce_sum(products, axis=1) - self._values

    def times(self, weights: Any, artists: Any) -> Any:
        """The matrix with ``weights`` (count,) for entries, times ``artists`` (N, d)."""
        return self._product(weights, artists)

    def transposed_times(self, weights: Any, users: Any) -> Any:
        """The same transposed, times ``users`` (M, d)."""
        return self._product(weights, users, adjoint_a=True)

    def _product(self, weights: Any, vectors: Any, adjoint_a: bool = False) -> Any:
        matrix = tf.SparseTensor(self._places, weights, self._shape)
        blocks = np.array_split(np.arange(vectors.shape[1]), -(-vectors.shape[1] // _NARROW))
        products = [
            tf.sparse.sparse_dense_matmul(matrix, vectors[:, block[0] : block[-1] + 1], adjoint_a)
            for block in blocks
        ]
        return tf.concat(products, axis=1)
