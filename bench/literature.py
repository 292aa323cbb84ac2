"""NDCG@10 that others report on the public split, none of it computed here.

Figures from other splits (RecBole-GNN's, QRec's) never stand beside these.
"""

REPORTED = {
    "SocialLGN (its paper)": 0.2566,
    "Neo4j GDS 2.13 nodeSimilarity (users, cosine, top 50)": 0.2175,
    "Neo4j GDS 2.13 FastRP 256 + kNN": 0.205,
}
