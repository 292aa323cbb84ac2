// Finds an artist by id or name: by id, exactly, without case and accents, or by a part of the name.
//
// Helper: the program asks it, a person hardly ever.
//
// The best match comes first; of equals the one with most listeners.
//
// name    the name as written
// key     the name in small letters without accents
// number  an id as a whole number, or null
// text    an id as text, or null

WITH 'radiohead' /* $name */ AS name, 'radiohead' /* $key */ AS key,
     [null /* $number */, null /* $text */] AS ids
MATCH (n:Artist)
WHERE n.name = name OR n.id IN ids OR n.nameKey = key OR n.nameKey CONTAINS key
RETURN n.id AS id, n.name AS name, n.listeners AS listeners,
       CASE WHEN n.id IN ids THEN 0
            WHEN n.name = name THEN 1
            WHEN n.nameKey = key THEN 2
            ELSE 3 END AS match
ORDER BY match, listeners DESC, id
LIMIT 6
