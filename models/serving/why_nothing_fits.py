"""Which filter leaves nothing to recommend."""

from collections.abc import Iterator

from tastegraph.graph.frames import Id
from tastegraph.graph.query_files import query
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.ranking.options import RecommendOptions


def why_nothing_fits(store: GraphStore, options: RecommendOptions) -> str:
    """What leaves nobody anything to recommend: the filter, counted in the order of the options.

    Where artists do fit, the listens and the hidden artists of those who ask.
    """
    left = _fitting(store, RecommendOptions())
    kept: list[str] = []
    for label, choice_so_far in _steps(store, options):
        fitting = _fitting(store, choice_so_far)
        if not fitting:
            among = f"the {left:,} artists that {', '.join(kept)} left" if kept else "all artists"
            return f"no artist fits: {label} leaves none of {among}. Leave one of the filters out"
        left = fitting
        kept.append(label)
    if not left:
        return "there are no artists in the graph: 'tastegraph load' puts some in"
    known = "" if options.known else "; --include-known shows what is listened to"
    return f"no artist is left: the {left:,} that fit are listened to already or hidden{known}"


def _steps(store: GraphStore, options: RecommendOptions) -> Iterator[tuple[str, RecommendOptions]]:
    """Each filter as it is written, and the options of it and all filters before."""
    for at, tag in enumerate(options.with_tags, 1):
        yield f"--tag {_name(store, tag)!r}", RecommendOptions(with_tags=options.with_tags[:at])
    with_tags = options.with_tags
    for at, tag in enumerate(options.without_tags, 1):
        without = options.without_tags[:at]
        yield (
            f"--exclude-tag {_name(store, tag)!r}",
            RecommendOptions(with_tags=with_tags, without_tags=without),
        )
    for at, condition in enumerate(options.where, 1):
        yield (
            f"--where '{condition}'",
            RecommendOptions(
                with_tags=with_tags, without_tags=options.without_tags, where=options.where[:at]
            ),
        )


def _name(store: GraphStore, tag: Id) -> str:
    return str(store.values("MATCH (t:Tag {id: $tag}) RETURN t.name", {"tag": tag})[0][0])


def _fitting(store: GraphStore, options: RecommendOptions, artist: Id | None = None) -> int:
    """How many artists fit, or whether the one does."""
    parameters = {
        "artistId": artist,
        "withTags": list(options.with_tags),
        "withoutTags": list(options.without_tags),
        "where": [condition.as_parameter() for condition in options.where],
    }
    return int(store.values(query("count-fitting").cypher, parameters)[0][0])


def failed_filters(store: GraphStore, artist: Id, options: RecommendOptions) -> list[str]:
    """The filters of ``options`` that ``artist`` does not pass, each as it is written."""
    single = [
        (f"--tag {_name(store, tag)!r} leaves it out", RecommendOptions(with_tags=[tag]))
        for tag in options.with_tags
    ]
    single += [
        (f"--exclude-tag {_name(store, tag)!r} leaves it out", RecommendOptions(without_tags=[tag]))
        for tag in options.without_tags
    ]
    single += [
        (f"--where '{condition}' leaves it out", RecommendOptions(where=[condition]))
        for condition in options.where
    ]
    return [text for text, one in single if not _fitting(store, one, artist)]
