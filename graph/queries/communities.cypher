// Describes the communities of users: how many they are, what is typical of them, who is central.
//
// 'tastegraph communities --write' puts the communities into the graph; people without one are
// described together. As long as nobody has one, Neo4j warns that it knows no such property.
// Artists and tags are those of many of a community's people and of few others: p ln(p / q), p
// being their share in the community and q that of everybody.
//
// k  how many communities

MATCH (u:User)
WITH toFloat(count(u)) AS everybody
MATCH (u:User)
WITH everybody, u.community AS number, toFloat(count(u)) AS people
ORDER BY people DESC, number LIMIT toInteger(10 /* $k */)
// A list of the members, carried along by every row, would fill a database's memory.
CALL (number, people, everybody) {
  MATCH (u:User) WHERE coalesce(u.community, -1) = coalesce(number, -1)
  MATCH (u)-[:LISTENED]->(a:Artist)
  WITH a, count(u) AS users, max(people) AS size, max(everybody) AS whole
  WITH a, users / size AS here, COUNT { (a)<-[:LISTENED]-() } / whole AS everywhere
  ORDER BY here * log(here / everywhere) DESC, here DESC, a.id LIMIT 5
  RETURN collect(a.name) AS artists
}
CALL (number, people, everybody) {
  MATCH (u:User) WHERE coalesce(u.community, -1) = coalesce(number, -1)
  MATCH (u)-[:USES_TAG]->(t:Tag)
  WITH t, count(u) AS users, max(people) AS size, max(everybody) AS whole
  WITH t, users / size AS here, COUNT { (t)<-[:USES_TAG]-() } / whole AS everywhere
  ORDER BY here * log(here / everywhere) DESC, here DESC, t.id LIMIT 5
  RETURN collect(t.name) AS tags
}
CALL (number) {
  MATCH (u:User) WHERE coalesce(u.community, -1) = coalesce(number, -1)
  WITH u, number, COUNT { (u)-[:FRIEND]-(v:User) WHERE v.community = number } AS inside,
       COUNT { (u)-[:FRIEND]-() } AS friends
  ORDER BY CASE WHEN number IS NULL THEN friends ELSE inside END DESC, u.id LIMIT 3
  RETURN collect(u.id) AS central
}
RETURN coalesce(number, 'none: tastegraph communities --write finds them') AS community,
       toInteger(people) AS users, artists, tags, central
ORDER BY users DESC, community
