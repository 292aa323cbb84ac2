"""Each command of a user at a size, in a process of its own, with what it took."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.stage import tastegraph

SIZES = {
    "XS": (500, 4_000),
    "S": (2_000, 18_000),
    "M": (20_000, 50_000),
    "L": (100_000, 100_000),
    "XL": (359_000, 160_000),
}
"""Users and artists; XL are those of LastFM-360K."""

STEPS: dict[str, list[str]] = {
    "load": ["load", "{data}"],
    "load again": ["load", "{data}"],
    "train": ["train", "--dimensions", "64"],
    "recommend --all": ["recommend", "--all", "-o", "{out}/lists.parquet"],
    "evaluate": ["evaluate", "--models", "popularity,als:dimensions=64"],
    "recommend 2": ["recommend", "2"],
    "similar-artists": ["similar-artists", "id:1"],
    "communities": ["communities"],
    "influence": ["influence"],
    "doctor": ["doctor"],
    "report": ["report", "{out}/report"],
    "export": ["export", "{out}/tables"],
}
"""Arguments of a command by the name of its step, in the order in which they are run."""

HEAVY = ("load", "load again", "train")
"""Steps that may take more memory than all others."""

ENDED = "ended"
_TICKS = os.sysconf("SC_CLK_TCK")
_PAUSE = 0.05


@dataclass(frozen=True)
class Measured:
    """What one step took: seconds, processor seconds of client and server, peaks in MB.

    ``outcome`` is "ended", or says how it did not; of a store in the client's own process there is
    no server.
    """

    store: str
    size: str
    step: str
    outcome: str
    seconds: float
    processor: float
    peak: float
    server_processor: float | None = None
    server_peak: float | None = None

    @property
    def ended(self) -> bool:
        """Whether it went well."""
        return self.outcome == ENDED

    @property
    def as_dict(self) -> dict[str, Any]:
        """For a file of results."""
        return asdict(self)


@dataclass(frozen=True)
class Place:
    """A store by its name, address and, where it is a server's, process."""

    name: str
    address: str
    server: int | None = None


def arguments(step: str, data: Path, out: Path) -> list[str]:
    """What stands after ``tastegraph --store PLACE`` for a step."""
    return [each.format(data=data, out=out) for each in STEPS[step]]


def measure(place: Place, size: str, step: str, given: Sequence[str], limit: float) -> Measured:
    """Run a step on ``place``, and kill it after ``limit`` seconds."""
    if place.server is not None:
        _forget_peak(place.server)
        before = _processor(place.server)
    command = [*tastegraph(), "--quiet", "--store", place.address, *given]
    outcome, seconds, processor, peak = run(command, limit)
    if place.server is None:
        return Measured(place.name, size, step, outcome, seconds, processor, peak)
    spent = _processor(place.server) - before
    held = peak_of(place.server)
    return Measured(place.name, size, step, outcome, seconds, processor, peak, spent, held)


def run(command: Sequence[str], limit: float) -> tuple[str, float, float, float]:
    """How a command ended, its seconds, processor seconds and peak of memory in MB.

    What it prints is left out, but for the end of its errors where it fails.
    """
    started = time.perf_counter()
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        told: list[str] = []
        reader = threading.Thread(target=lambda: told.extend(process.stderr or ()))
        reader.start()
        late = False
        peak = 0.0
        while True:
            # What the system keeps for the end has the memory of the one that started it in it.
            with suppress(OSError, ValueError):
                peak = peak_of(process.pid)
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if not late and time.perf_counter() - started > limit:
                late = True
                _kill_group(process.pid)
            time.sleep(_PAUSE)
        process.returncode = os.waitstatus_to_exitcode(status)
        reader.join()
    seconds = time.perf_counter() - started
    outcome = ENDED
    if late:
        outcome = f"not ended after {limit:,.0f} s"
    elif process.returncode:
        outcome = f"failed: {(''.join(told).strip() or str(process.returncode))[-300:]}"
    return outcome, seconds, usage.ru_utime + usage.ru_stime, peak


def peak_of(process: int) -> float:
    """The most memory that a process that runs has held at once, in MB."""
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"process {process} has no memory")


def _forget_peak(process: int) -> None:
    with suppress(OSError):
        Path(f"/proc/{process}/clear_refs").write_text("5", encoding="ascii")


def _processor(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _kill_group(process: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)
