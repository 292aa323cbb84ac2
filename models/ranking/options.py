"""What may be recommended, and how the score is made."""

from collections.abc import Sequence
from dataclasses import dataclass

from tastegraph.graph.frames import Id
from tastegraph.models.ranking.weights import EMBEDDING_ALONE, SignalWeights
from tastegraph.models.ranking.where_conditions import Condition, as_ranges


@dataclass(frozen=True)
class RecommendOptions:
    """What may be recommended, and how the score is made.

    k            artists a user
    weights      of the signals embedding, friends, tags
    known        also what the user listens to already
    with_tags    ids of tags that an artist must all have
    without_tags ids of tags that an artist must not have
    novelty      0 to 1; scores are divided by the artist's listeners to this power
    where        conditions on an artist's properties, which it must all fulfil
    diversity    0 to 1; how much it counts that artists differ (models.ranking.diversity)
    hidden       also what the user has hidden
    """

    k: int = 10
    weights: SignalWeights = EMBEDDING_ALONE
    known: bool = False
    with_tags: Sequence[Id] = ()
    without_tags: Sequence[Id] = ()
    novelty: float = 0.0
    where: Sequence[Condition] = ()
    diversity: float = 0.0
    hidden: bool = False

    def as_parameters(self, user: Id) -> dict[str, object]:
        """Parameters of the queries recommend, recommend-fast, popular and reasons for ``user``."""
        return {
            "userId": user,
            "k": self.k,
            "weights": list(self.weights),
            "known": self.known,
            "withHidden": self.hidden,
            "withTags": list(self.with_tags),
            "withoutTags": list(self.without_tags),
            "novelty": self.novelty,
            "where": [condition.as_parameter() for condition in self.where],
            **(as_ranges(self.where) or {}),
        }
