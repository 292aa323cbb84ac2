// Draws what two people have in common: friends, and the artists that both play most.
//
// A row is a relationship of the drawing, from one node to the other.
//
// userId   one user's id
// otherId  the other user's id
// each     how many friends, and how many artists

MATCH (u:User {id: 2 /* $userId */})
MATCH (v:User {id: 50 /* $otherId */}) WHERE v.id <> u.id
CALL (u, v) {
  MATCH (u)-[one:LISTENED]->(a:Artist)<-[other:LISTENED]-(v)
  WITH a, one, other ORDER BY one.plays + other.plays DESC, a.id LIMIT toInteger(10 /* $each */)
  RETURN 'artist' AS kind, a.id AS id, a.name AS name, [one, other] AS links
UNION ALL
  MATCH (u)-[one:FRIEND]-(friend:User)-[other:FRIEND]-(v)
  WITH friend, one, other ORDER BY COUNT { (friend)-[:FRIEND]-() }, friend.id
  LIMIT toInteger(10 /* $each */)
  RETURN 'friend' AS kind, friend.id AS id, null AS name, [one, other] AS links
}
UNWIND links AS link
RETURN kind, id, name, startNode(link) AS source, link, endNode(link) AS target
ORDER BY kind, id
