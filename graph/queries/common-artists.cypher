// Names the artists that two people both listen to, most played by both together first.
//
// userId   one user's id
// otherId  the other user's id
// k        how many artists

MATCH (:User {id: 2 /* $userId */})-[l:LISTENED]->(a:Artist)<-[m:LISTENED]-(:User {id: 50 /* $otherId */})
RETURN a.id AS artist, a.name AS name, l.plays AS plays, m.plays AS otherPlays
ORDER BY plays + otherPlays DESC, artist
LIMIT toInteger(10 /* $k */)
