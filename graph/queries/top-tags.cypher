// Lists the tags given most often, and to how many artists.
//
// k  how many tags

MATCH (t:Tag)<-[h:HAS_TAG]-()
RETURN t.id AS tag, t.name AS name, sum(h.count) AS times, count(h) AS artists
ORDER BY times DESC, tag
LIMIT toInteger(10 /* $k */)
