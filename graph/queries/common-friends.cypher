// Names the friends that two people have in common, those with the fewest friends first.
//
// userId   one user's id
// otherId  the other user's id
// k        how many friends

MATCH (:User {id: 2 /* $userId */})-[:FRIEND]-(v:User)-[:FRIEND]-(:User {id: 50 /* $otherId */})
RETURN v.id AS user, COUNT { (v)-[:FRIEND]-() } AS friends
ORDER BY friends, user
LIMIT toInteger(10 /* $k */)
