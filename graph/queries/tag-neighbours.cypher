// Finds the artists whose tags are most like an artist's: the cosine of log(1 + count) * idf.
//
// artistId  the artist's id
// k         how many artists

MATCH (a:Artist {id: 289 /* $artistId */})-[h:HAS_TAG]->(t:Tag)<-[g:HAS_TAG]-(b:Artist)
WHERE b.id <> a.id AND a.tagNorm > 0 AND b.tagNorm > 0
WITH b, a.tagNorm * b.tagNorm AS norms, t,
     log(1.0 + h.count) * log(1.0 + g.count) * t.idf * t.idf AS product
ORDER BY product DESC, t.id
RETURN b.id AS artist, b.name AS name, sum(product / norms) AS score,
       collect(t.name)[..5] AS shared
ORDER BY score DESC, artist
LIMIT toInteger(10 /* $k */)
