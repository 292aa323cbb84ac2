// Finds an artist by name or id: exactly, by id, without case and accents, or by a part of the name.
//
// The best match comes first; of equals the one with most listeners.
//
// name    the name as written
// key     the name in small letters without accents
// number  an id as a whole number
// text    an id as text
:param name => 'radiohead';
:param key => 'radiohead';
:param number => 154;
:param text => '154';

MATCH (n:Artist)
WHERE n.name = $name OR n.id IN [$number, $text] OR n.nameKey = $key OR n.nameKey CONTAINS $key
RETURN n.id AS id, n.name AS name, n.listeners AS listeners,
       CASE WHEN n.name = $name THEN 0
            WHEN n.id IN [$number, $text] THEN 1
            WHEN n.nameKey = $key THEN 2
            ELSE 3 END AS match
ORDER BY match, listeners DESC, id
LIMIT 6
