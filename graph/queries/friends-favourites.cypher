// Names what a user's friends listen to and the user does not, by how many of them do.
//
// userId  the user's id
// k       how many artists

MATCH (u:User {id: 2 /* $userId */})-[:FRIEND]-(v:User)-[l:LISTENED]->(a:Artist)
WHERE NOT EXISTS { (u)-[:LISTENED]->(a) }
RETURN a.id AS artist, a.name AS name, count(v) AS friends, sum(l.plays) AS plays
ORDER BY friends DESC, plays DESC, artist
LIMIT toInteger(10 /* $k */)
