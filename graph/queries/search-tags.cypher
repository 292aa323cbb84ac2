// Searches tags' names by words (full-text index).
//
// text      words to look for
// k         how many tags
// tagNames  name of the full-text index on tags' names
:param text => 'rock';
:param k => 10;
:param tagNames => 'tag_name';

CALL db.index.fulltext.queryNodes($tagNames, $text) YIELD node, score
RETURN node.id AS tag, node.name AS name, node.artists AS artists, score
ORDER BY score DESC, artists DESC, tag
LIMIT $k
