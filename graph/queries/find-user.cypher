// Finds a user by id, whether ids are whole numbers or text.
//
// Helper: the program asks it, a person hardly ever.
//
// number  the id as a whole number
// text    the id as text

MATCH (u:User) WHERE u.id IN [2 /* $number */, '2' /* $text */]
RETURN u.id AS id
LIMIT 1
