// Recommends artists to a user from promising candidates alone: quick, and nearly always exact.
//
// Candidates are the 200 artists nearest by cosine, the 1,000 whose vectors are longest, all that
// friends listen to, and the 200 that go best with the user's 10 weightiest tags; friends and tags
// only where they weigh something. Their scores and parts are those of recommend; doctor says how
// many of the best it finds. For somebody who listens to most candidates, or more than 100 artists,
// ask recommend.
//
// userId       the user's id
// k            how many artists
// weights      weights of embedding, friends and tags; null for the model's own
// artistIndex  name of the vector index on artists

MATCH (m:Model {switching: false})
MATCH (u:User {id: 2 /* $userId */}) WHERE u.norm > 0
// Databases give cosines on different scales: measure the scale, then undo it.
WITH u, coalesce(null /* $weights */, m.weights) AS weights, u.embedding AS taste, u.norm AS length,
     2 / (1.0 - vector.similarity.cosine([1.0], [-1.0])) AS scale,
     [(u)-[:LISTENED|HIDES]->(heard:Artist) | heard.id] AS heard
CALL (u, taste, weights) {
  CALL db.index.vector.queryNodes('artist_embedding' /* $artistIndex */, 200, taste) YIELD node AS a
  RETURN a.id AS artist
UNION
  MATCH (a:Artist) WHERE a.norm > 0
  WITH a ORDER BY a.norm DESC LIMIT 1000
  RETURN a.id AS artist
UNION
  MATCH (u)-[:FRIEND]-(:User)-[:LISTENED]->(a:Artist)
  WHERE weights[1] <> 0
  RETURN a.id AS artist
UNION
  MATCH (u)-[l:LISTENED]->(played:Artist)-[h:HAS_TAG]->(t:Tag)
  WHERE weights[2] <> 0 AND played.tagNorm > 0
  WITH t, sum(log(1.0 + l.plays) * log(1.0 + h.count) / played.tagNorm) AS times
  WITH t, times * t.idf * t.idf AS weight ORDER BY weight DESC, t.id LIMIT 10
  MATCH (t)<-[h:HAS_TAG]-(a:Artist) WHERE a.tagNorm > 0
  WITH a, sum(weight * log(1.0 + h.count)) / a.tagNorm AS tags
  WITH a ORDER BY tags DESC, a.id LIMIT 200
  RETURN a.id AS artist
}
WITH u, weights, taste, length, scale, heard, artist WHERE NOT artist IN heard
WITH u, weights, taste, length, scale, heard, collect(artist) AS candidates
CALL (u, weights, taste, length, scale, candidates) {
  UNWIND candidates AS artist
  MATCH (a:Artist {id: artist})
  RETURN artist,
         CASE WHEN a.norm > 0
              THEN length * a.norm
                   * (1 - scale * (1 - vector.similarity.cosine(taste, a.embedding)))
              ELSE 0.0 END AS embedding,
         0.0 AS friends, 0.0 AS tags
UNION ALL
  MATCH (u)-[:FRIEND]-(v:User) WHERE weights[1] <> 0 AND v.norm > 0
  WITH v, 1 - scale * (1 - vector.similarity.cosine(taste, v.embedding)) AS near
  WHERE near > 0
  WITH collect([v, near]) AS similar, sum(near) AS total
  UNWIND similar AS pair
  WITH pair[0] AS v, pair[1] / total AS share
  MATCH (v)-[l:LISTENED]->(a:Artist)
  WITH v, share, avg(log(1.0 + l.plays)) AS mean,
       collect([a.id, share * log(1.0 + l.plays)]) AS listens
  WHERE mean > 0
  UNWIND listens AS listen
  RETURN listen[0] AS artist, 0.0 AS embedding, sum(listen[1] / mean) AS friends, 0.0 AS tags
UNION ALL
  // The user's tags and the candidates' tags meet by grouping, which is a hash join.
  CALL (u, weights, candidates) {
    MATCH (u)-[l:LISTENED]->(played:Artist)-[h:HAS_TAG]->(t:Tag)
    WHERE weights[2] <> 0 AND played.tagNorm > 0
    WITH t, sum(log(1.0 + l.plays) * log(1.0 + h.count) / played.tagNorm) AS times
    RETURN t, times * t.idf AS weight, null AS entry
  UNION ALL
    UNWIND CASE WHEN weights[2] = 0 THEN [] ELSE candidates END AS artist
    MATCH (a:Artist {id: artist})-[h:HAS_TAG]->(t:Tag) WHERE a.tagNorm > 0
    RETURN t, 0.0 AS weight, [artist, log(1.0 + h.count) * t.idf / a.tagNorm] AS entry
  }
  WITH t, sum(weight) AS weight, collect(entry) AS entries
  WITH collect([weight, entries]) AS joined, sqrt(sum(weight * weight)) AS norm
  WHERE norm > 0
  UNWIND joined AS pair
  WITH norm, pair WHERE pair[0] > 0
  UNWIND pair[1] AS entry
  WITH entry[0] AS artist, pair[0] * entry[1] / norm AS part
  RETURN artist, 0.0 AS embedding, 0.0 AS friends, sum(part) AS tags
}
WITH weights, heard, artist, sum(embedding) AS embedding, sum(friends) AS friends, sum(tags) AS tags
WHERE NOT artist IN heard
WITH artist, weights[0] * embedding AS embedding, weights[1] * friends AS friends,
     weights[2] * tags AS tags
WITH artist, embedding + friends + tags AS score, embedding, friends, tags
ORDER BY score DESC, artist LIMIT toInteger(10 /* $k */)
MATCH (a:Artist {id: artist})
RETURN artist, a.name AS name, score, embedding, friends, tags
ORDER BY score DESC, artist
