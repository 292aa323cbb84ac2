// Counts the artists that fit filters, whoever asks.
//
// withTags     ids of tags that an artist must all have
// withoutTags  ids of tags that an artist must not have
// where        conditions on an artist's properties, each {property: 'listeners', sign: '>=',
//              value: 100}; a sign is one of = != >= <= > <

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
RETURN count(a) AS artists
