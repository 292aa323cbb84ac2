"""Figures that others report: the two reference studies', and on the public split."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reported:
    """NDCG@10 on the public split, and where it comes from."""

    model: str
    ndcg: float
    source: str


PUBLIC_SPLIT = (
    Reported("SocialLGN", 0.2566, "its paper, on this split"),
    Reported("Neo4j GDS nodeSimilarity (users, cosine, top 50)", 0.2175, "GDS 2.13, on this split"),
    Reported("Neo4j GDS FastRP 256 + kNN", 0.205, "GDS 2.13, on this split"),
)
"""Not computed here. Figures from other splits (RecBole-GNN's, QRec's) never stand beside these."""
