// Shows how two people are linked by what they listen to: one of the shortest ways.
//
// A step leads from a person to an artist whom they listen to, or from an artist to a listener; ways of
// more than 20 steps are not looked for. A row is a step.
//
// userId   one user's id
// otherId  the other user's id

MATCH (u:User {id: 2 /* $userId */})
MATCH (v:User {id: 50 /* $otherId */}) WHERE v.id <> u.id
MATCH path = shortestPath((u)-[:LISTENED*..20]-(v))
WITH [each IN nodes(path) | coalesce(each.name, each.id)] AS way, relationships(path) AS links
UNWIND range(1, size(links)) AS step
WITH way, step, size(links) AS steps, links[step - 1] AS link
RETURN steps, way, step, startNode(link) AS source, link, endNode(link) AS target
ORDER BY step
