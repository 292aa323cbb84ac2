// Recommends artists to a user, with the parts of each score: the whole hybrid, exactly.
//
// score = embedding + friends + tags, each part already weighted as the model says:
//   embedding  dot product of the user's and the artist's vectors
//   friends    what friends' listens to the artist weigh, on average, a friend counting by the
//              cosine of the two users' vectors, where positive; a listen weighs log(1 + plays)
//              over the mean of its user's
//   tags       cosine of the tags of what the user listens to and the artist's own tags: a tag
//              weighs log(1 + count) * idf, and each artist's tags are a vector of length 1,
//              which counts in the user's as the listen weighs
// Needs a trained model. Scores every artist, and so reads every vector, which takes Neo4j longer
// than 300 ms on the real data; recommend-fast scores the promising ones alone.
//
// userId       the user's id
// k            how many artists
// weights      weights of embedding, friends and tags; null for the model's own
// known        true: also what the user listens to already
// withHidden   true: also what the user has hidden
// withTags     ids of tags that an artist must all have
// withoutTags  ids of tags that an artist must not have
// where        conditions on an artist's properties, each {property: 'listeners', sign: '>=',
//              value: 100}; a sign is one of = != >= <= > <
// novelty      0 to 1: scores are divided by the artist's listeners to this power

MATCH (m:Model {switching: false})
MATCH (u:User {id: 2 /* $userId */})
// Databases give cosines on different scales: measure the scale, then undo it.
WITH u, coalesce(null /* $weights */, m.weights) AS weights,
     u.embedding AS taste, coalesce(u.norm, 0.0) AS length,
     2 / (1.0 - vector.similarity.cosine([1.0], [-1.0])) AS scale
CALL (u, taste, length, scale) {
  MATCH (a:Artist)
  RETURN a.id AS artist, a.listeners AS listeners,
         CASE WHEN length > 0 AND a.norm > 0
              THEN length * a.norm
                   * (1 - scale * (1 - vector.similarity.cosine(taste, a.embedding)))
              ELSE 0.0 END AS embedding,
         0.0 AS friends, 0.0 AS tags,
         CASE WHEN all(rule IN [] /* $where */ WHERE CASE rule.sign
                      WHEN '=' THEN a[rule.property] = rule.value
                      WHEN '!=' THEN a[rule.property] <> rule.value
                      WHEN '>=' THEN a[rule.property] >= rule.value
                      WHEN '<=' THEN a[rule.property] <= rule.value
                      WHEN '>' THEN a[rule.property] > rule.value
                      ELSE a[rule.property] < rule.value END)
              THEN 1 ELSE 0 END AS fits
UNION ALL
  MATCH (u)-[:FRIEND]-(v:User) WHERE length > 0 AND v.norm > 0
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
  RETURN listen[0] AS artist, 0 AS listeners, 0.0 AS embedding, sum(listen[1] / mean) AS friends,
         0.0 AS tags, 0 AS fits
UNION ALL
  MATCH (u)-[l:LISTENED]->(played:Artist)-[h:HAS_TAG]->(t:Tag) WHERE played.tagNorm > 0
  WITH t, sum(log(1.0 + l.plays) * log(1.0 + h.count) / played.tagNorm) AS times
  WITH t, times * t.idf AS weight
  WITH collect([t, weight * t.idf]) AS profile, sqrt(sum(weight * weight)) AS norm
  WHERE norm > 0
  UNWIND profile AS pair
  WITH norm, pair[0] AS t, pair[1] AS weight
  MATCH (t)<-[h:HAS_TAG]-(a:Artist)
  WITH norm, a, sum(weight * log(1.0 + h.count)) AS product WHERE a.tagNorm > 0
  RETURN a.id AS artist, 0 AS listeners, 0.0 AS embedding, 0.0 AS friends,
         product / (norm * a.tagNorm) AS tags, 0 AS fits
UNION ALL
  // As rows: a list of them would be looked through, and may be counted, once an artist.
  MATCH (u)-[:LISTENED]->(a:Artist) WHERE NOT false /* $known */
  RETURN a.id AS artist, 0 AS listeners, 0.0 AS embedding, 0.0 AS friends, 0.0 AS tags, -1 AS fits
UNION ALL
  MATCH (u)-[:HIDES]->(a:Artist) WHERE NOT false /* $withHidden */
  RETURN a.id AS artist, 0 AS listeners, 0.0 AS embedding, 0.0 AS friends, 0.0 AS tags, -1 AS fits
}
WITH weights, artist, sum(listeners) AS listeners, sum(embedding) AS embedding,
     sum(friends) AS friends, sum(tags) AS tags, sum(fits) AS fits
WHERE fits > 0
  AND all(id IN [] /* $withTags */
          WHERE EXISTS { (:Artist {id: artist})-[:HAS_TAG]->(:Tag {id: id}) })
  AND none(id IN [] /* $withoutTags */
           WHERE EXISTS { (:Artist {id: artist})-[:HAS_TAG]->(:Tag {id: id}) })
WITH artist, weights[0] * embedding AS embedding, weights[1] * friends AS friends,
     weights[2] * tags AS tags,
     (CASE WHEN listeners > 1 THEN 1.0 * listeners ELSE 1.0 END)
       ^ (-1.0 * 0.0 /* $novelty */) AS discount
WITH artist, discount * (embedding + friends + tags) AS score, discount * embedding AS embedding,
     discount * friends AS friends, discount * tags AS tags
ORDER BY score DESC, artist LIMIT toInteger(10 /* $k */)
MATCH (a:Artist {id: artist})
RETURN artist, a.name AS name, score, embedding, friends, tags
ORDER BY score DESC, artist
