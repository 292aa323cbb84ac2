// Checks for nodes that stand alone: how many of each kind, and the first of them.
//
// Helper: the program asks it, a person hardly ever.
CALL () {
  MATCH (n:User)
  WITH n, EXISTS { (n)-[:LISTENED]->(:Artist) } AS met
  RETURN 'users without listens' AS check, count(n) AS nodes,
         collect(CASE WHEN NOT met THEN n.id END) AS ids
UNION ALL
  MATCH (n:User)
  WITH n, EXISTS { (n)-[:FRIEND]-(:User) } AS met
  RETURN 'users without friends' AS check, count(n) AS nodes,
         collect(CASE WHEN NOT met THEN n.id END) AS ids
UNION ALL
  MATCH (n:Artist)
  WITH n, EXISTS { (n)<-[:LISTENED]-(:User) } AS met
  RETURN 'artists without listeners' AS check, count(n) AS nodes,
         collect(CASE WHEN NOT met THEN n.id END) AS ids
UNION ALL
  MATCH (n:Artist)
  WITH n, EXISTS { (n)-[:HAS_TAG]->(:Tag) } AS met
  RETURN 'artists without tags' AS check, count(n) AS nodes,
         collect(CASE WHEN NOT met THEN n.id END) AS ids
UNION ALL
  MATCH (n:Tag)
  WITH n, EXISTS { (n)<-[:HAS_TAG]-(:Artist) } AS met
  RETURN 'tags without artists' AS check, count(n) AS nodes,
         collect(CASE WHEN NOT met THEN n.id END) AS ids
UNION ALL
  MATCH (n) WHERE n:User OR n:Artist OR n:Tag
  WITH n, EXISTS { (n)--() } AS met
  RETURN 'nodes without any relationship' AS check, count(n) AS nodes,
         collect(CASE WHEN NOT met THEN labels(n)[0] + ' ' + toString(n.id) END) AS ids
}
RETURN check, size(ids) AS found, nodes, ids[..5] AS first
ORDER BY check
