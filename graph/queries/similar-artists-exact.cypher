// Finds the artists nearest to an artist, by cosine or dot product, looking at all of them.
//
// Reading every vector may take Neo4j longer than 300 ms; similar-artists asks the index.
//
// artistId  the artist's id
// k         how many artists
// dot       true: by dot product, which favours the popular; false: by cosine

MATCH (a:Artist {id: 289 /* $artistId */}) WHERE a.norm > 0
// Databases give cosines on different scales: measure the scale, then undo it.
WITH a, 2 / (1.0 - vector.similarity.cosine([1.0], [-1.0])) AS scale
MATCH (node:Artist) WHERE node.norm > 0 AND node.id <> a.id
WITH a, node, 1 - scale * (1 - vector.similarity.cosine(a.embedding, node.embedding)) AS cosine
WITH a, node, CASE WHEN false /* $dot */ THEN cosine * a.norm * node.norm ELSE cosine END AS similarity
ORDER BY similarity DESC, node.id LIMIT toInteger(10 /* $k */)
CALL (a, node) {
  MATCH (a)-[h:HAS_TAG]->(t:Tag)<-[g:HAS_TAG]-(node)
  WITH t, h.count + g.count AS weight ORDER BY weight DESC, t.id LIMIT 5
  RETURN collect(t.name) AS shared
}
RETURN node.id AS artist, node.name AS name, similarity, shared
ORDER BY similarity DESC, artist
