"""Names of the columns that rankings have."""

RANK = "rank"
SCORE = "score"
SIMILARITY = "similarity"
