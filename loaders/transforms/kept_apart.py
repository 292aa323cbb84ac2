"""Users and tags that a person might take for one, and that a load keeps apart."""

from collections import defaultdict
from collections.abc import Iterable

from tastegraph.loaders.files.spelling import spelling

# Groups that a note shows.
_SHOWN = 3


def kept_apart_note(kind: str, names: Iterable[str], known: Iterable[str] = ()) -> list[str]:
    """The sentence on ``names`` of ``kind`` that differ in case or blanks alone, if any do.

    From each other, or from those that are ``known``; what is known already is no news.
    """
    before = set(known)
    alike: defaultdict[str, set[str]] = defaultdict(set)
    for name in before.union(names):
        alike[spelling(name)].add(name)
    groups = sorted(sorted(group) for group in alike.values() if len(group) > 1 and group - before)
    if not groups:
        return []
    shown = ", ".join(" and ".join(map(repr, group)) for group in groups[:_SHOWN])
    more = f" and {len(groups) - _SHOWN:,} more" if len(groups) > _SHOWN else ""
    return [
        f"{kind} that differ in case or blanks alone were kept apart: {shown}{more}. Write them "
        "alike where they are one."
    ]
