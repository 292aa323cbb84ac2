// Lists the users who play an artist most.
//
// artistId  the artist's id
// k         how many users

MATCH (:Artist {id: 289 /* $artistId */})<-[l:LISTENED]-(u:User)
RETURN u.id AS user, l.plays AS plays
ORDER BY plays DESC, user
LIMIT toInteger(10 /* $k */)
