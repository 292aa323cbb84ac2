"""Where work is spread to: a Spark master, named without pyspark at hand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tastegraph.errors import UsageError

_LOCAL = re.compile(r"local(\[(\d+|\*)(,\s*\d+)?\]|-cluster\[\d+,\s*\d+,\s*\d+\])?")
_STANDALONE = re.compile(r"spark://[^/,\s]+:\d+(,[^/,\s]+:\d+)*")
_OTHERS = re.compile(r"yarn|k8s://\S+")

EVERYWHERE = "local[*]"
"""All cores of this machine."""


@dataclass(frozen=True)
class Spark:
    """A Spark cluster to work on.

    master    local[2], spark://HOST:7077, yarn or k8s://..., as Spark has it
    settings  of Spark, such as spark.executor.memory, beside those of spark-defaults.conf

    UsageError for a master of another form.
    """

    master: str = EVERYWHERE
    settings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not any(form.fullmatch(self.master) for form in (_LOCAL, _STANDALONE, _OTHERS)):
            raise UsageError(
                f"{self.master!r} is no Spark master: write local[2], spark://HOST:7077, yarn or "
                "k8s://https://HOST:PORT"
            )

    @property
    def is_here(self) -> bool:
        """Whether all of it runs on this machine."""
        return self.master.startswith("local")

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Host and port of each standalone master."""
        if not self.master.startswith("spark://"):
            return []
        pairs = self.master.removeprefix("spark://").split(",")
        return [(host, int(port)) for host, _, port in (pair.rpartition(":") for pair in pairs)]
