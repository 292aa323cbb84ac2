// Lists the users with the most plays.
//
// k  how many users

MATCH (u:User)-[l:LISTENED]->()
RETURN u.id AS user, count(l) AS artists, sum(l.plays) AS plays
ORDER BY plays DESC, user
LIMIT toInteger(10 /* $k */)
