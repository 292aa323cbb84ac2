// Finds a user by id, whether ids are whole numbers or text.
//
// number  the id as a whole number
// text    the id as text
:param number => 2;
:param text => '2';

MATCH (u:User) WHERE u.id IN [$number, $text]
RETURN u.id AS id
LIMIT 1
