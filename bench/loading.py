"""How long a load takes, against a plain MERGE load."""

import json
import sys
from statistics import median

from bench.stage import EMBEDDED, NEO4J, Stage, say
from bench.table import Row, Section, spread

TITLE = "Loading"
HOW = (
    "Our load and a plain one (UNWIND and MERGE, rows as maps, 1,000 a batch, the driver without "
    "its Rust extension) of the same graph, in turn, each in a process of its own: first into an "
    "empty graph, then again with nothing new. Ours counts from the files to the finished graph; "
    "the plain one counts writing alone. The embedded store is new each time; Neo4j has been "
    "warmed by one such pair, which is not counted."
)
BOUNDS = {
    (EMBEDDED, "first"): 0.25,
    (NEO4J, "first"): 0.4,
    (EMBEDDED, "again"): 0.4,
    (NEO4J, "again"): 0.4,
}
WAYS = ("plain", "ours")

Run = dict[str, float]


def measure(stage: Stage) -> Section:
    """Load in turn, on every store."""
    runs = {
        name: [_pair(stage, name, number) for number in range(stage.repeats)]
        for name in stage.stores()
    }
    return section(runs, stage.missing())


def section(runs: dict[str, list[dict[str, Run]]], notes: list[str]) -> Section:
    """Render pairs of runs ({way: {first, again}}) by store."""
    rows = [_row(name, which, pairs) for (name, which) in BOUNDS if (pairs := runs.get(name))]
    return Section(TITLE, HOW, rows, notes)


def _row(name: str, which: str, pairs: list[dict[str, Run]]) -> Row:
    ratios = [pair["ours"][which] / pair["plain"][which] for pair in pairs]
    mine, plain = (median(pair[way][which] for pair in pairs) for way in ("ours", "plain"))
    what = {"first": "load", "again": "load again, nothing new"}[which]
    return Row(
        f"{what}, {name}: ours / plain",
        f"at most {BOUNDS[name, which]}",
        f"{spread(ratios)}: {mine:.1f} s / {plain:.1f} s",
    )


def _pair(stage: Stage, name: str, number: int) -> dict[str, Run]:
    ways = WAYS if number % 2 == 0 else WAYS[::-1]
    if name == NEO4J and number == 0:
        # A tenth of the data leaves the server half as fast as the whole does.
        for way in ways:
            say(f"warming Neo4j up: {way}")
            _on_neo4j(stage, way)
    runs = {}
    for way in ways:
        say(f"{name}, run {number + 1} of {stage.repeats}: {way}")
        if name == NEO4J:
            runs[way] = _on_neo4j(stage, way)
        else:
            new = stage.folder / f"load-{way}-{number}"
            runs[way] = _once(stage, way, str(new))
    return runs


def _on_neo4j(stage: Stage, way: str) -> Run:
    stage.wipe_neo4j()
    run = _once(stage, way, stage.stores()[NEO4J])
    stage.wipe_neo4j()
    return run


def _once(stage: Stage, way: str, place: str) -> Run:
    told = stage.run([sys.executable, "-m", "bench.load_once", way, place, str(stage.source)])
    run: Run = json.loads(told)
    say(f"{run['first']:.1f} s, again {run['again']:.1f} s, {run['relations']} relationships")
    return run
