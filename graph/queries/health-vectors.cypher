// Checks for nodes without a vector: how many of each kind, and the first of them.
//
// Helper: the program asks it, a person hardly ever.
//
// A user without listens and friends, and an artist or a tag that nobody knows, have none. The
// length of a vector stands for it: to read them all would take a second.
CALL () {
  MATCH (n:User)
  RETURN 'users' AS kind, count(n) AS nodes, collect(CASE WHEN n.norm IS NULL THEN n.id END) AS ids
UNION ALL
  MATCH (n:Artist)
  RETURN 'artists' AS kind, count(n) AS nodes, collect(CASE WHEN n.norm IS NULL THEN n.id END) AS ids
UNION ALL
  MATCH (n:Tag)
  RETURN 'tags' AS kind, count(n) AS nodes, collect(CASE WHEN n.norm IS NULL THEN n.id END) AS ids
}
RETURN kind, size(ids) AS withoutVector, nodes, ids[..5] AS first
ORDER BY kind
