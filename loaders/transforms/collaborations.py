"""Artists that are several artists: "A feat. B", "A & B, C", "A vs. B"."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tastegraph.graph.frames import ARTIST, NAME, GraphFrames, Id, ReportRow
from tastegraph.graph.names import name_key

# Words that join artists, and signs that are in single artists' names too.
_GUEST = re.compile(r"[(\[]?(?:feat|ft|featuring|vs|versus)\b\.?", re.IGNORECASE)
_SEPARATOR = re.compile(
    rf"(?:\s+({_GUEST.pattern}|[&+/;]|and\b|with\b)\s+|\s*(,)\s+)", re.IGNORECASE
)


def link_collaborations(frames: GraphFrames) -> GraphFrames:
    """``frames`` with a feature for each artist that another one is made of.

    A name counts where it comes apart, at words like "feat." or signs like "&", into the names
    of two artists of the data or more, in as few as can be; names are compared without case and
    accents. Signs that single artists have in their names too ("Simon & Garfunkel", "Earth,
    Wind & Fire") count only where fewer people listen to the whole than to each part: who is
    better known than somebody called like a part of the name is an artist of their own.
    """
    listeners = Counter(frames.listens[ARTIST].tolist())
    names = dict(zip(frames.artists[ARTIST].tolist(), frames.artists[NAME].tolist(), strict=True))
    by_name: dict[str, Id] = {}
    for artist in sorted(names, key=lambda id_: (-listeners[id_], id_)):
        by_name.setdefault(name_key(names[artist]), artist)
    features: list[tuple[Id, Id]] = []
    several, linked, better_known = 0, 0, 0
    for artist, name in names.items():
        written = _Written.of(name)
        several += bool(written.signs)
        parts, signs = written.parts(by_name)
        if artist in parts or len(set(parts)) < 2:
            continue
        sure = all(_GUEST.fullmatch(sign) for sign in signs)
        if sure or listeners[artist] < min(listeners[part] for part in parts):
            features += [(artist, part) for part in dict.fromkeys(parts)]
            linked += 1
        else:
            better_known += 1
    reason = (
        f"a part that is no artist of the data: {several - linked - better_known:,}; "
        f"better known than a part: {better_known:,}"
    )
    row = ReportRow("collaborations", several, linked, several - linked, reason)
    return replace(frames, features=features, report=[*frames.report, row])


@dataclass(frozen=True)
class _Written:
    """A name between its ``signs``: piece i starts at ``starts[i]`` and ends at ``ends[i]``."""

    name: str
    starts: list[int]
    ends: list[int]
    signs: list[str]

    @classmethod
    def of(cls, name: str) -> "_Written":
        found = list(_SEPARATOR.finditer(name))
        return cls(
            name,
            [0, *(match.end() for match in found)],
            [*(match.start() for match in found), len(name)],
            [match[1] or match[2] for match in found],
        )

    def parts(self, by_name: Mapping[str, Id]) -> tuple[list[Id], list[str]]:
        """The fewest artists, two or more, whose names make up this one, and the signs between
        them; empty for none.
        """
        count = len(self.starts)
        best: list[tuple[list[Id], list[str]] | None] = [([], []), *([None] * count)]
        for end in range(1, count + 1):
            for start in range(end):
                before, shortest = best[start], best[end]
                if before is None or end - start == count:
                    continue
                text = self.name[self.starts[start] : self.ends[end - 1]].strip(" ()[]")
                artist = by_name.get(name_key(text))
                if artist is not None and (not shortest or len(before[0]) + 1 < len(shortest[0])):
                    best[end] = [*before[0], artist], [*before[1], *self.signs[:start][-1:]]
        return best[count] or ([], [])
