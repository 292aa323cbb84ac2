"""Taking one person out of the graph, with all that follows from them."""

from tastegraph.errors import NotFoundError
from tastegraph.graph.content import GraphContent, read_content
from tastegraph.graph.derived_counts import derive
from tastegraph.graph.difference import Changes, write_difference
from tastegraph.graph.frames import Id
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.version_parts import forget_in_versions
from tastegraph.runtime.progress import Progress, silent


def forget(store: GraphStore, user: Id, progress: Progress = silent) -> Changes:
    """Remove ``user`` with listens, friendships, tag assignments, what was hidden, and all vectors.

    What was counted from them (an artist's listeners and plays, HAS_TAG, idf and the like) is
    as if the user had never been loaded. All in one transaction: nobody meets half of it.
    NotFoundError where somebody else has removed the user meanwhile.
    """
    with store.writing("forget") as writer:
        existing = read_content(writer, progress)
        if user not in existing.nodes["User"]:
            raise NotFoundError(f"there is no user {user} in the graph any more: nothing is left")
        target = _without(existing, user)

        def remove(transaction: GraphStore) -> Changes:
            forget_in_versions(transaction, user)
            return write_difference(transaction, existing, target, progress)

        return writer.transact(remove)


def _without(existing: GraphContent, user: Id) -> GraphContent:
    """The content of the graph without ``user`` and all that is theirs."""
    target = GraphContent(numbers=existing.numbers)
    for label, nodes in existing.nodes.items():
        target.nodes[label] = dict(nodes)
    target.nodes["User"].pop(user, None)
    target.relations["FEATURES"] = existing.relations["FEATURES"]
    gone = existing.numbers["User"].code(user)
    for type_ in ("LISTENED", "FRIEND", "TAGGED"):
        # Only people are at the start, and only friends are people at the end.
        relations = existing.relations[type_]
        stays = relations.starts != gone
        if type_ == "FRIEND":
            stays &= relations.ends != gone
        target.relations[type_] = relations.take(stays)
    derive(target)
    return target
