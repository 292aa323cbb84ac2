// Lists the tags given most often, and to how many artists.
//
// Added up from what each user has given, fewer relationships than HAS_TAG has.
//
// k  how many tags

MATCH (:User)-[g:USES_TAG]->(t:Tag)
WITH t, sum(g.count) AS times ORDER BY times DESC, t.id LIMIT toInteger(10 /* $k */)
RETURN t.id AS tag, t.name AS name, times, t.artists AS artists
ORDER BY times DESC, tag
