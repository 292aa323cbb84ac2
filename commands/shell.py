"""``shell``: one query after the other at a prompt, with the store kept open."""

import shlex
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from tastegraph.commands.command import command
from tastegraph.commands.output import FORMATS, emit, output_format_option
from tastegraph.commands.query_arguments import parameters_of
from tastegraph.commands.session import Session, pass_session
from tastegraph.commands.statements import statements
from tastegraph.errors import InputError, TastegraphError
from tastegraph.graph.query_files import own_query, query_names

if TYPE_CHECKING:
    from tastegraph.api.graph import Graph

_HELP = """\
A semicolon or an empty line runs a query; a query of ours runs by its name, with its parameters:

  MATCH (a:Artist) RETURN a.name, a.listeners ORDER BY a.listeners DESC LIMIT 5;
  user-listens userId=2 k=5

:list            the queries of ours
:show NAME       one of them
:param NAME=VALUE ...
                 set parameters for what follows; alone, say which are set
:format FORMAT   how rows are printed: table, csv, tsv, json, jsonl
:help            this
:exit            leave, as Ctrl-D does; Ctrl-C cancels a query"""


@command(epilog="Example: tastegraph shell")
@click.option(
    "--write/--no-write",
    default=False,
    help="Let queries change the graph; otherwise they may only read.",
)
@output_format_option
@pass_session
def shell(session: Session, write: bool, format_: str) -> None:
    """Ask one query after the other at a prompt; the store stays open meanwhile.

    Tab completes labels, relationship types, properties and the queries of ours; Ctrl-C cancels
    a query and Ctrl-D leaves. Without a terminal, the statements come from standard input.
    Meanwhile other clients reach an embedded store as well: see connect-info.
    """
    with session.graph() as graph:
        talk = Conversation(graph, session, write, format_)
        if sys.stdin.isatty():
            _converse(talk)
        else:
            for statement in statements(sys.stdin.read()):
                if not talk.run(statement):
                    return


def _converse(talk: "Conversation") -> None:
    """Run what is typed until Ctrl-D or ``:exit``; errors are said, and it goes on."""
    from tastegraph.commands.shell_prompt import Prompt

    prompt = Prompt(talk.graph.vocabulary())
    talk.session.note(f"{talk.graph.settings.place} is open; :help says what can be typed")
    while True:
        try:
            text = prompt.ask()
        except EOFError:
            return
        except KeyboardInterrupt:
            continue
        try:
            if not all(talk.run(statement) for statement in statements(text)):
                return
        except KeyboardInterrupt:
            click.echo("Cancelled.", err=True)
        except click.ClickException as error:
            error.show()
        except TastegraphError as error:
            click.echo(f"Error: {talk.session.hints(str(error))}", err=True)


@dataclass
class Conversation:
    """What is said at a prompt, and what has been set before."""

    graph: "Graph"
    session: Session
    write: bool
    format_: str
    parameters: dict[str, Any] = field(default_factory=dict)

    def run(self, statement: str) -> bool:
        """Answer one statement; gives whether to go on."""
        word, _, rest = statement.partition(" ")
        if word.startswith(":"):
            return self._command(word, rest.strip())
        if word in query_names():
            given = parameters_of(word, shlex.split(rest))
            emit(self.graph.run_query(word, **given), self.format_)
        else:
            wanted = own_query(statement).parameters
            given = {name: self.parameters[name] for name in wanted if name in self.parameters}
            emit(self.graph.run_cypher(statement, given, write=self.write), self.format_)
        return True

    def _command(self, word: str, rest: str) -> bool:
        if word in (":exit", ":quit"):
            return False
        if word == ":help":
            click.echo(_HELP)
        elif word == ":list":
            emit(self.graph.list_queries(), self.format_)
        elif word == ":show":
            click.echo(self.graph.show_query(rest))
        elif word in (":param", ":params"):
            self._set(rest)
        elif word == ":format" and rest in FORMATS:
            self.format_ = rest
        else:
            raise InputError(
                f"{word} {rest}".strip() + " is no command: :help says which there are"
            )
        return True

    def _set(self, assignments: str) -> None:
        self.parameters |= parameters_of(None, shlex.split(assignments))
        if not assignments:
            for name, value in self.parameters.items():
                click.echo(f"{name} = {value!r}")
