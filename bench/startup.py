"""How long a command takes from nothing, as a person waits for it."""

import sys
from collections.abc import Sequence
from time import perf_counter

from bench.stage import NEO4J, Stage, say, tastegraph
from bench.table import Row, Section, spread

TITLE = "Startup"
HOW = (
    "Whole processes, in turn, after one round that is not counted. The embedded store's database "
    "starts and stops inside the process."
)
BOUNDS = {
    "`tastegraph --help`": "0.4 s",
    "`recommend 2` on Neo4j": "1.5 s",
    "`recommend 2` on the embedded store": "4 s",
}
ROUNDS = 7


def measure(stage: Stage) -> Section:
    """Time every command in turn."""
    commands = {"`tastegraph --help`": ["--help"], "`python -c pass`": []}
    for name, place in stage.stores().items():
        stage.ensure_trained(place)
        where = name if name == NEO4J else f"the {name}"
        commands[f"`recommend 2` on {where}"] = ["--store", place, "recommend", "2"]
    rounds = 1 + (2 if stage.quick else ROUNDS)
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds):
        say(f"round {number} of {rounds - 1}")
        for name, arguments in commands.items():
            seconds[name].append(_timed(stage, arguments))
    return section({name: values[1:] for name, values in seconds.items()}, stage.missing())


def section(seconds: dict[str, Sequence[float]], notes: list[str]) -> Section:
    """Render the seconds of each command."""
    rows = [
        Row(name, BOUNDS.get(name, ""), spread(values, "s")) for name, values in seconds.items()
    ]
    return Section(TITLE, HOW, rows, notes)


def _timed(stage: Stage, arguments: list[str]) -> float:
    command = [*tastegraph(), *arguments] if arguments else [sys.executable, "-c", "pass"]
    start = perf_counter()
    stage.run(command)
    return perf_counter() - start
