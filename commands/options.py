"""Options that several commands share."""

import math
from collections.abc import Callable
from typing import Any, TypeVar

import click

from tastegraph.runtime.numbers import RANGES

Command = TypeVar("Command", bound=Callable[..., Any])


class _Real(click.FloatRange):
    """Numbers between bounds, which NaN is not."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read ``value``."""
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is no number.", param, ctx)
        return number


def number(name: str) -> click.IntRange | click.FloatRange:
    """The type of an option whose numbers are those of ``name`` in ``runtime.numbers.RANGES``."""
    within = RANGES[name]
    if within.whole:
        return click.IntRange(int(within.least), int(within.most))
    return _Real(within.least, within.most, min_open=within.above, max_open=within.below)


SEED = number("seed")

# Python reads no number of thousands of digits.
_DIGITS = 20


def whole_number(word: str, name: str) -> int | None:
    """``word`` as a whole number in the range of ``name``, or None where it is none."""
    is_one = word.isascii() and word.isdecimal() and len(word) < _DIGITS
    return int(word) if is_one and RANGES[name].holds(int(word)) else None


count_option = click.option(
    "-k",
    "--count",
    "k",
    default=10,
    show_default=True,
    type=number("k"),
    help="How many.",
)

_SIGNALS = ("embedding", "friends", "tags")


def assignments_option(
    flag: str, name: str, metavar: str, text: str, *, is_eager: bool = False
) -> Callable[[Command], Command]:
    """An option that can be given several times, each NAME=VALUE; the command gets a dict."""

    def read(ctx: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> dict[str, str]:
        pairs = [text.partition("=") for text in texts]
        if wrong := [text for text, pair in zip(texts, pairs, strict=True) if not _is_pair(pair)]:
            raise click.BadParameter(f"{wrong[0]!r} is not {metavar}", ctx, option)
        return {name.strip(): value.strip() for name, _, value in pairs}

    return click.option(
        flag, name, multiple=True, metavar=metavar, callback=read, help=text, is_eager=is_eager
    )


def _is_pair(pair: tuple[str, str, str]) -> bool:
    name, sign, _ = pair
    return bool(sign and name.strip())


def engine_options(command: Command) -> Command:
    """Add --engine, --master and --spark-conf; the command gets ``engine``, a Spark or None."""
    for option in reversed(_ENGINE):
        command = option(command)
    return command


def _engine(ctx: click.Context, option: click.Parameter, name: str | None) -> Any:
    """The Spark of all three options, which are read before this one."""
    master, settings = (ctx.params.pop(each, None) for each in ("master", "spark_conf"))
    if name is None and (master or settings):
        raise click.UsageError("--master and --spark-conf are of --engine spark: give that, too.")
    if name is None:
        return None
    from tastegraph.spark.engine import EVERYWHERE, Spark

    return Spark(master or EVERYWHERE, settings or {})


_ENGINE = (
    click.option(
        "--master",
        metavar="URL",
        is_eager=True,
        help="Where Spark works: local[2], spark://HOST:7077, yarn, k8s://...  "
        "[default: all cores of this machine]",
    ),
    assignments_option(
        "--spark-conf",
        "spark_conf",
        "NAME=VALUE",
        "A setting of Spark, such as spark.executor.memory=8g; repeatable.",
        is_eager=True,
    ),
    click.option(
        "--engine",
        type=click.Choice(["spark"]),
        callback=_engine,
        help="Spread the work over a Spark cluster (pip install 'tastegraph[spark]').",
    ),
)


def weights_option(command: Command) -> Command:
    """Add --weights, a list of SIGNAL=WEIGHT; the command gets a dict, empty without it."""
    return click.option(
        "--weights",
        default="",
        callback=_weights,
        metavar="SIGNAL=X,...",
        help="Weigh the signals by hand: embedding=1,friends=0.3,tags=0.2; one not named counts 0.",
    )(command)


def _weights(ctx: click.Context, option: click.Parameter, text: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for entry in filter(None, (word.strip() for word in text.split(","))):
        name, _, number = (part.strip() for part in entry.partition("="))
        try:
            weights[name] = float(number)
        except ValueError:
            weights[name] = math.nan
        if name not in _SIGNALS or not RANGES["weights"].holds(weights[name]):
            raise click.BadParameter(
                f"{entry!r} is no weight: write SIGNAL=X with a signal of {', '.join(_SIGNALS)} "
                f"and {RANGES['weights']}",
                ctx,
                option,
            )
    if text and not any(weights.values()):
        raise click.BadParameter("at least one weight must be above 0", ctx, option)
    return weights


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
