"""``tastegraph.toml``, and which store is used when several are named."""

from pathlib import Path

import pytest

from tests.commands.running import Ask, from_csv, run


def configure(text: str) -> None:
    Path("tastegraph.toml").write_text(text, encoding="utf-8")


def store_in_use(*words: object) -> str:
    rows = from_csv(run(*words, "doctor", "--format", "csv", code=1).stdout)
    return rows[0]["detail"]


def test_store_by_option_then_environment_then_file_then_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert store_in_use() == "./tastegraph-store"
    configure('store = "from-file"')
    assert store_in_use() == "from-file"
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    assert store_in_use() == "bolt://127.0.0.1:1"
    monkeypatch.setenv("TASTEGRAPH_STORE", "from-environment")
    assert store_in_use() == "from-environment"
    assert store_in_use("--store", "from-option") == "from-option"


def test_defaults_of_commands_by_the_names_of_their_options(ask: Ask) -> None:
    configure(
        '[recommend]\nk = 3\nwhy = true\nformat = "csv"\ntag = "jazz"\nexclude-tag = ["folk"]\n'
        'novelty = 0.5\nsignals = "embedding"\n'
        "[similar-artists]\nk = 2\nmeasure = 'dot'\n[query.run]\nformat = 'csv'"
    )
    rows = from_csv(ask("recommend", 2).stdout)
    assert len(rows) == 3
    assert "why" in rows[0]
    assert {row["friends"] for row in rows} == {"0.0"}
    assert len(from_csv(ask("recommend", 2, "-k", 4).stdout)) == 4
    assert len(ask("similar-artists", 7).stdout.splitlines()) == 3
    assert len(from_csv(ask("query", "run", "user-listens").stdout)) == 10


@pytest.mark.parametrize(
    "text",
    [
        "[recommend]\nk = 'many'",
        "[recommend]\nk = 2.5",
        "[recommend]\nk = true",
        "[recommend]\nwhy = 3",
        "[recommend]\nnovelty = nan",
        "[recommend]\nformat = 'xml'",
        "store = ''",
        "verbose = 'often'",
    ],
)
def test_wrong_values_are_wrong_usage_and_say_where(text: str) -> None:
    configure(text)
    error = run("recommend", 2, code=2).stderr
    assert "Invalid value for" in error
    assert "tastegraph.toml" in error


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("store = ", "can't be read"),
        ("stoer = 'x'", "stoer is no option: did you mean store?"),
        ("[recomend]\nk = 3", "recomend is no option"),
        ("[recommend]\nkk = 3", "recommend.kk is no option"),
        ("[recommend]\nexclude_tags = 'x'", "did you mean exclude-tag?"),
        ("recommend = 3", "[recommend]"),
        ("[recommend]\nk = [3]", "recommend.k takes one value"),
        ("[store]\nplace = 'x'", "store takes one value"),
        ("version = true", "version is no option"),
    ],
)
def test_broken_file_is_an_error_in_a_sentence(text: str, message: str) -> None:
    configure(text)
    error = run("recommend", 2, code=1).stderr
    assert error.startswith("Error: tastegraph.toml")
    assert message in error
    assert error.count("\n") == 1


def test_file_that_is_no_text_is_an_error() -> None:
    Path("tastegraph.toml").write_bytes(b"\xff\xfe\x00")
    assert "can't be read" in run("info", code=1).stderr
