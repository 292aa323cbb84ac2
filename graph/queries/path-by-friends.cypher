// Shows how two people are linked by friends: all the shortest ways from one to the other.
//
// Ways of more than 20 friendships are not looked for.
//
// userId   one user's id
// otherId  the other user's id
// k        how many ways

MATCH (u:User {id: 2 /* $userId */})
MATCH (v:User {id: 50 /* $otherId */}) WHERE v.id <> u.id
MATCH path = allShortestPaths((u)-[:FRIEND*..20]-(v))
WITH path, [person IN nodes(path) | person.id] AS users
RETURN length(path) AS steps, users, path
ORDER BY steps, users
LIMIT toInteger(10 /* $k */)
