"""The social graph: friends, paths, groups, who is central, and removing somebody.

Heavy rooms are imported by the methods that need them, so that a quick answer stays quick.
"""

from pathlib import Path

import pandas as pd

from tastegraph.api.connection import Connection, Name
from tastegraph.errors import InputError
from tastegraph.graph.difference import Changes
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.storage.model_card import Card, consistent_read
from tastegraph.models.storage.switch import is_trained
from tastegraph.runtime.limits import MOST_ROWS


class Social(Connection):
    """Explores who is whose friend, and what they listen to."""

    def friends(self, user: Name, *, k: int | None = None) -> pd.DataFrame:
        """The friends of ``user``, those of the nearest taste first; all unless ``k``.

        Columns user, similarity (cosine of the two users' vectors, None without a model),
        shared_count, shared, unheard_count, unheard: artists, at most five named.
        """
        from tastegraph.graph.social.read import require_friendships
        from tastegraph.models.serving.suggested_friends import friends_of, why_no_taste

        id_ = self.user(user)
        require_friendships(self.store)
        frame = friends_of(self.store, id_, k or MOST_ROWS)
        if frame.empty:
            self.note(
                f"user {id_} has no friends in the graph; who might become one: "
                f"'tastegraph suggest-friends {id_}'"
            )
        elif reason := why_no_taste(self.store, id_):
            self.note(reason)
        return frame

    def path(self, user: Name, other: Name, *, by: str = "friends", k: int = 100) -> pd.DataFrame:
        """All the shortest ways from ``user`` to ``other``, one row a step, at most ``k`` ways.

        by  what links two people: friends, artists (that they share) or both

        Columns path, step, from, to, by, shared_count, shared.
        """
        from tastegraph.graph.social.paths import BOTH, find_paths

        start, end = self.user(user), self.user(other)
        if start == end:
            raise InputError(f"{user} and {other} are the same person: name two people")
        found = find_paths(self.store, start, end, by, k, progress=self.progress)
        self._say_all(found.reasons)
        chains = found.chains
        if chains.count > len(chains.best):
            self.note(
                f"{len(chains.best):,} of {chains.count:,} paths of {chains.steps} steps, those "
                "whose people share the most artists; -k shows more"
            )
        elif not chains.count and by != BOTH:
            self.note("--by both goes by friends and by shared artists")
        return found.frame

    def compare_users(self, user: Name, other: Name, *, k: int = 10) -> pd.DataFrame:
        """How alike the tastes of two people are, what they share, what each might like.

        k  artists or tags of each kind

        Columns section, user, rank, id, name, value, plays, other_plays. The section "likeness"
        has measures by name (similarity is that of ``similar_users``), "shared artists" and
        "shared tags" what both play, "might like" what the other plays and ``user`` does not, by
        the score that ``recommend`` gives.
        """
        from tastegraph.models.serving.compare_users import compare_users
        from tastegraph.models.serving.suggested_friends import why_no_taste

        one, two = self.user(user), self.user(other)
        if one == two:
            raise InputError(f"{user} and {other} are the same person: name two people")

        def answer(card: Card) -> pd.DataFrame:
            held = self._held_already()
            is_same = held is not None and held.card.id == card.id
            ranker = self._ranker([one, two], RecommendOptions(), held if is_same else None)
            return compare_users(self.store, one, two, k, card.weights, ranker=ranker)

        if is_trained(self.store):
            frame = consistent_read(self.store, answer)
        else:
            frame = compare_users(self.store, one, two, k)
        reasons = (why_no_taste(self.store, each) for each in (one, two))
        self._say_all(dict.fromkeys(filter(None, reasons)))
        return frame

    def suggest_friends(
        self, user: Name, *, k: int = 10, similarity_weight: float = 1.0
    ) -> pd.DataFrame:
        """People whom ``user`` might befriend: friends in common, and taste.

        Columns rank, user, score (common + similarity), common, similarity, common_count,
        common_friends, shared_count, shared.
        """
        from tastegraph.models.serving.suggested_friends import (
            suggest_friends,
            why_no_friends,
            why_no_taste,
        )

        id_ = self.user(user)
        frame = suggest_friends(self.store, id_, k, similarity_weight)
        for reason in (why_no_friends(self.store, id_), why_no_taste(self.store, id_)):
            if reason:
                self.note(reason)
        if len(frame) < k:
            self.note(f"only {len(frame)} people can be suggested to user {id_}")
        return frame

    def evaluate_friend_suggestions(
        self,
        *,
        holdout: float = 0.2,
        k: int = 10,
        seed: int = 0,
        similarity_weight: float | None = None,
    ) -> pd.DataFrame:
        """Hide friendships, train without them in memory, and look for them.

        Columns method, auc, precision, k, users, friendships. Unless it is given, the weight of
        similarity is chosen on a slice of the friendships that are left.
        """
        from tastegraph.graph.social.read import require_friendships
        from tastegraph.models.evaluation.friend_suggestions import WEIGHTS, evaluate_in

        require_friendships(self.store)
        found = evaluate_in(
            self.store,
            holdout=holdout,
            k=k,
            seed=seed,
            weights=WEIGHTS if similarity_weight is None else (similarity_weight,),
            progress=self.progress,
        )
        self.note(f"{found.algorithm}, trained without the hidden friendships")
        if similarity_weight is None:
            self.note(
                f"a similarity weight of {found.similarity_weight:g} did best on the slice; "
                f"--similarity-weight {found.similarity_weight:g} suggests with it"
            )
        return found.frame

    def communities(
        self,
        user: Name | None = None,
        *,
        members: bool = False,
        resolution: float = 1.0,
        seed: int = 0,
        write: bool = False,
    ) -> pd.DataFrame:
        """Groups of people who are friends with one another, by the Louvain method.

        user        only the community of this user
        members     one row a person (community, user, friends, inside) instead of one a
                    community (community, size, inside, tags, artists, central)
        resolution  above 1 gives more and smaller communities, below 1 fewer and larger ones
        write       put them into the graph, as the property community of users
        """
        from tastegraph.graph.social.communities import (
            communities,
            describe_in,
            modularity,
            write_communities,
        )
        from tastegraph.graph.social.read import read_friends

        id_ = None if user is None else self.user(user)
        friends = read_friends(self.store, self.progress)
        found = communities(friends, seed, resolution)
        frame = found if members else describe_in(self.store, found, self.progress)
        if write:
            write_communities(self.store, found)
            self.note(f"{len(found):,} users in {self.settings.place} now have a community")
        self.note(
            f"{found['community'].nunique():,} communities of {len(found):,} people who have "
            f"friends; modularity {modularity(friends, found, resolution):.3f}"
        )
        if not members:
            self._say_what_is_not_described(frame)
        if id_ is not None:
            mine = found.loc[found["user"] == id_, "community"]
            if mine.empty:
                self.note(f"user {id_} has no friends in the graph, and so no community")
            frame = frame[frame["community"].isin(mine)]
        return frame

    def influence(
        self, *, k: int = 10, by: str = "pagerank", samples: int = 500, seed: int = 0
    ) -> pd.DataFrame:
        """The people who are central among friends: columns rank, user, friends, pagerank,
        betweenness.

        by       what ranks: pagerank, betweenness or friends
        samples  in a graph of more people betweenness is estimated from so many
        """
        from tastegraph.graph.social.influence import influence
        from tastegraph.graph.social.read import read_friends

        friends = read_friends(self.store, self.progress)
        if len(friends) > samples:
            self.note(
                f"betweenness is estimated from the paths of {samples:,} of {len(friends):,} "
                f"people; --samples {len(friends)} makes it exact"
            )
        return influence(friends, by, samples, seed, self.progress).head(k)

    def export_graph(
        self, user: Name, output: Path | str, *, hops: int = 2, artist_count: int = 3
    ) -> Path:
        """Write the people around ``user`` and what they play most as GraphML, GEXF, Cytoscape
        JSON or DOT, as the suffix of ``output`` says.
        """
        from tastegraph.graph.graph_file import write_graph
        from tastegraph.graph.social.neighbourhood import MOST_HOPS, neighbourhood

        if hops > MOST_HOPS:
            self.note(f"--hops {hops} is taken for {MOST_HOPS}: further away is nearly everybody")
        id_ = self.user(user)
        graph = neighbourhood(self.store, id_, min(hops, MOST_HOPS), artist_count, self.progress)
        file = Path(output)
        write_graph(graph, file)
        people = sum(name.startswith("user:") for name in graph)
        if people == 1:
            self.note(f"user {id_} has no friends in the graph")
        self.note(
            f"{file} holds {people:,} people, {len(graph) - people:,} artists and "
            f"{graph.number_of_edges():,} links between them"
        )
        return file

    def forget(self, user: Name) -> Changes:
        """Remove ``user`` and all that is theirs; what was counted from them is counted again."""
        from tastegraph.graph.forget_user import forget

        id_ = self.user(user)
        changes = forget(self.store, id_, self.progress)
        self.note(
            f"user {id_} is forgotten: {changes.removed:,} nodes and relationships removed, "
            f"{changes.changed:,} that count them changed. The model still knows what it learned "
            "from them until 'tastegraph train', and a load of their files brings them back"
        )
        return changes

    def _say_what_is_not_described(self, described: pd.DataFrame) -> None:
        for column, source in (("tags", "tags"), ("artists", "listens")):
            if not described[column].map(len).any():
                self.note(
                    f"no {source} of these people are in {self.settings.place}: "
                    f"'tastegraph load PATH' of data with {source} adds them"
                )
