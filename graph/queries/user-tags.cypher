// Lists a user's tags: how often the user gave each, and how many of the user's artists carry it.
//
// userId  the user's id
// k       how many tags

MATCH (u:User {id: 2 /* $userId */})
CALL (u) {
  MATCH (u)-[g:USES_TAG]->(t:Tag)
  RETURN t, g.count AS given, 0 AS heard
UNION ALL
  MATCH (u)-[:LISTENED]->(a:Artist)-[:HAS_TAG]->(t:Tag)
  RETURN t, 0 AS given, count(a) AS heard
}
WITH t, sum(given) AS given, sum(heard) AS artists
RETURN t.id AS tag, t.name AS name, given, artists
ORDER BY given DESC, artists DESC, tag
LIMIT toInteger(10 /* $k */)
