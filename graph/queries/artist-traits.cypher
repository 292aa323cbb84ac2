// Describes artists by their tags, as parts of a vector of length 1, and by their embedding.
//
// Helper: the program asks it, a person hardly ever.
//
// Two artists are as alike as the products of the tags that both have add up to; where an artist
// has no tags, as their embeddings' cosine, which is why all have theirs told then.
//
// artistIds  the artists' ids

UNWIND [289, 89] /* $artistIds */ AS id
MATCH (a:Artist {id: id})
WITH collect(a) AS artists
WITH artists, any(a IN artists WHERE coalesce(a.tagNorm, 0.0) = 0) AS bare
UNWIND artists AS a
RETURN a.id AS artist,
       [(a)-[h:HAS_TAG]->(t:Tag) WHERE a.tagNorm > 0
         | [t.id, log(1.0 + h.count) * t.idf / a.tagNorm]] AS tags,
       CASE WHEN bare THEN a.embedding ELSE null END AS embedding
ORDER BY artist
