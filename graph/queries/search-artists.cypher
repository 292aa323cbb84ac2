// Searches artists' names by words (full-text index).
//
// text         words to look for
// k            how many artists
// artistNames  name of the full-text index on artists' names

CALL db.index.fulltext.queryNodes('artist_name' /* $artistNames */, 'little' /* $text */) YIELD node, score
RETURN node.id AS artist, node.name AS name, node.listeners AS listeners, score
ORDER BY score DESC, listeners DESC, artist
LIMIT toInteger(10 /* $k */)
