// Says why artists would be recommended to a user: every part of their scores, largest first.
//
// The parts of an artist add up to its score in recommend: one for the embedding, one for each
// friend who listens to it, one for each tag that it shares with what the user listens to.
//
// userId     the user's id
// artistIds  the artists' ids
// weights    weights of embedding, friends and tags; null for the model's own
// novelty    0 to 1: every part is divided by the artist's listeners to this power
:param userId => 2;
:param artistIds => [289, 89];
:param weights => null;
:param novelty => 0;

MATCH (m:Model)
MATCH (u:User {id: $userId})
WITH u, coalesce($weights, m.weights) AS weights,
     2 / (1.0 - vector.similarity.cosine([1.0], [-1.0])) AS scale
UNWIND $artistIds AS artistId
MATCH (a:Artist {id: artistId})
WITH u, weights, scale, a,
     (CASE WHEN a.listeners > 1 THEN 1.0 * a.listeners ELSE 1.0 END) ^ (-1.0 * $novelty) AS discount
CALL (u, weights, scale, a) {
  WITH u, weights, scale, a WHERE u.norm > 0 AND a.norm > 0
  RETURN 'embedding' AS kind, null AS id, null AS name,
         weights[0] * u.norm * a.norm
           * (1 - scale * (1 - vector.similarity.cosine(u.embedding, a.embedding))) AS value
UNION ALL
  MATCH (u)-[:FRIEND]-(v:User) WHERE u.norm > 0 AND v.norm > 0
  WITH weights, a, v, 1 - scale * (1 - vector.similarity.cosine(u.embedding, v.embedding)) AS near
  WHERE near > 0
  WITH weights, a, collect([v, near]) AS similar, sum(near) AS total
  UNWIND similar AS pair
  WITH weights, a, pair[0] AS v, pair[1] / total AS share
  WHERE EXISTS { (v)-[:LISTENED]->(a) }
  RETURN 'friend' AS kind, v.id AS id, null AS name, weights[1] * share AS value
UNION ALL
  MATCH (u)-[:LISTENED]->(:Artist)-[h:HAS_TAG]->(t:Tag)
  WITH weights, a, t, sum(h.count * t.idf) AS weight
  WITH weights, a, collect([t, weight]) AS profile, sqrt(sum(weight * weight)) AS norm
  WHERE norm > 0 AND a.tagNorm > 0
  UNWIND profile AS pair
  WITH weights, a, norm, pair[0] AS t, pair[1] AS weight
  MATCH (a)-[h:HAS_TAG]->(t)
  RETURN 'tag' AS kind, t.id AS id, t.name AS name,
         weights[2] * weight * h.count * t.idf / (norm * a.tagNorm) AS value
}
WITH a, kind, id, name, value * discount AS value
WHERE value <> 0
RETURN a.id AS artist, kind, id, name, value
ORDER BY artist, value DESC, kind, id
