// Draws what links two artists: people who play both, and tags that both carry.
//
// A row is a relationship of the drawing, from one node to the other.
//
// artistId  one artist's id
// otherId   the other artist's id
// each      how many people (those who play both most), and how many tags (those given most to both)

MATCH (a:Artist {id: 1 /* $artistId */})
MATCH (b:Artist {id: 2 /* $otherId */}) WHERE b.id <> a.id
CALL (a, b) {
  MATCH (a)<-[one:LISTENED]-(u:User)-[other:LISTENED]->(b)
  WITH u, one, other ORDER BY one.plays + other.plays DESC, u.id LIMIT toInteger(10 /* $each */)
  RETURN 'user' AS kind, u.id AS id, null AS name, [one, other] AS links
UNION ALL
  MATCH (a)-[one:HAS_TAG]->(t:Tag)<-[other:HAS_TAG]-(b)
  WITH t, one, other ORDER BY one.count + other.count DESC, t.id LIMIT toInteger(10 /* $each */)
  RETURN 'tag' AS kind, t.id AS id, t.name AS name, [one, other] AS links
}
UNWIND links AS link
RETURN kind, id, name, startNode(link) AS source, link, endNode(link) AS target
ORDER BY kind, id
