// Describes the communities of users: how many they are, what they listen to and their tags.
//
// 'tastegraph communities --write' puts the communities into the graph; people without one are
// described together. As long as nobody has one, Neo4j warns that it knows no such property.
//
// k  how many communities

MATCH (u:User)
WITH coalesce(u.community, 'none: tastegraph communities --write finds them') AS community,
     collect(u) AS members, count(u) AS users
ORDER BY users DESC, community LIMIT 10 /* $k */
CALL (members) {
  UNWIND members AS u
  MATCH (u)-[:LISTENED]->(a:Artist)
  WITH a, count(u) AS listeners ORDER BY listeners DESC, a.id LIMIT 5
  RETURN collect(a.name) AS artists
}
CALL (members) {
  UNWIND members AS u
  MATCH (u)-[g:USES_TAG]->(t:Tag)
  WITH t, sum(g.count) AS times ORDER BY times DESC, t.id LIMIT 5
  RETURN collect(t.name) AS tags
}
CALL (members) {
  UNWIND members AS u
  WITH u, COUNT { (u)-[:FRIEND]-() } AS friends ORDER BY friends DESC, u.id LIMIT 3
  RETURN collect(u.id) AS central
}
RETURN community, users, artists, tags, central
ORDER BY users DESC, community
