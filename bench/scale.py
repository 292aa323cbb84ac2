"""``python -m bench.scale``: every command at sizes up to that of LastFM-360K.

Writes docs/scale.md. Data are invented by ``generate``; each command has a process of its own and
a limit of time, and one that fails or does not end is said on the page.
"""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bench.scale_fit import sweep
from bench.scale_page import PAGE, TEMPLATE, Results, Sweep, page
from bench.scale_steps import SIZES, STEPS, Measured, Place, arguments, measure
from bench.stage import EMBEDDED, NEO4J, say, tastegraph
from tests.neo4j_packages import NEO4J_5
from tests.neo4j_server import Neo4jServer

STORES = {"embedded": EMBEDDED, "neo4j": NEO4J}
DIMENSIONS = 64


@click.command(epilog="Example: python -m bench.scale S M --store embedded")
@click.argument("sizes", nargs=-1, type=click.Choice(list(SIZES)), metavar="[SIZE]...")
@click.option("--store", "stores", multiple=True, type=click.Choice(list(STORES)))
@click.option("--only", multiple=True, type=click.Choice(list(STEPS)), help="Steps after load.")
@click.option("--limit", default=1800.0, show_default=True, help="Seconds a command may take.")
@click.option(
    "--data", type=click.Path(path_type=Path), help="Folder to keep the invented data in."
)
@click.option("--fits/--no-fits", default=True, help="Also a sweep beside that of implicit.")
@click.option("--write/--no-write", default=True, help=f"Put the figures into docs/{PAGE.name}.")
def main(  # noqa: PLR0917
    sizes: tuple[str, ...],
    stores: tuple[str, ...],
    only: tuple[str, ...],
    limit: float,
    data: Path | None,
    fits: bool,
    write: bool,
) -> None:
    """Take each SIZE through the commands, on both stores; S and M unless told.

    The exit code is 1 where a command failed or did not end.
    """
    # A server that we started must not outlive us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    results = Results.read()
    failed = False
    with tempfile.TemporaryDirectory(prefix="tastegraph-scale-") as folder:
        for size in sizes or ("S", "M"):
            source = invented(size, data or Path(folder))
            if fits:
                results.put_sweep(raced(size, source, limit))
            for name in stores or STORES:
                with place_of(name) as place:
                    for step in through(place, size, source, limit, only):
                        failed |= not step.ended
                        results.put(step)
                        if write:
                            # Sizes take hours: what is there stays when the rest is broken off.
                            results.write()
    text = page(results, TEMPLATE.read_text(encoding="utf-8"))
    if write:
        results.write()
        PAGE.write_text(text, encoding="utf-8")
        say(f"{PAGE} is written")
    else:
        print(text)
    sys.exit(failed)


def invented(size: str, folder: Path) -> Path:
    """Tables of a size, made where they are not in ``folder`` yet."""
    place = folder.resolve() / size
    if not place.exists():
        users, artists = SIZES[size]
        say(f"{size}: inventing {users:,} users and {artists:,} artists")
        numbers = ["--users", str(users), "--artists", str(artists)]
        command = [*tastegraph(), "generate", str(place), *numbers, "--format", "tables"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return place


def through(
    place: Place, size: str, data: Path, limit: float, only: tuple[str, ...] = ()
) -> Iterator[Measured]:
    """Every step in order, or the first load and those that are named; ends where a load fails."""
    with tempfile.TemporaryDirectory(prefix="tastegraph-scale-") as folder:
        for step in STEPS:
            if only and step not in {*only, "load"}:
                continue
            done = measure(place, size, step, arguments(step, data, Path(folder)), limit)
            say(
                f"{size}, {done.store}, {done.step}: {done.outcome}, {done.seconds:.1f} s, "
                f"{done.processor:.1f} s of processor, {done.peak:,.0f} MB"
            )
            yield done
            if step == "load" and not done.ended:
                return


@contextmanager
def place_of(store: str) -> Iterator[Place]:
    """An empty store: a new folder, or a server of its own."""
    if store == "embedded":
        with tempfile.TemporaryDirectory(prefix="tastegraph-scale-") as folder:
            yield Place(EMBEDDED, str(Path(folder) / "store"))
        return
    with Neo4jServer(NEO4J_5, brief=False) as server:
        yield Place(NEO4J, server.uri, server.pid)


def raced(size: str, data: Path, limit: float) -> Sweep:
    """A sweep of ours and one of ``implicit``'s, one after the other."""
    mine, theirs = (sweep(name, data, DIMENSIONS, limit) for name in ("als", "implicit"))
    say(f"{size}: a sweep {mine['sweep']:.2f} s, implicit {theirs['sweep']:.2f} s")
    return Sweep(size, DIMENSIONS, mine["sweep"], theirs["sweep"], mine["peak"], theirs["peak"])


if __name__ == "__main__":
    main()
