// Lists the artists that most people gave a tag.
//
// tagId  the tag's id
// k      how many artists

MATCH (:Tag {id: 1 /* $tagId */})<-[h:HAS_TAG]-(a:Artist)
RETURN a.id AS artist, a.name AS name, h.count AS times, a.listeners AS listeners
ORDER BY times DESC, listeners DESC, artist
LIMIT toInteger(10 /* $k */)
