"""``tastegraph``: the global options, and which module holds which command."""

import errno
import importlib
import os
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from tastegraph.commands.command import a_place
from tastegraph.commands.completion import complete_places
from tastegraph.commands.configuration import (
    ALGORITHMS,
    NAME,
    find_configuration,
    option_defaults,
    read_configuration,
)
from tastegraph.commands.interrupts import INTERRUPTED, run_to_the_end
from tastegraph.commands.output import FORMATS
from tastegraph.commands.session import Session
from tastegraph.errors import InputError, TastegraphError, UsageError
from tastegraph.graph.store.settings import DEFAULT_PLACE, SERVER_SCHEMES, default_place
from tastegraph.runtime.environment import STORE, URI
from tastegraph.runtime.nearest_names import did_you_mean
from tastegraph.runtime.printable import printable

# Modules are imported when their command is used, so that --help stays quick.
_COMMANDS = {
    "demo": ("tastegraph.commands.demo", "See it work on synthetic data, or on your own."),
    "generate": ("tastegraph.commands.data", "Write synthetic data to files."),
    "load": (
        "tastegraph.commands.data",
        "Put users, artists, tags, listens and friendships in the graph.",
    ),
    "export": ("tastegraph.commands.export", "Write the whole graph as tables that load reads."),
    "info": ("tastegraph.commands.data", "Count what is in the graph."),
    "migrate": ("tastegraph.commands.data", "Bring a graph of an earlier version up to date."),
    "doctor": ("tastegraph.commands.doctor", "Check the store, the data and the model."),
    "train": ("tastegraph.commands.train", "Learn vectors and write them into the graph."),
    "update": ("tastegraph.commands.newcomers", "Fold in what has changed since the training."),
    "recommend": (
        "tastegraph.commands.recommend",
        "Recommend artists, with the parts of each score.",
    ),
    "new-listener": (
        "tastegraph.commands.newcomers",
        "Recommend to somebody who is not in the data.",
    ),
    "models": ("tastegraph.commands.models", "List the last models, go back to one, remove one."),
    "hide": ("tastegraph.commands.hide", "Never recommend an artist to a user again."),
    "unhide": ("tastegraph.commands.hide", "Let a hidden artist be recommended again."),
    "forget": ("tastegraph.commands.hide", "Remove a user and all that is theirs."),
    "search": (
        "tastegraph.commands.query",
        "Find artists, tags and users by what they are called.",
    ),
    "show": ("tastegraph.commands.query", "Show what the graph knows of a user, artist or tag."),
    "similar-artists": ("tastegraph.commands.similar", "Find the artists nearest to an artist."),
    "similar-users": ("tastegraph.commands.similar", "Find the users nearest to a user."),
    "evaluate": ("tastegraph.commands.evaluate", "Compare models on held-out listens."),
    "tag-precision": (
        "tastegraph.commands.tag_precision",
        "Measure how far tags agree with the model.",
    ),
    "tune": ("tastegraph.commands.tune", "Search good settings of a model."),
    "friends": ("tastegraph.commands.social", "Compare a user with each friend."),
    "path": ("tastegraph.commands.social", "Show how two people are linked."),
    "compare-users": (
        "tastegraph.commands.social",
        "Compare the tastes of two users, and what each would like.",
    ),
    "suggest-friends": ("tastegraph.commands.social", "Suggest whom a user might befriend."),
    "communities": (
        "tastegraph.commands.network",
        "Find groups of friends, and what they listen to.",
    ),
    "influence": ("tastegraph.commands.network", "Find who is central among friends."),
    "export-graph": (
        "tastegraph.commands.network",
        "Write the people around a user as a graph file.",
    ),
    "analyse": ("tastegraph.commands.analyse", "Say what is in the graph, in figures."),
    "plot": ("tastegraph.commands.plot", "Draw the data or the model into a file."),
    "map": ("tastegraph.commands.map", "Place every artist on one map, for pages and Cypher."),
    "report": ("tastegraph.commands.analyse", "Put all figures and pictures on one page."),
    "query": (
        "tastegraph.commands.query",
        "List, show and run the graph queries, or Cypher of your own.",
    ),
    "shell": ("tastegraph.commands.shell", "Ask one query after the other at a prompt."),
    "connect-info": (
        "tastegraph.commands.connect_info",
        "Say how another client reaches the graph.",
    ),
    "mapping": ("tastegraph.commands.mapped", "Say what is what in somebody else's graph."),
    "write-back": (
        "tastegraph.commands.mapped",
        "Write vectors and recommendations into somebody else's graph.",
    ),
    "serve": ("tastegraph.commands.serve", "Serve a page to explore the graph, and its JSON."),
    "browser-guide": (
        "tastegraph.commands.browser_guide",
        "Give Neo4j Browser a guide, colours, scripts.",
    ),
}


class TastegraphGroup(click.Group):
    """Loads commands when they are used, and prints our errors as sentences."""

    # What keeps tastegraph.toml from being read; said when a command runs, not to --help.
    _unreadable: TastegraphError | None = None

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

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, and give it its defaults from tastegraph.toml."""
        is_known = args[0] in _COMMANDS or ctx.resilient_parsing
        if not is_known and (hint := did_you_mean(args[0], _COMMANDS)):
            ctx.fail(f"No such command {args[0]!r}{hint}")
        asks_for_help = any(word in ctx.help_option_names for word in args)
        is_run = not (asks_for_help or ctx.resilient_parsing)
        if self._unreadable is not None and is_run:
            raise self._unreadable
        name, command, rest = super().resolve_command(ctx, args)
        if name and command and ctx.default_map is not None:
            given = ctx.default_map.get(name, {})
            own = option_defaults(command, given, name) if is_run else {}
            ctx.default_map[name] = _with_common(command, own, ctx.default_map.get(_COMMON, {}))
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run, with defaults from tastegraph.toml."""
        self._unreadable = None
        try:
            extra.setdefault("default_map", self._defaults())
        except TastegraphError as error:
            self._unreadable = error
        return super().main(*args, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the global options."""
        with _printable_usage_errors(), _better_usage_errors():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error that a person can mend ends with exit code 1."""
        try:
            with _printable_usage_errors(), _better_usage_errors():
                return super().invoke(ctx)
        except UsageError as error:
            raise click.UsageError(printable(str(error))) from error
        except (TastegraphError, OSError, MemoryError) as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise
            # Before a command is found, nobody has made a session yet.
            session: Session | None = ctx.obj
            if session.verbose if session else ctx.params.get("verbose"):
                click.echo(printable(traceback.format_exc()), nl=False, err=True)
            text = _sentence(error)
            hint = session.hints(text) if session else text
            raise click.ClickException(printable(hint)) from error
        except (KeyboardInterrupt, click.Abort):
            if sys.stderr.isatty():
                click.echo(err=True)
            ctx.exit(INTERRUPTED)

    def _defaults(self) -> dict[str, Any]:
        """Defaults of the global options, and of the commands as they are written."""
        file = find_configuration()
        given = read_configuration(file)
        given.pop(ALGORITHMS, None)
        common = {"format": given.pop("format")} if "format" in given else {}
        tables = {name: given.pop(name) for name in _COMMANDS if name in given}
        own = {option.name for option in self.params}
        if unknown := [
            name for name, value in given.items() if isinstance(value, dict) and name not in own
        ]:
            raise InputError(
                f"{NAME}: [{unknown[0]}] is no command{did_you_mean(unknown[0], _COMMANDS)}"
            )
        defaults = option_defaults(self, given)
        if file is not None and defaults.get("store", "").strip():
            defaults["store"] = _seen_from(file, defaults["store"])
        return defaults | tables | {_COMMON: common}


# Where the defaults of all commands are among those of each.
_COMMON = "*"


def _with_common(
    command: click.Command, own: Mapping[str, Any], common: Mapping[str, Any]
) -> dict[str, Any]:
    """Defaults of ``command``: its ``own``, and before them what is said for all commands."""
    if isinstance(command, click.Group):
        inner = command.commands.items()
        return {**own} | {
            name: _with_common(each, own.get(name, {}), common) for name, each in inner
        }
    # That of a source, or of what is written, has other values.
    prints_rows = any(option.name == "format_" and _is_of_rows(option) for option in command.params)
    return ({"format_": common["format"]} if prints_rows and "format" in common else {}) | {**own}


def _is_of_rows(option: click.Parameter) -> bool:
    return isinstance(option.type, click.Choice) and {*FORMATS} <= {*option.type.choices}


def _seen_from(file: Path, place: str) -> str:
    """A store that ``file`` names: a folder as it is seen from the file's own."""
    folder = Path(place).expanduser()
    if place.startswith(SERVER_SCHEMES) or "://" in place or folder.is_absolute():
        return place
    return os.path.relpath(file.parent / folder)


@contextmanager
def _printable_usage_errors() -> Iterator[None]:
    """Let no argument that is quoted in an error steer the terminal."""
    try:
        yield
    except click.UsageError as error:
        said = error.format_message()
        if said == printable(said):
            raise
        raise click.UsageError(printable(said), error.ctx) from error


@contextmanager
def _better_usage_errors() -> Iterator[None]:
    """Say where a wrong value comes from, and how an id that begins with - is given."""
    try:
        yield
    except click.NoSuchOption as error:
        if not error.option_name[1:2].isdigit():
            raise
        message = f"{error.message} A name that begins with - stands behind --."
        raise click.NoSuchOption(error.option_name, message, ctx=error.ctx) from None
    except click.BadParameter as error:
        name = error.param.name if error.param else None
        source = error.ctx.get_parameter_source(name) if error.ctx and name else None
        if source is ParameterSource.DEFAULT_MAP:
            message = f"{error.message} It is set in {NAME}."
            raise click.BadParameter(message, error.ctx, error.param) from None
        raise


def _sentence(error: Exception) -> str:
    """The error without its number; a file's name with it."""
    if isinstance(error, MemoryError):
        return f"there is not enough memory for this ({error}): ask for less, or give it more"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def _is_default(ctx: click.Context, store: str) -> bool:
    """Whether a command without --store would use the same store."""
    if ctx.get_parameter_source("store") is not ParameterSource.COMMANDLINE:
        return True
    otherwise = STORE.value or URI.value or ctx.lookup_default("store") or default_place()
    return store == otherwise


@click.group(
    "tastegraph",
    cls=TastegraphGroup,
    epilog="Begin with: tastegraph demo. The options above may stand after the command as well.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--store",
    envvar=[STORE.name, URI.name],
    default=default_place,
    show_default=DEFAULT_PLACE,
    callback=a_place,
    shell_complete=complete_places,
    metavar="PLACE",
    help="Folder of the embedded store, here or in a folder above, or URI of a Neo4j server "
    "(bolt://, neo4j://). User name and password: NEO4J_USERNAME, NEO4J_PASSWORD.",
)
@click.option("--database", metavar="NAME", help="The server's database, if not its default.")
@click.option("-v", "--verbose", is_flag=True, help="Show where an error came from.")
@click.option("-q", "--quiet", is_flag=True, help="No progress and no notes.")
@click.version_option(package_name="tastegraph", prog_name="tastegraph")
@click.pass_context
def cli(ctx: click.Context, store: str, database: str | None, verbose: bool, quiet: bool) -> None:
    """Recommend music from a graph of users, artists, tags and friendships."""
    from_file = ctx.get_parameter_source("store") is ParameterSource.DEFAULT_MAP
    ctx.obj = Session(
        place=store,
        database=database,
        verbose=verbose,
        quiet=quiet,
        is_default=_is_default(ctx, store),
        named_by=find_configuration() if from_file else None,
    )


def main() -> None:
    """Entry point of the ``tastegraph`` command."""
    # A console that lacks a letter of some artist's name shows another sign in its place.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    # OpenBLAS's threads spin for 2^26 cycles after each product before they sleep, long after small
    # ones are done; it reads this once, when NumPy comes in.
    os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "20")
    run_to_the_end(cli)


if __name__ == "__main__":
    main()
