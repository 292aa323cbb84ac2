// Counts the artists that fit filters, whoever asks, or says whether one of them does.
//
// Helper: the program asks it, a person hardly ever.
//
// withTags     ids of tags that an artist must all have
// withoutTags  ids of tags that an artist must not have
// where        conditions on an artist's properties, each {property: 'listeners', sign: '>=',
//              value: 100}; a sign is one of = != >= <= > <
// artistId     null: all artists; otherwise this one alone, which gives 1 or 0

MATCH (a:Artist)
WHERE all(id IN [] /* $withTags */ WHERE EXISTS { (a)-[:HAS_TAG]->(:Tag {id: id}) })
  AND none(id IN [] /* $withoutTags */ WHERE EXISTS { (a)-[:HAS_TAG]->(:Tag {id: id}) })
  AND all(rule IN [] /* $where */ WHERE CASE rule.sign
            WHEN '=' THEN a[rule.property] = rule.value
            WHEN '!=' THEN a[rule.property] <> rule.value
            WHEN '>=' THEN a[rule.property] >= rule.value
            WHEN '<=' THEN a[rule.property] <= rule.value
            WHEN '>' THEN a[rule.property] > rule.value
            ELSE a[rule.property] < rule.value END)
  AND (null /* $artistId */ IS NULL OR a.id = null /* $artistId */)
RETURN count(a) AS artists
