// Compares two people: how alike their taste is, and how far what they play overlaps.
//
// The similarity is the cosine of their vectors, null where the model has none. Artists that both
// play count in jaccard beside all that one or the other plays (Jaccard index), in overlap beside
// the fewer that one of them plays (overlap coefficient).
//
// userId   one user's id
// otherId  the other user's id

MATCH (u:User {id: 2 /* $userId */})
MATCH (v:User {id: 50 /* $otherId */})
// Databases give cosines on different scales: measure the scale, then undo it.
WITH u, v, 2 / (1.0 - vector.similarity.cosine([1.0], [-1.0])) AS scale
WITH u, v, CASE WHEN u.norm > 0 AND v.norm > 0
                THEN 1 - scale * (1 - vector.similarity.cosine(u.embedding, v.embedding))
           END AS similarity,
     COUNT { (u)-[:LISTENED]->() } AS artists, COUNT { (v)-[:LISTENED]->() } AS other_artists
CALL (u, v) {
  MATCH (u)-[:LISTENED]->(a:Artist)<-[:LISTENED]-(v)
  RETURN count(a) AS shared_artists
}
RETURN u.id AS user, v.id AS other, similarity, artists, other_artists, shared_artists,
       CASE WHEN artists + other_artists > 0
            THEN 1.0 * shared_artists / (artists + other_artists - shared_artists) END AS jaccard,
       CASE WHEN artists > 0 AND other_artists > 0
            THEN 1.0 * shared_artists
                 / (CASE WHEN artists < other_artists THEN artists ELSE other_artists END)
       END AS overlap
