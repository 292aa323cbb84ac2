"""How much each signal of the hybrid score counts."""

from typing import NamedTuple


class SignalWeights(NamedTuple):
    """Weights of the signals, 0 or more each; the score is the weighted sum of the signals."""

    embedding: float = 1.0
    friends: float = 0.0
    tags: float = 0.0


SIGNALS = SignalWeights._fields

EMBEDDING_ALONE = SignalWeights()
