"""What a part measured, as a section of Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class Row:
    """One figure: what it is, what it should be, and what it was."""

    what: str
    bound: str
    measured: str


@dataclass(frozen=True)
class Section:
    """The figures of one part; ``how`` says in a few sentences what was run."""

    title: str
    how: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def markdown(self, machine: str) -> str:
        """Heading, how and on what machine it was measured, the table, and notes."""
        lines = ["| what | bound | measured |", "| --- | --- | --- |"]
        lines += [f"| {row.what} | {row.bound} | {row.measured} |" for row in self.rows]
        blocks = [f"## {self.title}", self.how, machine, "\n".join(lines), *self.notes]
        return "\n\n".join(blocks) + "\n"


def spread(values: Sequence[float], unit: str = "", digits: int = 2) -> str:
    """Return the median, and the least and the most where there are several."""
    unit = f" {unit}" if unit else ""
    middle = f"{median(values):.{digits}f}{unit}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):.{digits}f} to {max(values):.{digits}f})"
