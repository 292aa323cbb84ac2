"""Counting what becomes of the rows of one kind."""

from dataclasses import dataclass, field, replace

from tastegraph.graph.frames import ReportRow


@dataclass
class Tally:
    """The rows of one kind on their way: how many were read, dropped, folded, and why."""

    kind: str
    read: int
    dropped: int = 0
    reasons: list[str] = field(default_factory=list)

    def drop(self, reason: str, count: int) -> None:
        """Count rows that can't be used."""
        self.dropped += count
        self.fold(reason, count)

    def fold(self, reason: str, count: int) -> None:
        """Count rows whose content lives on in another row."""
        if count:
            self.reasons.append(_reason(reason, count))

    def row(self, loaded: int) -> ReportRow:
        """Return the report's row, now that ``loaded`` rows are left."""
        return ReportRow(self.kind, self.read, loaded, self.dropped, "; ".join(self.reasons))


def dropped_later(row: ReportRow, reason: str, count: int) -> ReportRow:
    """Return ``row`` after ``count`` of its loaded rows were dropped for one more reason."""
    if not count:
        return row
    reasons = [row.reason] if row.reason else []
    return replace(
        row,
        loaded=row.loaded - count,
        dropped=row.dropped + count,
        reason="; ".join([*reasons, _reason(reason, count)]),
    )


def _reason(reason: str, count: int) -> str:
    return f"{reason}: {count:,}"
