// Lists the artists that a user has hidden, which are never recommended to them.
//
// userId  the user's id

MATCH (:User {id: 2 /* $userId */})-[:HIDES]->(a:Artist)
RETURN a.id AS artist, a.name AS name, a.listeners AS listeners
ORDER BY artist
