// Draws why an artist would be recommended to a user: the largest parts of the score, with the ways.
//
// The values are those of reasons; a part's value stands in each of its rows, and those of all parts
// add up to the score. A row is a relationship of the drawing, from one node to the other. To the
// embedding no way leads through the graph: it shows the three of the user's artists whose
// vectors are nearest to the recommended one's, each with a tag that both carry. A tag shows the
// two most played artists that carry it. The recommended artist is the one without an arrow from
// the user; each row names it, beside the user's artists through which a part leads.
//
// userId    the user's id
// artistId  the artist's id; null for the one whose vector suits the user best
// parts     how many parts

MATCH (m:Model {switching: false})
MATCH (u:User {id: 2 /* $userId */})
// Databases give cosines on different scales: measure the scale, then undo it.
WITH u, m.weights AS weights, coalesce(u.norm, 0.0) AS length,
     2 / (1.0 - vector.similarity.cosine([1.0], [-1.0])) AS scale
CALL (u, length, scale) {
  MATCH (a:Artist) WHERE a.id = null /* $artistId */
  RETURN a
UNION
  UNWIND CASE WHEN null /* $artistId */ IS NULL AND length > 0 THEN [u] ELSE [] END AS someone
  MATCH (a:Artist) WHERE a.norm > 0 AND NOT EXISTS { (a)<-[:LISTENED|HIDES]-(someone) }
  WITH a, a.norm * (1 - scale * (1 - vector.similarity.cosine(someone.embedding, a.embedding)))
          AS product
  RETURN a ORDER BY product DESC, a.id LIMIT 1
}
CALL (u, a, weights, length, scale) {
  WITH u, a, weights, length, scale WHERE length > 0 AND a.norm > 0
  CALL (u, a) {
    MATCH listen = (u)-[:LISTENED]->(heard:Artist) WHERE heard.norm > 0 AND heard.id <> a.id
    WITH a, listen, heard, vector.similarity.cosine(heard.embedding, a.embedding) AS near
    ORDER BY near DESC, heard.id LIMIT 3
    CALL (a, heard) {
      OPTIONAL MATCH common = (heard)-[h:HAS_TAG]->(t:Tag)<-[g:HAS_TAG]-(a)
      RETURN common ORDER BY h.count + g.count DESC, t.id LIMIT 1
    }
    RETURN collect(listen) + collect(common) AS paths, collect(heard.name) AS through
  }
  RETURN 'embedding' AS kind, null AS id, null AS name, paths, through,
         weights[0] * length * a.norm
           * (1 - scale * (1 - vector.similarity.cosine(u.embedding, a.embedding))) AS value
UNION ALL
  MATCH (u)-[:FRIEND]-(v:User) WHERE length > 0 AND v.norm > 0
  WITH u, a, weights, v,
       1 - scale * (1 - vector.similarity.cosine(u.embedding, v.embedding)) AS near
  WHERE near > 0
  WITH u, a, weights, collect([v, near]) AS similar, sum(near) AS total
  UNWIND similar AS pair
  WITH u, a, weights, pair[0] AS v, pair[1] / total AS share
  MATCH (v)-[l:LISTENED]->(:Artist)
  WITH u, a, weights, v, share, avg(log(1.0 + l.plays)) AS mean WHERE mean > 0
  MATCH path = (u)-[:FRIEND]-(v)-[l:LISTENED]->(a)
  RETURN 'friend' AS kind, v.id AS id, null AS name, [path] AS paths, [] AS through,
         weights[1] * share * log(1.0 + l.plays) / mean AS value
UNION ALL
  MATCH (u)-[l:LISTENED]->(played:Artist)-[h:HAS_TAG]->(t:Tag)
  WHERE u.norm > 0 AND played.tagNorm > 0
  WITH u, a, weights, t, sum(log(1.0 + l.plays) * log(1.0 + h.count) / played.tagNorm) AS times
  WITH u, a, weights, t, times * t.idf AS weight
  WITH u, a, weights, collect([t, weight]) AS profile, sqrt(sum(weight * weight)) AS norm
  WHERE norm > 0 AND a.tagNorm > 0
  UNWIND profile AS pair
  WITH u, a, weights, norm, pair[0] AS t, pair[1] AS weight
  MATCH (a)-[g:HAS_TAG]->(t)
  WITH u, a, t, weights[2] * weight * log(1.0 + g.count) * t.idf / (norm * a.tagNorm) AS value
  ORDER BY abs(value) DESC, t.id LIMIT toInteger(10 /* $parts */)
  CALL (u, a, t) {
    MATCH path = (u)-[l:LISTENED]->(heard:Artist)-[:HAS_TAG]->(t)<-[:HAS_TAG]-(a)
    WITH path, heard, l.plays AS plays ORDER BY plays DESC, heard.id LIMIT 2
    RETURN collect(path) AS paths, collect(heard.name) AS through
  }
  RETURN 'tag' AS kind, t.id AS id, t.name AS name, paths, through, value
}
WITH a, kind, id, name, value, through, paths WHERE value <> 0
ORDER BY abs(value) DESC, kind, id LIMIT toInteger(10 /* $parts */)
UNWIND CASE WHEN size(paths) = 0 THEN [null] ELSE paths END AS path
UNWIND CASE WHEN path IS NULL THEN [null] ELSE relationships(path) END AS link
WITH DISTINCT a, kind, id, name, value, through, link
RETURN kind, id, name, value, through, coalesce(a.name, a.id) AS recommended,
       coalesce(startNode(link), a) AS source, link, endNode(link) AS target
ORDER BY abs(value) DESC, kind, id
