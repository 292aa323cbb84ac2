// Lists the tags that go with a tag: those of the 100 artists that most people gave it.
//
// tagId  the tag's id
// k      how many tags

MATCH (t:Tag {id: 1 /* $tagId */})<-[h:HAS_TAG]-(a:Artist)
WITH t, a, h.count AS times ORDER BY times DESC, a.id LIMIT 100
MATCH (a)-[:HAS_TAG]->(other:Tag) WHERE other.id <> t.id
RETURN other.id AS tag, other.name AS name, count(a) AS artists
ORDER BY artists DESC, tag
LIMIT toInteger(10 /* $k */)
