"""What all commands have in common: global options after their name, and options' old names."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import click

from tastegraph.commands.completion import complete_places
from tastegraph.commands.session import Session

Function = TypeVar("Function", bound=Callable[..., Any])


class Command(click.Command):
    """A command that takes the global options, too.

    renamed  old flags and what they are called now; "" where the value stands by itself now.
             Old ones go on working for a release, with a note
    """

    def __init__(
        self, *args: Any, renamed: Mapping[str, str] | None = None, **attributes: Any
    ) -> None:
        super().__init__(*args, **attributes)
        self.renamed = renamed or {}
        taken = {flag for option in self.params for flag in option.opts}
        self.params += [option for option in _global_options() if not taken & {*option.opts}]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options, old names of them as well."""
        return super().parse_args(ctx, self._renewed(ctx, args))

    def _renewed(self, ctx: click.Context, args: list[str]) -> list[str]:
        """``args`` with new names for old ones; values that stand by themselves now come last."""
        now: list[str] = []
        last: list[str] = []
        rest = iter(args)
        for arg in rest:
            if arg == "--":
                break
            flag, value = _parts(arg)
            new = self.renamed.get(flag)
            if new is None:
                now.append(arg)
                continue
            _say_renamed(ctx, flag, new)
            if new:
                now += [new] if value is None else [new, value]
            else:
                last += [next(rest, "")] if value is None else [value]
        behind = [*rest, *last]
        return [*now, "--", *behind] if behind else now


def _parts(arg: str) -> tuple[str, str | None]:
    """An option's flag, and its value where it is in the same word."""
    if arg.startswith("-") and not arg.startswith("--"):
        return arg[:2], arg[2:].removeprefix("=") or None
    flag, sign, value = arg.partition("=")
    return flag, value if sign else None


def _say_renamed(ctx: click.Context, flag: str, new: str) -> None:
    session = ctx.find_object(Session)
    if session is not None:
        instead = f"is called {new} now" if new else "is not needed: its value stands by itself"
        session.note(f"{flag} {instead}; the old name goes with the next release")


def command(name: str | None = None, **attributes: Any) -> Callable[[Function], Command]:
    """Make a command of a function, as ``click.command`` does."""
    attributes.setdefault("cls", Command)
    make: Callable[[Function], Command] = click.command(name, **attributes)
    return make


def _global_options() -> list[click.Option]:
    shared: dict[str, Any] = {
        "hidden": True,
        "expose_value": False,
        "help": "The same as before the command.",
    }
    return [
        click.Option(
            ["--store"],
            metavar="PLACE",
            callback=_store,
            shell_complete=complete_places,
            **shared,
        ),
        click.Option(["--database"], metavar="NAME", callback=_database, **shared),
        click.Option(["-v", "--verbose"], is_flag=True, callback=_verbose, **shared),
        click.Option(["-q", "--quiet"], is_flag=True, callback=_quiet, **shared),
    ]


def a_place(ctx: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Refuse an empty name, which would mean the current folder."""
    if value is not None and not value.strip():
        raise click.BadParameter("name a folder or a server", ctx, option)
    return value


def _store(ctx: click.Context, option: click.Parameter, value: str | None) -> None:
    if (place := a_place(ctx, option, value)) is not None:
        _change(ctx, place=place, is_default=False, named_by=None)


def _database(ctx: click.Context, option: click.Parameter, value: str | None) -> None:
    if value is not None:
        _change(ctx, database=value)


def _verbose(ctx: click.Context, option: click.Parameter, value: bool) -> None:
    if value:
        _change(ctx, verbose=True)


def _quiet(ctx: click.Context, option: click.Parameter, value: bool) -> None:
    if value:
        _change(ctx, quiet=True)


def _change(ctx: click.Context, **values: Any) -> None:
    """Let the run's session, and not only this command's, know: errors are printed outside it."""
    session = ctx.find_object(Session)
    if session is not None:
        ctx.find_root().obj = ctx.obj = replace(session, **values)
