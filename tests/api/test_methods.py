"""Every command has its method, with the same names of options."""

import inspect

import click
import pytest

from tastegraph.api import loading
from tastegraph.api.graph import Graph
from tastegraph.cli import _COMMANDS, cli

# Commands whose method is called otherwise; a group's are its commands'.
METHODS = {
    "models list": "list_models",
    "models use": "use_model",
    "models remove": "remove_model",
    "mapping init": "propose_mapping",
    "query list": "list_queries",
    "query show": "show_query",
    "query run": "run_query",
}

# What is about printing or asking, and not about the answer.
PRINTING = {"format_", "json_", "output", "yes", "plot", "history_file", "save", "everybody"}

# Options of a command that belong to another method, or have a Python form.
ELSEWHERE = {
    "recommend": {"why_not"},
    "new-listener": {"sheet_template", "sheet_count"},
    "suggest-friends": {"evaluate", "holdout", "seed"},
    "evaluate": {"cold_start", "knobs"},
    "query run": {"write"},
    "connect-info": {"wait"},
}
NAMES = {
    "user_ids": "users",
    "user_id": "user",
    "other_id": "other",
    "tags": "tag",
    "excluded": "exclude_tag",
    "conditions": "where",
    "likes": "like",
    "friends": "friend",
    "span": "spotify_account",
    "ks": "k",
    "path": "source",
    "formats": "format",
    "master": "engine",
    "spark_conf": "engine",
}

# A page, a guide and made-up data have no graph behind them; the demo is load, train, recommend,
# the shell runs queries, and the page asks many methods.
WITHOUT_GRAPH = {"generate", "browser-guide", "demo", "serve", "shell"}


def commands() -> dict[str, click.Command]:
    found = {}
    for name in _COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        inner = command.commands if isinstance(command, click.Group) else {}
        found |= {f"{name} {each}": inner[each] for each in inner} or {name: command}
    return found


@pytest.mark.parametrize("name", sorted(set(commands()) - WITHOUT_GRAPH))
def test_a_command_has_a_method_with_its_options(name: str) -> None:
    method = getattr(Graph, METHODS.get(name, name.replace("-", "_")))
    parameters = inspect.signature(method).parameters
    options = {
        NAMES.get(option.name or "", option.name)
        for option in commands()[name].params
        if option.expose_value and option.name not in PRINTING
    }
    if name == "export-graph":
        options.add("output")
    missing = options - set(parameters) - ELSEWHERE.get(name, set())
    assert not missing


def test_made_up_data_is_written_from_python_too() -> None:
    parameters = set(inspect.signature(loading.generate).parameters)
    options = {option.name for option in commands()["generate"].params if option.expose_value}
    assert {name.rstrip("_") for name in options if name} == parameters - {"progress"}


@pytest.mark.parametrize(
    "method",
    [
        value
        for name, value in inspect.getmembers(Graph, inspect.isfunction)
        if not name.startswith("_")
    ],
)
def test_methods_are_documented_and_typed(method: object) -> None:
    assert method.__doc__
    signature = inspect.signature(method)  # type: ignore[arg-type]
    assert signature.return_annotation is not inspect.Signature.empty
    for name, parameter in signature.parameters.items():
        assert name == "self" or parameter.annotation is not inspect.Parameter.empty
