// Names the most listened artists that a user does not listen to.
//
// userId       the user's id
// k            how many artists
// known        true: also what the user listens to already
// withHidden   true: also what the user has hidden
// withTags     ids of tags that an artist must all have
// withoutTags  ids of tags that an artist must not have
// where        conditions on an artist's properties, each {property: 'listeners', sign: '>=',
//              value: 100}; a sign is one of = != >= <= > <

MATCH (u:User {id: 2 /* $userId */})
MATCH (a:Artist)
// From the artist: all artists together have no more listeners than there are listens.
WHERE (false /* $known */ OR NOT EXISTS { (a)<-[:LISTENED]-(u) })
  AND (false /* $withHidden */ OR NOT EXISTS { (a)<-[:HIDES]-(u) })
  AND all(id IN [] /* $withTags */ WHERE EXISTS { (a)-[:HAS_TAG]->(:Tag {id: id}) })
  AND none(id IN [] /* $withoutTags */ WHERE EXISTS { (a)-[:HAS_TAG]->(:Tag {id: id}) })
  AND all(rule IN [] /* $where */ WHERE CASE rule.sign
            WHEN '=' THEN a[rule.property] = rule.value
            WHEN '!=' THEN a[rule.property] <> rule.value
            WHEN '>=' THEN a[rule.property] >= rule.value
            WHEN '<=' THEN a[rule.property] <= rule.value
            WHEN '>' THEN a[rule.property] > rule.value
            ELSE a[rule.property] < rule.value END)
RETURN a.id AS artist, a.name AS name, a.listeners AS listeners
ORDER BY listeners DESC, artist
LIMIT toInteger(10 /* $k */)
