// Finds the users nearest to a user by the cosine of their vectors, and what both listen to.
//
// userId  the user's id
// k       how many users

MATCH (u:User {id: 2 /* $userId */}) WHERE u.norm > 0
// Databases give cosines on different scales: measure the scale, then undo it.
WITH u, 2 / (1.0 - vector.similarity.cosine([1.0], [-1.0])) AS scale
MATCH (v:User) WHERE v.norm > 0 AND v.id <> u.id
WITH u, v, 1 - scale * (1 - vector.similarity.cosine(u.embedding, v.embedding)) AS similarity
ORDER BY similarity DESC, v.id LIMIT toInteger(10 /* $k */)
CALL (u, v) {
  MATCH (u)-[mine:LISTENED]->(a:Artist)<-[yours:LISTENED]-(v)
  WITH a, mine.plays + yours.plays AS plays ORDER BY plays DESC, a.id LIMIT 5
  RETURN collect(a.name) AS shared
}
RETURN v.id AS user, similarity, shared
ORDER BY similarity DESC, user
