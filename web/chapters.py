"""The queries in the order in which a newcomer meets them; a test holds that none is missing."""

from dataclasses import dataclass

TITLE = "Tastegraph"

INTRODUCTION = (
    "Users listen to artists, have friends, and give tags. Training adds a vector to each of them, "
    "and a Model that says which vectors these are.",
    "Click a query to have it in the editor, and run it. Each answers for an example that stands "
    "where a parameter belongs: change the 2 in {id: 2 /* $userId */} to ask for somebody else. "
    "What returns nodes is drawn; the buttons at the left of a result switch between "
    "graph and table.",
    ":config autoComplete: false keeps Browser from drawing all other relationships between the "
    "same nodes, in which a real neighbourhood is a tangle; true brings them back.",
)


@dataclass(frozen=True)
class Chapter:
    """One slide of the guide, and one folder of saved scripts."""

    title: str
    lead: str
    queries: tuple[str, ...]


CHAPTERS = (
    Chapter(
        "A person",
        "What somebody listens to, whom they know, and the tags they give.",
        (
            *("draw-neighbourhood", "user-listens", "user-friends", "compare-friends"),
            *("suggest-friends", "user-tags", "similar-users", "hidden-artists"),
        ),
    ),
    Chapter(
        "Two people",
        "How alike they are, and what links them: friends, artists, or a longer way by either.",
        (
            *("compare-users", "common-friends", "common-artists", "common-tags"),
            "draw-common",
            *("path-by-friends", "path-by-artists"),
        ),
    ),
    Chapter(
        "Everybody",
        "Who is central, which groups there are, and what is popular.",
        (
            "influential-listeners",
            "communities",
            "user-communities",
            "top-listeners",
            "top-artists",
            "top-tags",
        ),
    ),
    Chapter(
        "Artists and tags",
        "Artists that are alike by vectors or by tags, and those that stand between two tags.",
        (
            *("artist-tags", "artist-listeners", "similar-artists", "similar-artists-exact"),
            *("tag-neighbours", "tag-artists", "tag-users", "tags-beside", "bridging-artists"),
            "draw-between-artists",
        ),
    ),
    Chapter(
        "Recommendations",
        "What somebody might like, and the parts that add up to each score.",
        (
            *("recommend", "recommend-fast", "draw-reasons", "reasons"),
            *("friends-favourites", "popular"),
        ),
    ),
    Chapter(
        "Finding things",
        "By a word of the name, through the full-text index; or as the command line finds them.",
        (
            *("search-artists", "search-tags", "find-artist", "find-tag", "find-user"),
            *("artist-traits", "count-fitting"),
        ),
    ),
    Chapter(
        "Health",
        "Which model it is, and what has no vector or stands alone.",
        ("model-card", "health-vectors", "health-orphans"),
    ),
)
