// Suggests people whom a user might befriend: who has friends in common, and who is of like taste.
//
// score = common + similarity:
//   common      a / (1 + a), where a adds up 1 / ln(friends of a common friend): from 0 to 1, and a
//               common friend tells more who has few friends
//   similarity  similarityWeight * the cosine of the two users' vectors, where positive; 0
//               without a model
// Of the common friends those with the fewest friends are named first.
//
// userId            the user's id
// k                 how many people
// similarityWeight  what similarity weighs beside friends in common

MATCH (u:User {id: 2 /* $userId */})
// Databases give cosines on different scales: measure the scale, then undo it.
WITH u, 2 / (1.0 - vector.similarity.cosine([1.0], [-1.0])) AS scale
CALL (u, scale) {
  MATCH (u)-[:FRIEND]-(w) WHERE w.id <> u.id
  WITH DISTINCT u, w
  WITH u, w, COUNT { (w)-[:FRIEND]-(:User) } AS degree
  MATCH (w)-[:FRIEND]-(v) WHERE v.id <> u.id AND v.id <> w.id
  RETURN v.id AS user, 1.0 / log(degree) AS adamic, 0.0 AS cosine, 0 AS known
UNION ALL
  MATCH (v:User) WHERE u.norm > 0 AND v.norm > 0
  RETURN v.id AS user, 0.0 AS adamic,
         1 - scale * (1 - vector.similarity.cosine(u.embedding, v.embedding)) AS cosine, 0 AS known
UNION ALL
  MATCH (u)-[:FRIEND]-(v)
  RETURN v.id AS user, 0.0 AS adamic, 0.0 AS cosine, 1 AS known
}
WITH u, user, sum(adamic) AS adamic, sum(cosine) AS cosine, sum(known) AS known
WHERE user <> u.id AND known = 0
WITH u, user, adamic / (1 + adamic) AS common,
     1.0 /* $similarityWeight */ * CASE WHEN cosine > 0 THEN cosine ELSE 0.0 END AS similarity
WITH u, user, common, similarity, common + similarity AS score WHERE score > 0
ORDER BY score DESC, user LIMIT toInteger(10 /* $k */)
MATCH (v:User {id: user})
CALL (u, v) {
  MATCH (u)-[:FRIEND]-(w)-[:FRIEND]-(v) WHERE w.id <> u.id AND w.id <> v.id
  WITH DISTINCT w
  WITH w, COUNT { (w)-[:FRIEND]-(:User) } AS degree ORDER BY degree, w.id
  RETURN count(w) AS common_count, collect(w.id)[..5] AS common_friends
}
CALL (u, v) {
  MATCH (u)-[mine:LISTENED]->(a:Artist)<-[yours:LISTENED]-(v)
  WITH a, mine.plays + yours.plays AS plays ORDER BY plays DESC, a.id
  RETURN count(a) AS shared_count, collect(a.name)[..5] AS shared
}
RETURN user, score, common, similarity, common_count, common_friends, shared_count, shared
ORDER BY score DESC, user
