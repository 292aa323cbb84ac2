"""What holds for every command: help, exit codes, quiet ends, and the README."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tastegraph.cli import cli
from tests.commands.running import Ask, run, start
from tests.neo4j_packages import ROOT


def commands(group: click.Group = cli, names: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command, those of groups included."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*names, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*names, name))


COMMANDS = list(commands())


def run_code(code: str, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        env=os.environ | environment,
        check=False,
        capture_output=True,
        text=True,
    )


def command_of(names: tuple[str, ...]) -> click.Command:
    command: click.Command = cli
    for name in names:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    return command


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_help_explains_every_option_and_ends_with_an_example(names: tuple[str, ...]) -> None:
    text = run(*names, "--help").stdout
    assert text.strip().splitlines()[-1].startswith("  Example: tastegraph ")
    options = [each for each in command_of(names).params if isinstance(each, click.Option)]
    assert [option.name for option in options if not option.help] == []


# The demo is run by the tests of the demo, a shell is talked to by its own, and so is a server of
# somebody else's (test_mapped.py); a page is served until somebody ends it.
OWN_TESTS = {
    *(("demo",), ("shell",), ("serve",)),
    *(("mapping",), ("mapping", "init"), ("write-back",)),
}
TRIED = [each for each in COMMANDS if each not in OWN_TESTS]


@pytest.mark.parametrize("names", TRIED, ids=" ".join)
def test_example_works_after_the_demo(
    names: tuple[str, ...], change: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TASTEGRAPH_STORE", str(change.place))
    example = (command_of(names).epilog or "").removeprefix("Example: ")
    for line in example.split(" && "):
        program, *words = shlex.split(line)
        assert program == "tastegraph"
        result = run(*words)
        assert result.stdout or result.stderr
        assert "Error" not in result.stderr


def test_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [" ".join(name) for name in COMMANDS if not re.search(rf"\b{name[0]}\b", text)] == []


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom tastegraph.cli import cli\n"
        "try: cli(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'neo4j', 'pandas', 'numpy', 'scipy', 'tensorflow', 'jpype', 'rich', 'pyarrow'}\n"
        "sys.exit(' '.join(heavy & sys.modules.keys()) or 0)"
    )
    done = run_code(code)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Begin with: tastegraph demo" in done.stdout


@pytest.mark.parametrize(
    ("words", "heavy"),
    [
        (["recommend", "2"], {"tensorflow", "scipy", "networkx", "matplotlib"}),
        (["similar-artists", "2"], {"tensorflow", "scipy", "networkx", "matplotlib"}),
        (["query", "run", "top-tags"], {"tensorflow", "scipy", "networkx", "matplotlib"}),
        (["recommend", "2", "--why"], {"tensorflow", "networkx", "matplotlib"}),
    ],
)
def test_quick_answers_import_little(words: list[str], heavy: set[str], demo_store: Path) -> None:
    code = (
        "import sys\nfrom tastegraph.cli import cli\n"
        f"try: cli({words!r})\nexcept SystemExit as end: assert not end.code\n"
        f"sys.exit(' '.join({heavy!r} & sys.modules.keys()) or 0)"
    )
    done = run_code(code, TASTEGRAPH_STORE=str(demo_store))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("given", [{}, {"OPENBLAS_THREAD_TIMEOUT": "12"}])
def test_threads_sleep_soon_unless_told_otherwise(given: dict[str, str]) -> None:
    code = (
        "import os\nfrom tastegraph import cli\n"
        # The end of a run is the end of the process.
        "cli.run_to_the_end = lambda program: print(os.environ['OPENBLAS_THREAD_TIMEOUT'])\n"
        "cli.main()"
    )
    done = run_code(code, **given)
    assert done.stdout.split()[-1] == given.get("OPENBLAS_THREAD_TIMEOUT", "20")


def test_version() -> None:
    assert re.fullmatch(r"tastegraph, version \d+\.\d+\.\d+\n", run("--version").stdout)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("recomend", 2), "No such command 'recomend'; did you mean 'recommend'?"),
        (("xyz",), "No such command 'xyz'"),
        (("recommend", 2, "--store", ""), "'--store'"),
        (("info", "--stoer", "x"), "No such option"),
        (("similar-artists", "-5"), "A name that begins with - stands behind --"),
        (("show", "user", "-12"), "begins with - stands behind --"),
        (("recommend", 2, "-k", "²"), "'-k'"),
        (("load", ".", "--prune-tags", "²,3"), "is not two numbers"),
        (("info", "--nope"), "No such option"),
        (("--store", "", "info"), "'--store'"),
        (("load",), "Missing argument 'PATH'"),
        (("similar-users", 2, "--format", "xml"), "'--format'"),
    ],
)
def test_wrong_usage_ends_with_2(words: tuple[object, ...], message: str) -> None:
    assert message in run(*words, code=2).stderr
    assert list(Path().iterdir()) == []


def test_traceback_only_when_asked_for(ask: Ask) -> None:
    assert ask("recommend", 9999, code=1).stderr.startswith("Error: there is no user 9999")
    verbose = run("-v", "--store", ask.place, "recommend", 9999, code=1).stderr
    assert verbose.startswith("Traceback ")
    assert "NotFoundError" in verbose
    assert "\nError: there is no user 9999" in verbose


def test_quiet_leaves_notes_out(ask: Ask) -> None:
    words = ("--store", ask.place, "recommend", 2, "--tag", "jaz")
    assert run(*words).stderr.startswith("Note: ")
    assert run("-q", *words).stderr == ""


def test_closed_pipe_ends_quietly(demo_store: Path) -> None:
    for words in (("query", "list"), ("--store", demo_store, "recommend", "--all")):
        process = start(*words, stderr=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
        process.stderr.close()
        process.wait()


def test_console_without_the_letters_of_a_name(demo_store: Path) -> None:
    code = "from tastegraph.cli import main\nmain()"
    words = ("--store", str(demo_store), "query", "run", "top-artists", "-p", "k=800")
    done = run_code(code, *words, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 801
