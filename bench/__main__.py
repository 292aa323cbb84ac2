"""``python -m bench``: the project's figures on real data, as Markdown."""

import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import click

from bench import (
    asking,
    browsing,
    choosing,
    fitting,
    loading,
    own_history,
    quality,
    queries,
    readme,
    serving,
    startup,
    training,
)
from bench.machine import machine_line
from bench.stage import DEFAULT_DATA, Stage
from bench.tenth import DATA, SPLIT
from tests.neo4j_packages import UnavailableError

PARTS: dict[str, ModuleType] = {
    "quality": quality,
    "fitting": fitting,
    "choosing": choosing,
    "loading": loading,
    "training": training,
    "asking": asking,
    "queries": queries,
    "startup": startup,
    "serving": serving,
    "browsing": browsing,
    "own-history": own_history,
}


@click.command(epilog="Example: python -m bench quality startup --write")
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)), metavar="[PART]...")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=DEFAULT_DATA,
    help=f"Folder with {DATA} and {SPLIT}; the default stands beside the repository.",
)
@click.option(
    "--store-uri", metavar="URI", help="An empty Neo4j to use (and wipe) instead of a new one."
)
@click.option("--repeats", default=3, show_default=True, type=click.IntRange(min=1))
@click.option("--quick", is_flag=True, help="A tenth of the data, once: to try it out.")
@click.option("--write", is_flag=True, help="Put the sections into bench/README.md as well.")
def main(  # noqa: PLR0917
    parts: tuple[str, ...],
    data: Path,
    store_uri: str | None,
    repeats: int,
    quick: bool,
    write: bool,
) -> None:
    """Measure, and print one table a PART; they are own-history, quality, fitting, choosing,
    loading, training, asking, queries, startup, serving and browsing.

    Without PART all are run. A part that can't be run is left out, and the exit code is 1.
    """
    # A server that we started must not outlive us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    check_data(data)
    if quick and write:
        raise click.UsageError("--quick is to try it out; its figures don't go into README.md.")
    failed = False
    with Stage(data.resolve(), store_uri, quick, repeats) as stage:
        for name in parts or PARTS:
            section = measured(name, stage)
            failed |= section is None
            if section is None:
                continue
            print(section, flush=True)
            if write:
                titles = [part.TITLE for part in PARTS.values()]
                readme.write({PARTS[name].TITLE: section}, titles)
    sys.exit(failed)


def check_data(data: Path) -> None:
    """End with what to do where the data is not there."""
    for folder in (DATA, SPLIT):
        if not (data / folder).is_dir():
            raise click.ClickException(
                f"{data} holds no {folder}. Say with --data where the real data is: a folder "
                f"with {DATA} and {SPLIT}."
            )


def measured(name: str, stage: Stage) -> str | None:
    """Run a part; gives its section, or None where it can't be run."""
    print(f"{name}:", file=sys.stderr)
    try:
        section = PARTS[name].measure(stage)
    except UnavailableError as reason:
        print(f"{name} is left out: {reason}", file=sys.stderr)
        return None
    except subprocess.CalledProcessError as error:
        print(f"{name} failed: {' '.join(error.cmd)}\n{error.stderr[-2000:]}", file=sys.stderr)
        return None
    markdown: str = section.markdown(machine_line())
    return markdown


if __name__ == "__main__":
    main()
