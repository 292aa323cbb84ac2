// Draws a user's neighbourhood: the most played artists with their main tag, and the friends.
//
// A row is a relationship of the drawing, from one node to the other. Neo4j Browser adds what connects
// these among each other, such as friends' listens, unless told :config autoComplete: false.
//
// userId  the user's id
// each    how many artists, and how many friends (those with most artists in common)

MATCH (u:User {id: 2 /* $userId */})
CALL (u) {
  MATCH listens = (u)-[l:LISTENED]->(a:Artist)
  WITH u, listens, a, l.plays AS plays ORDER BY plays DESC, a.id LIMIT toInteger(10 /* $each */)
  CALL (u, a) {
    OPTIONAL MATCH path = (u)-[:LISTENED]->(a)-[h:HAS_TAG]->(t:Tag)
    RETURN path AS tagged ORDER BY h.count DESC, t.id LIMIT 1
  }
  RETURN 'artist' AS kind, a.id AS id, a.name AS name, coalesce(tagged, listens) AS path
UNION ALL
  MATCH path = (u)-[:FRIEND]-(v:User)
  WITH path, v, COUNT { (u)-[:LISTENED]->(:Artist)<-[:LISTENED]-(v) } AS shared
  ORDER BY shared DESC, v.id LIMIT toInteger(10 /* $each */)
  RETURN 'friend' AS kind, v.id AS id, null AS name, path
}
UNWIND relationships(path) AS link
RETURN kind, id, name, startNode(link) AS source, link, endNode(link) AS target
ORDER BY kind, id
