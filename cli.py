"""``tastegraph``: the global options, and which module holds which command."""

import errno
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

import click
from click.core import ParameterSource

from tastegraph.commands.configuration import CONFIG, option_defaults, read_configuration
from tastegraph.commands.session import Session
from tastegraph.errors import TastegraphError
from tastegraph.graph.store.settings import DEFAULT_PLACE

# What a shell expects of a program that Ctrl-C ended.
_INTERRUPTED = 128 + signal.SIGINT

# Modules are imported when their command is used, so that --help stays quick.
_COMMANDS = {
    "demo": ("tastegraph.commands.demo", "See it work on synthetic data, or on your own."),
    "generate": ("tastegraph.commands.data", "Write synthetic data to files."),
    "load": (
        "tastegraph.commands.data",
        "Put users, artists, tags, listens and friendships in the graph.",
    ),
    "info": ("tastegraph.commands.data", "Count what is in the graph."),
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
    "forget": ("tastegraph.commands.forget", "Remove a user and all that is theirs."),
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
    "report": ("tastegraph.commands.report", "Put all figures and pictures on one page."),
    "query": ("tastegraph.commands.query", "List, show and run the graph queries."),
    "browser-guide": (
        "tastegraph.commands.browser_guide",
        "Give Neo4j Browser a guide, colours, scripts.",
    ),
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

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, and give it its defaults from tastegraph.toml."""
        _refuse_unknown(ctx, args[0])
        name, command, rest = super().resolve_command(ctx, args)
        if name and command and ctx.default_map and name in ctx.default_map:
            ctx.default_map[name] = option_defaults(command, ctx.default_map[name], name)
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run, with defaults from tastegraph.toml."""
        try:
            extra.setdefault("default_map", self._defaults())
        except TastegraphError as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(1)
        return super().main(*args, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the global options."""
        with _better_usage_errors(self):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error that a person can mend ends with exit code 1."""
        try:
            with _better_usage_errors(self):
                return super().invoke(ctx)
        except (TastegraphError, OSError) as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise
            if ctx.params.get("verbose"):
                traceback.print_exc()
            raise click.ClickException(_sentence(error)) from error
        except (KeyboardInterrupt, click.Abort):
            if sys.stderr.isatty():
                click.echo(err=True)
            ctx.exit(_INTERRUPTED)

    def _defaults(self) -> dict[str, Any]:
        given = read_configuration()
        tables = {name: given.pop(name) for name in _COMMANDS if name in given}
        return option_defaults(self, given) | tables


@contextmanager
def _better_usage_errors(group: click.Group) -> Iterator[None]:
    """Say where a wrong value comes from, and where a global option belongs."""
    try:
        yield
    except click.BadParameter as error:
        name = error.param.name if error.param else None
        source = error.ctx.get_parameter_source(name) if error.ctx and name else None
        if source is ParameterSource.DEFAULT_MAP:
            message = f"{error.message} It is set in {CONFIG}."
            raise click.BadParameter(message, error.ctx, error.param) from None
        raise
    except click.NoSuchOption as error:
        if any(error.option_name in option.opts for option in group.params):
            message = f"{error.option_name} goes before the command."
            raise click.UsageError(message, error.ctx) from None
        raise


def _sentence(error: Exception) -> str:
    """The error without its number; a file's name with it."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def _refuse_unknown(ctx: click.Context, name: str) -> None:
    from difflib import get_close_matches

    near = get_close_matches(name, _COMMANDS, n=1)
    if name not in _COMMANDS and near:
        ctx.fail(f"No such command {name!r}. Did you mean {near[0]!r}?")


def _store_otherwise(ctx: click.Context) -> str:
    """The store that a command would use without --store."""
    option = next(option for option in ctx.command.params if option.name == "store")
    return str(option.value_from_envvar(ctx) or ctx.lookup_default("store") or DEFAULT_PLACE)


def _a_place(ctx: click.Context, option: click.Parameter, value: str) -> str:
    """Refuse an empty name, which would mean the current folder."""
    if not value.strip():
        raise click.BadParameter("name a folder or a server", ctx, option)
    return value


@click.group("tastegraph", cls=TastegraphGroup, epilog="Begin with: tastegraph demo")
@click.option(
    "--store",
    envvar=["TASTEGRAPH_STORE", "NEO4J_URI"],
    default=DEFAULT_PLACE,
    show_default=True,
    callback=_a_place,
    metavar="PLACE",
    help="Folder of the embedded store, or URI of a Neo4j server (bolt://, neo4j://). "
    "User name and password: NEO4J_USERNAME, NEO4J_PASSWORD.",
)
@click.option("--database", metavar="NAME", help="The server's database, if not its default.")
@click.option("-v", "--verbose", is_flag=True, help="Show where an error came from.")
@click.option("-q", "--quiet", is_flag=True, help="No progress and no notes.")
@click.version_option(package_name="tastegraph", prog_name="tastegraph")
@click.pass_context
def cli(ctx: click.Context, store: str, database: str | None, verbose: bool, quiet: bool) -> None:
    """Recommend music from a graph of users, artists, tags and friendships."""
    named = ctx.get_parameter_source("store") is ParameterSource.COMMANDLINE
    ctx.obj = Session(
        place=store,
        database=database,
        verbose=verbose,
        quiet=quiet,
        is_default=not named or store == _store_otherwise(ctx),
    )


def main() -> None:
    """Entry point of the ``tastegraph`` command."""
    signal.signal(signal.SIGTERM, _terminate)
    # A console that lacks a letter of some artist's name shows another sign in its place.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        cli()
    except KeyboardInterrupt:
        _leave(_INTERRUPTED)
    except SystemExit as end:
        _leave(end.code if isinstance(end.code, int) else int(end.code is not None))


def _leave(code: int) -> None:
    """End with ``code``, at once where a JVM runs in this process.

    Its store is closed by now; taking the JVM itself down would take half a second more, and
    has been seen to crash.
    """
    if "jpype" in sys.modules:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _terminate(number: int, frame: FrameType | None) -> None:
    """End as after an error, so that an embedded store is closed."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
