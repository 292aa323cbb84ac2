// Names the tags of the music that two people play, those that make their taste most alike first.
//
// A person's tags are those of what they play: log(1 + count) * idf of each tag, each artist's as a
// vector of length 1 that counts as log(1 + plays). value is what a tag adds to the cosine of the two
// people's tags.
//
// userId   one user's id
// otherId  the other user's id
// k        how many tags

MATCH (u:User) WHERE u.id IN [2 /* $userId */, 50 /* $otherId */]
MATCH (u)-[l:LISTENED]->(a:Artist)-[h:HAS_TAG]->(t:Tag) WHERE a.tagNorm > 0
WITH u, t, sum(log(1.0 + l.plays) * log(1.0 + h.count) / a.tagNorm) AS times
WITH u, t, times * t.idf AS weight
WITH u, collect([t, weight]) AS profile, sqrt(sum(weight * weight)) AS norm
WHERE norm > 0
UNWIND profile AS pair
WITH pair[0] AS t, collect(pair[1] / norm) AS weights
WITH t, weights WHERE size(weights) = 2 AND weights[0] * weights[1] > 0
RETURN t.id AS tag, t.name AS name, weights[0] * weights[1] AS value
ORDER BY value DESC, tag
LIMIT 10 /* $k */
