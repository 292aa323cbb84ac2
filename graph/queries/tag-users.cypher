// Lists the users who give a tag most.
//
// tagId  the tag's id
// k      how many users

MATCH (:Tag {id: 1 /* $tagId */})<-[g:USES_TAG]-(u:User)
RETURN u.id AS user, g.count AS times
ORDER BY times DESC, user
LIMIT toInteger(10 /* $k */)
