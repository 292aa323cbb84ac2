// Names the users whom the most attention goes to, and how many people they reach.
//
// Everybody's attention is shared out evenly among their friends, which is one step of PageRank;
// 'tastegraph influence' takes all of them. Reach counts people at most two friendships away.
//
// k  how many users

MATCH (w:User)
WITH w, COUNT { (w)-[:FRIEND]-() } AS others
MATCH (w)-[:FRIEND]-(v:User)
WITH v, count(w) AS friends, sum(1.0 / others) AS attention
ORDER BY attention DESC, v.id LIMIT toInteger(10 /* $k */)
CALL (v) {
  OPTIONAL MATCH (v)-[:FRIEND]-(:User)-[:FRIEND]-(w:User) WHERE w.id <> v.id
  WITH v, collect(DISTINCT w.id) AS near
  RETURN size(near) + COUNT { (v)-[:FRIEND]-(w:User) WHERE NOT w.id IN near } AS reach
}
RETURN v.id AS user, attention, friends, reach
ORDER BY attention DESC, user
