"""Leaving out tags that too few people use, or for too few artists."""

from dataclasses import replace

from tastegraph.graph.frames import ARTIST, TAG, USER, GraphFrames
from tastegraph.loaders.transforms.tally import dropped_later


def prune_tags(frames: GraphFrames, users: int, artists: int) -> GraphFrames:
    """``frames`` with the tags alone that ``users`` users or more gave, to ``artists`` or more.

    What goes is counted in the report: tags, and their assignments.
    """
    given = frames.taggings.groupby(TAG)
    used = (given[USER].nunique() >= users) & (given[ARTIST].nunique() >= artists)
    left = used[used].index
    tags = frames.tags[frames.tags[TAG].isin(left)].reset_index(drop=True)
    taggings = frames.taggings[frames.taggings[TAG].isin(left)].reset_index(drop=True)
    reason = f"a tag of fewer than {users} users or {artists} artists"
    dropped = {
        "tags": len(frames.tags) - len(tags),
        "tag_assignments": len(frames.taggings) - len(taggings),
    }
    report = [dropped_later(row, reason, dropped.get(row.kind, 0)) for row in frames.report]
    return replace(frames, tags=tags, taggings=taggings, report=report)
