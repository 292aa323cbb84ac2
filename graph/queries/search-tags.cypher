// Searches tags' names by words (full-text index).
//
// text      words to look for
// k         how many tags
// tagNames  name of the full-text index on tags' names

CALL db.index.fulltext.queryNodes('tag_name' /* $tagNames */, 'folk' /* $text */) YIELD node, score
RETURN node.id AS tag, node.name AS name, node.artists AS artists, score
ORDER BY score DESC, artists DESC, tag
LIMIT toInteger(10 /* $k */)
