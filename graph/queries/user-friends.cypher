// Lists a user's friends, most alike first, with how many artists both listen to, and which.
//
// Alike is the cosine of two users' vectors; null where there is no model yet.
//
// userId  the user's id
// k       how many friends

MATCH (u:User {id: 2 /* $userId */})-[:FRIEND]-(v:User)
// Databases give cosines on different scales: measure the scale, then undo it.
WITH u, v, 2 / (1.0 - vector.similarity.cosine([1.0], [-1.0])) AS scale
WITH u, v, CASE WHEN u.norm > 0 AND v.norm > 0
                THEN 1 - scale * (1 - vector.similarity.cosine(u.embedding, v.embedding))
           END AS alike
CALL (u, v) {
  MATCH (u)-[mine:LISTENED]->(a:Artist)<-[yours:LISTENED]-(v)
  WITH a, mine.plays + yours.plays AS plays ORDER BY plays DESC, a.id
  RETURN count(a) AS artists, collect(a.name)[..5] AS shared
}
RETURN v.id AS user, alike, artists, shared
ORDER BY coalesce(alike, -1.0) DESC, artists DESC, user
LIMIT toInteger(10 /* $k */)
