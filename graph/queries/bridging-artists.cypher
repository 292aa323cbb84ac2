// Names the artists that bridge two tags: those to whom both were given often.
//
// tagId       one tag's id
// otherTagId  the other tag's id
// k           how many artists

MATCH (:Tag {id: 1 /* $tagId */})<-[h:HAS_TAG]-(a:Artist)-[g:HAS_TAG]->(:Tag {id: 4 /* $otherTagId */})
WITH a, h.count AS times, g.count AS otherTimes
RETURN a.id AS artist, a.name AS name, times, otherTimes, a.listeners AS listeners
ORDER BY CASE WHEN times < otherTimes THEN times ELSE otherTimes END DESC, listeners DESC, artist
LIMIT toInteger(10 /* $k */)
