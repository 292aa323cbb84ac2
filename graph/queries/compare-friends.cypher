// Compares a user with each friend: how alike their taste is, what both play, what only the friend.
//
// similarity is the cosine of two users' vectors; null where the model has none, or there is no model.
// Names are those of the artists with most plays.
//
// userId  the user's id
// k       how many friends

MATCH (u:User {id: 2 /* $userId */})
// Databases give cosines on different scales: measure the scale, then undo it.
WITH u, 2 / (1.0 - vector.similarity.cosine([1.0], [-1.0])) AS scale
MATCH (u)-[:FRIEND]-(v:User) WHERE v.id <> u.id
WITH DISTINCT u, v, scale
WITH u, v, CASE WHEN u.norm > 0 AND v.norm > 0
                THEN 1 - scale * (1 - vector.similarity.cosine(u.embedding, v.embedding))
           END AS similarity
CALL (u, v) {
  MATCH (u)-[mine:LISTENED]->(a:Artist)<-[yours:LISTENED]-(v)
  WITH a, mine.plays + yours.plays AS plays ORDER BY plays DESC, a.id
  RETURN count(a) AS shared_count, collect(a.name)[..5] AS shared
}
WITH u, v, similarity, shared_count, shared
ORDER BY coalesce(similarity, -2.0) DESC, shared_count DESC, v.id LIMIT toInteger(10 /* $k */)
CALL (u, v) {
  MATCH (v)-[l:LISTENED]->(a:Artist) WHERE NOT EXISTS { (u)-[:LISTENED]->(a) }
  WITH a, l.plays AS plays ORDER BY plays DESC, a.id
  RETURN count(a) AS unheard_count, collect(a.name)[..5] AS unheard
}
RETURN v.id AS user, similarity, shared_count, shared, unheard_count, unheard
ORDER BY coalesce(similarity, -2.0) DESC, shared_count DESC, user
