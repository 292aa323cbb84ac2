"""One command of each kind that writes, in an order in which each has something to do."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from click.testing import CliRunner

from tastegraph.cli import cli
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.synthetic.generate import generate
from tastegraph.loaders.write_files import write_hetrec
from tastegraph.models.storage.versions import list_models
from tests.faults.digest import assert_sound, digest
from tests.faults.forked import run

TRAINING = ("train", "--algorithm", "collective-als", "--epochs", 2, "--weights", "embedding=1")

# What each command says when it is repeated after it had done its work.
DONE_BEFORE = {
    "new-listener": "can't be the id of a new user",
    "forget": "there is no user",
    "models remove": "there is no model",
}


@dataclass(frozen=True)
class Sources:
    """Two folders with data; the second has more of everything."""

    first: Path
    second: Path

    @classmethod
    def make(cls, folder: Path) -> "Sources":
        write_hetrec(generate(40, 80, 7), folder / "first")
        write_hetrec(generate(60, 100, 8), folder / "second")
        return cls(folder / "first", folder / "second")


def commands(sources: Sources) -> dict[str, tuple[object, ...]]:
    """Names of the commands and their arguments; "{1}" is the id of the model of seed 1."""
    return {
        "load": ("load", sources.first),
        "train": (*TRAINING, "--dimensions", 8, "--seed", 1),
        "load more": ("load", sources.second),
        "update": ("update",),
        "new-listener": ("new-listener", "--like", 3, "--like", 5, "--friend", 2, "--save", 901),
        "hide": ("hide", 2, 7),
        "communities": ("communities", "--write"),
        "map": ("map",),
        "forget": ("forget", 3, "--yes"),
        "train again": (*TRAINING, "--dimensions", 6, "--seed", 2),
        "models use": ("models", "use", "{1}"),
        "unhide": ("unhide", 2, 7),
        "load in full": ("load", sources.second, "--replace"),
        "models remove": ("models", "remove", "{2}"),
    }


@dataclass(frozen=True)
class Undisturbed:
    """What is in the graph after a command that nobody killed, and how many messages it sent."""

    digest: dict[str, str]
    messages: int


def undisturbed(place: Settings, sources: Sources, desk: Path) -> dict[str, Undisturbed]:
    """Run all commands one after the other, each in a process of its own."""
    found = {}
    for name, arguments in commands(sources).items():
        ended = run(line(place, arguments), desk)
        assert ended.code == 0, (name, ended)
        found[name] = Undisturbed(state(place), ended.messages)
    return found


@dataclass(frozen=True)
class Blow:
    """How a command was hit: what it was, whether it came to it, and the code it ended with."""

    what: object
    hit: bool
    code: int


Strike = Callable[[str, list[object]], Blow]
"""Runs the named command with its arguments, and hits it at some moment."""


def disturbed(
    place: Settings,
    sources: Sources,
    expected: Mapping[str, Undisturbed],
    chosen: Collection[str],
    strike: Strike,
) -> int:
    """Strike the ``chosen`` commands of the chain and run them again; gives how many were hit.

    AssertionError where the graph is another than if nothing had happened.
    """
    hit = 0
    for name, arguments in commands(sources).items():
        full = line(place, arguments)
        blow = None
        if name in chosen:
            blow = strike(name, full)
            hit += blow.hit
        code, words = run_here(full)
        done = blow is not None and code == 1 and DONE_BEFORE.get(name, "?") in words
        assert code == 0 or done, (name, blow, words)
        if blow is not None:
            now = state(place)
            other = {part for part in now if now[part] != expected[name].digest[part]}
            assert not other, (name, blow, words, other)
    return hit


def run_here(arguments: list[object]) -> tuple[int, str]:
    """Run a command in this process, where it starts at once; gives its code and its words."""
    result = CliRunner().invoke(cli, list(map(str, arguments)))
    assert result.exception is None or isinstance(result.exception, SystemExit), arguments
    return result.exit_code, result.output


def line(place: Settings, arguments: tuple[object, ...]) -> list[object]:
    """The arguments for ``place``, with ids of models in them."""
    texts = list(map(str, arguments))
    if any(text.startswith("{") for text in texts):
        seeds = _by_seed(place)
        texts = [seeds.get(text, "gone") if text.startswith("{") else text for text in texts]
    return ["--store", place.place, *texts]


def _by_seed(place: Settings) -> dict[str, str]:
    with open_store(place) as store:
        models: pd.DataFrame = list_models(store)
    return {f"{{{seed}}}": id_ for id_, seed in zip(models["model"], models["seed"], strict=True)}


def state(place: Settings) -> dict[str, str]:
    """The digest of a graph in which nothing is half done."""
    with open_store(place) as store:
        assert_sound(store)
        return digest(store)
