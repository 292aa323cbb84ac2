// Says to which community each of some people belongs, once 'communities --write' has run.
//
// Helper: the page colours people by it.
//
// users  the users' ids

UNWIND [2, 50] /* $users */ AS id
MATCH (u:User {id: id})
RETURN u.id AS user, u.community AS community
ORDER BY user
