// Lists the artists with the most listeners.
//
// k  how many artists

MATCH (a:Artist)
RETURN a.id AS artist, a.name AS name, a.listeners AS listeners, a.plays AS plays
ORDER BY listeners DESC, plays DESC, artist
LIMIT toInteger(10 /* $k */)
