"""Options that several commands share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

# What every generator of random numbers takes.
SEED = click.IntRange(0, 2**32 - 1)

# Databases set memory aside for as many rows as are asked for.
_MOST = 1_000_000

count_option = click.option(
    "-k", default=10, show_default=True, type=click.IntRange(1, _MOST), help="How many."
)

_SIGNALS = ("embedding", "friends", "tags")


def assignments_option(
    flag: str, name: str, metavar: str, text: str
) -> Callable[[Command], Command]:
    """An option that can be given several times, each NAME=VALUE; the command gets a dict."""

    def read(ctx: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> dict[str, str]:
        pairs = [text.partition("=") for text in texts]
        if wrong := [text for text, pair in zip(texts, pairs, strict=True) if not _is_pair(pair)]:
            raise click.BadParameter(f"{wrong[0]!r} is not {metavar}", ctx, option)
        return {name.strip(): value.strip() for name, _, value in pairs}

    return click.option(flag, name, multiple=True, metavar=metavar, callback=read, help=text)


def _is_pair(pair: tuple[str, str, str]) -> bool:
    name, sign, _ = pair
    return bool(sign and name.strip())


def unit_interval(ctx: click.Context, option: click.Parameter, value: float) -> float:
    """Accept a number from 0 to 1; NaN is none."""
    if not 0.0 <= value <= 1.0:
        raise click.BadParameter(f"{value} is not a number from 0 to 1", ctx, option)
    return value


def signals_option(command: Command) -> Command:
    """Add --signals, a list of signals separated by commas."""
    return click.option(
        "--signals",
        default="",
        callback=_signals,
        metavar=",".join(_SIGNALS),
        help="Score by these signals alone.",
    )(command)


def _signals(ctx: click.Context, option: click.Parameter, value: str) -> tuple[str, ...]:
    chosen = tuple(name.strip() for name in value.split(",") if name.strip())
    unknown = [name for name in chosen if name not in _SIGNALS]
    if unknown or (value and not chosen):
        raise click.BadParameter(
            f"{', '.join(unknown) or value!r} is no signal: choose among {', '.join(_SIGNALS)}",
            ctx,
            option,
        )
    return chosen
