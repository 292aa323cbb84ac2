// Lists an artist's tags, those that most people gave it first.
//
// artistId  the artist's id
// k         how many tags

MATCH (:Artist {id: 289 /* $artistId */})-[h:HAS_TAG]->(t:Tag)
RETURN t.id AS tag, t.name AS name, h.count AS times, t.artists AS artists
ORDER BY times DESC, tag
LIMIT toInteger(10 /* $k */)
