"""The prompt of the shell: history, completion, and which Enter runs what was typed."""

import re
from collections.abc import Iterable, Iterator

from platformdirs import user_state_path
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import completion_is_selected
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from tastegraph.commands.statements import is_complete
from tastegraph.graph.query_files import query, query_names, without_asides
from tastegraph.graph.vocabulary import Vocabulary

_COMMANDS = (":exit", ":format", ":help", ":list", ":param", ":show")

_KEYWORDS = (
    *("AND", "AS", "ASC", "BY", "CALL", "CASE", "COLLECT", "CONTAINS", "COUNT", "CREATE"),
    *(
        "DELETE",
        "DESC",
        "DETACH",
        "DISTINCT",
        "ELSE",
        "END",
        "ENDS WITH",
        "EXISTS",
        "IN",
        "IS NULL",
    ),
    *("LIMIT", "MATCH", "MERGE", "NOT", "ON", "OPTIONAL MATCH", "OR", "ORDER BY", "REMOVE"),
    *("RETURN", "SET", "SKIP", "STARTS WITH", "THEN", "UNION ALL", "UNWIND", "WHEN", "WHERE"),
    *("WITH", "XOR", "YIELD"),
)

# The name of a query or a command of the shell, whose hyphens and colon belong to it.
_FIRST_WORD = re.compile(r"\A\s*(?::show\s+)?(:?[\w-]*)\Z")

# What is being typed otherwise, and behind what a label or a type follows.
_NAME = re.compile(r"(\w*)\Z")
_KIND_FOLLOWS = re.compile(r"[:|!&]\s*\Z")
_PROPERTY_FOLLOWS = re.compile(r"[\w`)\]]\.\Z")

_CLOSING = {")": "(", "]": "[", "}": "{"}


class Prompt:
    """Reads statements from the terminal."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._session: PromptSession[str] = PromptSession(
            "tastegraph> ",
            history=_history(),
            completer=CypherCompleter(vocabulary),
            complete_while_typing=False,
            multiline=True,
            prompt_continuation="       ...> ",
            key_bindings=_bindings(),
        )

    def ask(self) -> str:
        """What is typed next; EOFError for Ctrl-D, KeyboardInterrupt for Ctrl-C."""
        return self._session.prompt()


class CypherCompleter(Completer):
    """Completes what a query may name where the cursor stands."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterator[Completion]:
        """Names and words that begin as the word before the cursor does."""
        text = document.text_before_cursor
        typed = _FIRST_WORD.search(text) or _NAME.search(text)
        begun = typed[1] if typed else ""
        before = text[: len(text) - len(begun)]
        if _is_in_a_string(before):
            return
        for name in self._names(before, begun):
            yield Completion(name, start_position=-len(begun))

    def _names(self, before: str, begun: str) -> Iterable[str]:
        """What fits behind ``before`` and begins as ``begun`` does."""
        words = before.split(maxsplit=1)
        if not words:
            return _beginning((*_COMMANDS, *query_names(), *_KEYWORDS), begun)
        if words[0] in query_names():
            return _beginning([f"{name}=" for name in query(words[0]).examples], begun)
        if words[0] == ":show":
            return _beginning(query_names(), begun)
        return _beginning(self._parts_of_cypher(before, begun), begun)

    def _parts_of_cypher(self, before: str, begun: str) -> Iterable[str]:
        """Labels, types or properties where these follow; otherwise keywords, once begun."""
        within, known = _open_bracket(before), self._vocabulary
        if within == "{" and before.rstrip().endswith(("{", ",")):
            return (*map(_quoted, known.properties), *_KEYWORDS)
        if within != "{" and _KIND_FOLLOWS.search(before):
            return map(_quoted, known.types if within == "[" else known.labels)
        if _PROPERTY_FOLLOWS.search(before):
            return map(_quoted, known.properties)
        return _KEYWORDS if begun else ()


def _is_in_a_string(text: str) -> bool:
    return any(sign in without_asides(text) for sign in "'\"")


def _open_bracket(text: str) -> str:
    """The bracket in which ``text`` ends, if it does in one."""
    opened: list[str] = []
    for sign in without_asides(text):
        if sign in _CLOSING.values():
            opened.append(sign)
        elif opened and _CLOSING.get(sign) == opened[-1]:
            opened.pop()
    return opened[-1] if opened else ""


def _quoted(name: str) -> str:
    """``name`` as it stands in a query."""
    return name if re.fullmatch(r"[^\W\d]\w*", name) else f"`{name.replace('`', '``')}`"


def _beginning(names: Iterable[str], begun: str) -> Iterator[str]:
    """Those of ``names`` that begin as ``begun`` does; keywords in small letters where it is."""
    small = begun.islower()
    for name in names:
        if name.lower().startswith(begun.lower()):
            yield name.lower() if small and name in _KEYWORDS else name


def _bindings() -> KeyBindings:
    bindings = KeyBindings()

    @bindings.add("enter", filter=~completion_is_selected)
    def run_or_go_on(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if is_complete(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    return bindings


def _history() -> History:
    """What was typed before, in a file that nobody else may read; in memory where there is none."""
    try:
        folder = user_state_path("tastegraph", appauthor=False, ensure_exists=True)
        file = folder / "shell-history"
        file.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(file))
