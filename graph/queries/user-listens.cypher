// Lists what a user listens to, most played first, with each artist's main tags and, where the
// data have times, when it was first and last heard.
//
// userId  the user's id
// k       how many artists

MATCH (u:User {id: 2 /* $userId */})-[l:LISTENED]->(a:Artist)
WITH l, a ORDER BY l.plays DESC, a.id LIMIT toInteger(10 /* $k */)
CALL (a) {
  MATCH (a)-[h:HAS_TAG]->(t:Tag)
  WITH t, h.count AS times ORDER BY times DESC, t.id LIMIT 3
  RETURN collect(t.name) AS tags
}
RETURN a.id AS artist, a.name AS name, l.plays AS plays, l.firstHeard AS first_heard,
       l.lastHeard AS last_heard, tags
ORDER BY plays DESC, artist
