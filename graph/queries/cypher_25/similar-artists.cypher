// Finds the artists nearest to an artist by the cosine of their vectors (vector index).
//
// For Neo4j 2026.02 and later.
//
// artistId  the artist's id
// k         how many artists

CYPHER 25
MATCH (a:Artist {id: 289 /* $artistId */}) WHERE a.norm > 0
MATCH (node:Artist)
SEARCH node IN (
  VECTOR INDEX artist_embedding FOR a.embedding LIMIT toInteger(10 /* $k */) + 1
) SCORE AS score
WITH a, node, 2 * score - 1 AS cosine WHERE node.id <> a.id
CALL (a, node) {
  MATCH (a)-[h:HAS_TAG]->(t:Tag)<-[g:HAS_TAG]-(node)
  WITH t, h.count + g.count AS weight ORDER BY weight DESC, t.id LIMIT 5
  RETURN collect(t.name) AS shared
}
RETURN node.id AS artist, node.name AS name, cosine AS similarity, shared
ORDER BY similarity DESC, artist
LIMIT toInteger(10 /* $k */)
