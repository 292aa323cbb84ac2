// Says why artists would be recommended to a user: every part of their scores, largest first.
//
// The parts of an artist add up to its score in recommend: one for the embedding, one for each
// friend who listens to it, one for each tag that it shares with what the user listens to. The
// embedding's part stays whole here: what each listen adds to it takes the solution of a linear
// system, which Cypher has not; 'tastegraph recommend --why' takes it apart.
//
// userId     the user's id
// artistIds  the artists' ids
// weights    weights of embedding, friends and tags; null for the model's own
// novelty    0 to 1: every part is divided by the artist's listeners to this power

MATCH (m:Model {switching: false})
MATCH (u:User {id: 2 /* $userId */})
// Databases give cosines on different scales: measure the scale, then undo it.
WITH u, coalesce(null /* $weights */, m.weights) AS weights,
     [289, 89] /* $artistIds */ AS artistIds,
     u.embedding AS taste, coalesce(u.norm, 0.0) AS length,
     2 / (1.0 - vector.similarity.cosine([1.0], [-1.0])) AS scale
CALL (u, artistIds, taste, length, scale) {
  UNWIND artistIds AS artist
  MATCH (a:Artist {id: artist}) WHERE length > 0 AND a.norm > 0
  RETURN artist, 0 AS signal, 'embedding' AS kind, null AS id, null AS name,
         length * a.norm * (1 - scale * (1 - vector.similarity.cosine(taste, a.embedding))) AS part
UNION ALL
  MATCH (u)-[:FRIEND]-(v:User) WHERE length > 0 AND v.norm > 0
  WITH artistIds, v, 1 - scale * (1 - vector.similarity.cosine(taste, v.embedding)) AS near
  WHERE near > 0
  WITH artistIds, collect([v, near]) AS similar, sum(near) AS total
  UNWIND similar AS pair
  WITH artistIds, pair[0] AS v, pair[1] / total AS share
  MATCH (v)-[l:LISTENED]->(a:Artist)
  WITH artistIds, v, share, avg(log(1.0 + l.plays)) AS mean,
       collect([a.id, share * log(1.0 + l.plays)]) AS listens
  WHERE mean > 0
  UNWIND listens AS listen
  WITH v, mean, listen WHERE listen[0] IN artistIds
  RETURN listen[0] AS artist, 1 AS signal, 'friend' AS kind, v.id AS id, null AS name,
         listen[1] / mean AS part
UNION ALL
  // The user's tags and the artists' tags meet by grouping, which is a hash join.
  CALL (u, artistIds) {
    MATCH (u)-[l:LISTENED]->(played:Artist)-[h:HAS_TAG]->(t:Tag) WHERE u.norm > 0 AND played.tagNorm > 0
    WITH t, sum(log(1.0 + l.plays) * log(1.0 + h.count) / played.tagNorm) AS times
    RETURN t, times * t.idf AS weight, null AS entry
  UNION ALL
    UNWIND artistIds AS artist
    MATCH (a:Artist {id: artist})-[h:HAS_TAG]->(t:Tag) WHERE a.tagNorm > 0
    RETURN t, 0.0 AS weight, [artist, log(1.0 + h.count) * t.idf / a.tagNorm] AS entry
  }
  WITH t, sum(weight) AS weight, collect(entry) AS entries
  WITH collect([t, weight, entries]) AS joined, sqrt(sum(weight * weight)) AS norm
  WHERE norm > 0
  UNWIND joined AS row
  WITH norm, row WHERE row[1] > 0
  UNWIND row[2] AS entry
  WITH norm, row[0] AS t, row[1] AS weight, entry
  RETURN entry[0] AS artist, 2 AS signal, 'tag' AS kind, t.id AS id, t.name AS name,
         weight * entry[1] / norm AS part
}
MATCH (a:Artist {id: artist})
WITH artist, kind, id, name, weights[signal] * part AS value,
     CASE WHEN a.listeners > 1 THEN 1.0 * a.listeners ELSE 1.0 END AS listeners
WITH artist, kind, id, name, value * listeners ^ (-1.0 * 0.0 /* $novelty */) AS value
WHERE value <> 0
RETURN artist, kind, id, name, value
ORDER BY artist, value DESC, kind, id
