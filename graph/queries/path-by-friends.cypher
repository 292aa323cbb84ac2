// Shows how two people are linked by friends: all the shortest ways from one to the other.
//
// Ways of more than 20 friendships are not looked for. A row is a step of one of them.
//
// userId   one user's id
// otherId  the other user's id
// ways     how many ways

MATCH (u:User {id: 2 /* $userId */})
MATCH (v:User {id: 50 /* $otherId */}) WHERE v.id <> u.id
MATCH path = allShortestPaths((u)-[:FRIEND*..20]-(v))
WITH [person IN nodes(path) | person.id] AS users, relationships(path) AS links
ORDER BY users LIMIT toInteger(10 /* $ways */)
UNWIND range(1, size(links)) AS step
WITH users, step, size(links) AS steps, links[step - 1] AS link
RETURN steps, users, step, startNode(link) AS source, link, endNode(link) AS target
ORDER BY users, step
