"""``tastegraph``: the global options, and which module holds which command."""

import importlib
import signal
import sys
import tomllib
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

import click

from commands.session import Session
from graph.errors import InputError, TastegraphError
from graph.settings import DEFAULT_PLACE

CONFIG = Path("tastegraph.toml")

# Modules are imported when their command is used, so that --help stays quick.
_COMMANDS = {
    "demo": ("commands.demo", "See it work on synthetic data, or on your own."),
    "generate": ("commands.data", "Write synthetic data to files."),
    "load": ("commands.data", "Put users, artists, tags, listens and friendships in the graph."),
    "info": ("commands.data", "Count what is in the graph."),
    "doctor": ("commands.doctor", "Check the store, the data and the model."),
    "train": ("commands.train", "Learn vectors and write them into the graph."),
    "recommend": ("commands.recommend", "Recommend artists, with the parts of each score."),
    "similar-artists": ("commands.similar", "Find the artists nearest to an artist."),
    "similar-users": ("commands.similar", "Find the users nearest to a user."),
    "query": ("commands.query", "List, show and run the graph queries."),
}


class TastegraphGroup(click.Group):
    """Loads commands when they are used, and prints our errors as sentences."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which a newcomer needs them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module that holds ``cmd_name``."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(_COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run, with defaults from tastegraph.toml."""
        try:
            extra.setdefault("default_map", _configured())
        except TastegraphError as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(1)
        return super().main(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error that a person can mend ends with exit code 1."""
        try:
            return super().invoke(ctx)
        except TastegraphError as error:
            if ctx.params.get("verbose"):
                traceback.print_exc()
            raise click.ClickException(str(error)) from error


def _configured() -> dict[str, Any]:
    if not CONFIG.is_file():
        return {}
    try:
        return tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"{CONFIG} in this folder can't be read: {error}. Mend it") from error


@click.group(cls=TastegraphGroup, epilog="Begin with: tastegraph demo")
@click.option(
    "--store",
    envvar=["TASTEGRAPH_STORE", "NEO4J_URI"],
    default=DEFAULT_PLACE,
    show_default=True,
    metavar="PLACE",
    help="Folder of the embedded store, or URI of a Neo4j server (bolt://, neo4j://). "
    "User name and password: NEO4J_USERNAME, NEO4J_PASSWORD.",
)
@click.option("--database", metavar="NAME", help="The server's database, if not its default.")
@click.option("-v", "--verbose", is_flag=True, help="Say more; show where an error came from.")
@click.option("-q", "--quiet", is_flag=True, help="No progress and no notes.")
@click.version_option(package_name="tastegraph")
@click.pass_context
def cli(ctx: click.Context, store: str, database: str | None, verbose: bool, quiet: bool) -> None:
    """Recommend music from a graph of users, artists, tags and friendships."""
    ctx.obj = Session(place=store, database=database, verbose=verbose, quiet=quiet)


def main() -> None:
    """Entry point of the ``tastegraph`` command."""
    signal.signal(signal.SIGTERM, _terminate)
    cli()


def _terminate(number: int, frame: FrameType | None) -> None:
    """End as after an error, so that an embedded store is closed."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
