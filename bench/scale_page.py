"""docs/scale.md: what was measured, put into a text that is kept by hand."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.machine import machine_line
from bench.scale_steps import ENDED, SIZES, STEPS, Measured
from bench.stage import ROOT

PAGE = ROOT / "docs" / "scale.md"
TEMPLATE = Path(__file__).with_name("scale.md")
RESULTS = Path(__file__).with_name("scale.json")

_NOTHING = "-"


@dataclass(frozen=True)
class Sweep:
    """Processor seconds of a sweep and peaks in MB at a size, ours and those of ``implicit``."""

    size: str
    dimensions: int
    ours: float
    theirs: float
    our_peak: float
    their_peak: float


@dataclass
class Results:
    """All that was measured, each size and store by its last run; where, by size."""

    steps: list[Measured]
    sweeps: list[Sweep]
    machines: dict[str, str]

    @classmethod
    def read(cls, file: Path = RESULTS) -> "Results":
        """What was measured before; nothing where there is no such file."""
        if not file.exists():
            return cls([], [], {})
        told = json.loads(file.read_text(encoding="utf-8"))
        steps = [Measured(**each) for each in told["steps"]]
        return cls(steps, [Sweep(**each) for each in told["sweeps"]], told["machines"])

    def write(self, file: Path = RESULTS) -> None:
        """Keep them for the next run, which may be of other sizes."""
        told = {
            "steps": [each.as_dict for each in self.steps],
            "sweeps": [asdict(each) for each in self.sweeps],
            "machines": self.machines,
        }
        file.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")

    def put(self, measured: Measured) -> None:
        """Take a step in, in place of what was measured of it before."""
        key = (measured.store, measured.size, measured.step)
        others = [each for each in self.steps if (each.store, each.size, each.step) != key]
        self.steps = [*others, measured]
        self.machines[measured.size] = machine_line()

    def put_sweep(self, sweep: Sweep) -> None:
        """Take a sweep in, in place of the one of its size."""
        self.sweeps = [*(each for each in self.sweeps if each.size != sweep.size), sweep]
        self.machines[sweep.size] = machine_line()


def page(results: Results, template: str) -> str:
    """The page: ``template`` with the tables of ``results`` where it names them."""
    stores = dict.fromkeys(each.store for each in results.steps)
    tables = [f"### {store}\n\n{_table(results.steps, store)}" for store in stores]
    machines = [f"- {size}: {results.machines[size]}" for size in SIZES if size in results.machines]
    sizes = [f"| {name} | {users:,} | {artists:,} |" for name, (users, artists) in SIZES.items()]
    return (
        template.replace("{sizes}", "\n".join(sizes))
        .replace("{machines}", "\n".join(machines))
        .replace("{steps}", "\n".join(tables))
        .replace("{sweeps}", _sweeps(results.sweeps))
    )


def _table(steps: Sequence[Measured], store: str) -> str:
    own = {(each.step, each.size): each for each in steps if each.store == store}
    sizes = [size for size in SIZES if any(size == at for _, at in own)]
    lines = [f"| step | {' | '.join(sizes)} |", f"| --- |{' --- |' * len(sizes)}"]
    for step in STEPS:
        cells = [_cell(own[step, size]) if (step, size) in own else _NOTHING for size in sizes]
        lines.append(f"| `{step}` | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(step: Measured) -> str:
    if step.outcome != ENDED:
        return " ".join(step.outcome.split()).replace("|", "\\|")
    served = step.server_processor, step.server_peak
    processor, peak = f"{step.processor:,.0f}", f"{step.peak:,.0f}"
    if served[0] is not None and served[1] is not None:
        processor, peak = f"{processor} + {served[0]:,.0f}", f"{peak} + {served[1]:,.0f}"
    return f"{step.seconds:,.0f} s, {processor} s, {peak} MB"


def _sweeps(sweeps: Sequence[Sweep]) -> str:
    lines = [
        "| size | d | a sweep, ours / `implicit` | ratio | peak, ours / `implicit` |",
        "| --- | --- | --- | --- | --- |",
    ]
    order = list(SIZES)
    for each in sorted(sweeps, key=lambda sweep: order.index(sweep.size)):
        lines.append(
            f"| {each.size} | {each.dimensions} | {each.ours:.2f} s / {each.theirs:.2f} s | "
            f"{each.ours / each.theirs:.2f} | {each.our_peak:,.0f} MB / {each.their_peak:,.0f} MB |"
        )
    return "\n".join(lines)
