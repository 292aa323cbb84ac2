// Shows how two people are linked by what they listen to: one of the shortest ways.
//
// A step leads from a person to an artist whom they listen to, or from an artist to a listener; ways of
// more than 20 steps are not looked for.
//
// userId   one user's id
// otherId  the other user's id

MATCH (u:User {id: 2 /* $userId */})
MATCH (v:User {id: 50 /* $otherId */}) WHERE v.id <> u.id
MATCH path = shortestPath((u)-[:LISTENED*..20]-(v))
RETURN length(path) AS steps, [step IN nodes(path) | coalesce(step.name, step.id)] AS way, path
