"""``tastegraph.toml``, and which store is used when several are named."""

import json
from pathlib import Path

import pytest

from tastegraph.commands.trusted_stores import require_trust
from tastegraph.errors import StoreAccessError
from tastegraph.models.algorithms.bpr import BprConfig
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
        ("stoer = 'x'", "stoer is no option; did you mean 'store'?"),
        ("[recomend]\nk = 3", "[recomend] is no command; did you mean 'recommend'?"),
        ("[algorithm.als]\nreg = 3", "[algorithm] is no command"),
        ("[recommend]\nkk = 3", "recommend.kk is no option"),
        ("[recommend]\nexclude_tags = 'x'", "did you mean 'exclude-tag'?"),
        ("recommend = 3", "[recommend]"),
        ("[recommend]\nk = [3]", "recommend.k takes one value"),
        ("[store]\nplace = 'x'", "store takes one value"),
        ("version = true", "version is no option"),
        (f"[recommend]\nk = {'9' * 5_000}", "can't be read"),
        (f"[recommend]\nk = 0x{'f' * 5_000}", "recommend.k is no value"),
        (f"[recommend]\ntag = [0x{'f' * 5_000}]", "recommend.tag is no value"),
        (f"[recommend]\nk = {'[' * 5_000}", "can't be read"),
        (f"[recommend]\nk = {'[' * 300}{']' * 300}", "recommend.k takes one value"),
    ],
)
def test_broken_file_is_an_error_in_a_sentence(text: str, message: str) -> None:
    configure(text)
    error = run("recommend", 2, code=1).stderr
    assert error.startswith("Error: ")
    assert "tastegraph.toml" in error
    assert message in error
    assert error.count("\n") == 1


def test_file_that_is_no_text_is_an_error() -> None:
    Path("tastegraph.toml").write_bytes(b"\xff\xfe\x00")
    assert "can't be read" in run("info", code=1).stderr


@pytest.mark.parametrize("text", ["store = ", "stoer = 1", "[recomend]", "recommend = 3", "\0"])
def test_broken_file_does_not_stop_help(text: str) -> None:
    configure(text)
    assert run("--help").stdout == run("-h").stdout
    assert "USER_ID" in run("recommend", "--help").stdout
    assert run("--version").stdout
    assert "Error: " in run("recommend", 2, code=1).stderr


def test_what_is_wrong_in_one_table_does_not_stop_other_commands(ask: Ask) -> None:
    configure("[recommend]\nkk = 3")
    ask("info")
    assert "recommend.kk is no option" in ask("recommend", 2, code=1).stderr


def test_a_traceback_of_a_broken_file_when_it_is_asked_for() -> None:
    configure("[recomend]")
    assert run("-v", "info", code=1).stderr.startswith("Traceback ")


def test_format_once_for_all_commands_that_print_rows(ask: Ask, small: Path) -> None:
    configure('format = "csv"\n[similar-users]\nformat = "jsonl"')
    assert ask("info").stdout.startswith("kind,count\n")
    assert ask("recommend", 2).stdout.startswith("user,rank,")
    assert ask("query", "run", "top-tags").stdout.startswith("tag,")
    assert ask("load", small, "--dry-run").stdout.startswith("kind,read,")
    assert ask("similar-users", 2).stdout.startswith("{")
    assert ask("info", "--json").stdout.startswith("[")
    assert ask("info", "--format", "tsv").stdout.startswith("kind\t")
    # Whose --format is that of the data, or who print no rows.
    run("generate", "data", "--users", 5, "--artists", 9)
    ask("plot", "top-tags", "-o", "a.png")


def test_format_of_a_command_in_a_group(ask: Ask) -> None:
    configure('format = "csv"\n[query.list]\nformat = "jsonl"')
    assert ask("query", "list").stdout.startswith("{")
    assert ask("query", "run", "top-tags").stdout.startswith("tag,")


def test_a_format_that_is_none_is_wrong_usage(ask: Ask) -> None:
    configure('format = "xml"')
    error = ask("info", code=2).stderr
    assert "'--format'" in error
    assert "tastegraph.toml" in error


def test_what_the_file_turns_on_is_turned_off_by_hand(ask: Ask) -> None:
    configure("[recommend]\nwhy = true\ninclude-known = true\nexact = true")
    assert "why" in ask.rows("recommend", 2)[0]
    off = ("--no-why", "--no-include-known", "--no-exact")
    assert ask.rows("recommend", 2, *off) == run_without_file(ask, "recommend", 2)


def run_without_file(ask: Ask, *words: object) -> list[dict[str, object]]:
    Path("tastegraph.toml").unlink()
    return ask.rows(*words)


def test_old_names_of_options_stand_for_the_new_ones(ask: Ask) -> None:
    configure("[suggest-friends]\ntaste-weight = 0\n[plot]\nartists = 40")
    assert {row["similarity"] for row in ask.rows("suggest-friends", 2)} == {0.0}
    ask("plot", "top-tags", "-o", "a.png")


def test_file_and_its_store_are_found_from_a_folder_below(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure('store = "stores/mine"\nformat = "csv"')
    Path("sub/deep").mkdir(parents=True)
    monkeypatch.chdir("sub/deep")
    run("load", small)
    assert (Path("../../stores/mine")).is_dir()
    assert "User,30" in run("info").stdout
    assert "'tastegraph train'" in run("recommend", 2, code=1).stderr


SLICE = ("--slices", 1, "--trials", 1, "--range", "epochs=1:1", "--range", "reg=0.5:0.5")


def test_saved_settings_belong_to_their_algorithm(
    change: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TASTEGRAPH_CACHE", str(tmp_path / "cache"))
    note = change("tune", "--algorithm", "als", *SLICE, "--save").stderr
    assert "takes the best settings of als from tastegraph.toml now" in note
    assert Path("tastegraph.toml").read_text(encoding="utf-8") == (
        '[train]\nalgorithm = "als"\n\n[algorithms.als]\nepochs = 1\nreg = 0.5\n'
    )

    def settings(*words: object) -> dict[str, object]:
        change("train", *words, "--dimensions", 4, "--weights", "embedding=1")
        (card,) = change.rows("query", "run", "model-card")
        return {"algorithm": card["algorithm"], **json.loads(card["parameters"])}

    own = settings()
    assert (own["algorithm"], own["epochs"], own["reg"]) == ("als", 1, 0.5)
    assert settings("--set", "reg=0.25")["reg"] == 0.25
    other = settings("--algorithm", "bpr", "--epochs", 2)
    assert (other["algorithm"], other["reg"]) == ("bpr", BprConfig().reg)


def test_tuning_leaves_alone_what_the_file_sets(change: Ask) -> None:
    configure('[train]\nalgorithm = "als"\ntune = "off"\n\n[algorithms.als]\nreg = 0.5\n')

    def trained(*words: object) -> tuple[dict[str, object], str]:
        ended = change("train", "--set", "dimensions=4", *words, "--format", "json")
        return {row["metric"]: row["value"] for row in json.loads(ended.stdout)}, ended.stderr

    off, _ = trained()
    assert "trials" not in off
    chosen, said = trained("--tune", "thorough")
    assert chosen["trials"] > 1
    assert "set by hand: reg=0.5, dimensions=4" in said
    (card,) = change.rows("query", "run", "model-card")
    assert json.loads(card["parameters"])["reg"] == 0.5
    _, said = trained("--tune", "quick", "--set", "unobserved=0.1", "--weights", "embedding=1")
    assert "all settings and weights are set by hand" in said


def test_nothing_is_searched_where_the_file_cannot_keep_it(ask: Ask) -> None:
    for text, place in (('train = "als"', "train"), ("algorithms = 3", "algorithms")):
        configure(text)
        error = ask("tune", "--algorithm", "als", "--trials", 10**6, "--save", code=1).stderr
        assert f"tastegraph.toml: {place} is to be a table" in error
        assert Path("tastegraph.toml").read_text(encoding="utf-8") == text


def test_a_setting_that_the_algorithm_has_not_is_said(ask: Ask) -> None:
    configure("[algorithms.als]\nregg = 3")
    assert "als has no setting 'regg'" in ask("train", "--algorithm", "als", code=1).stderr


@pytest.mark.parametrize("uri", ["bolt://stranger.invalid:7687", "neo4j+s://stranger.invalid"])
def test_a_files_server_gets_no_password_unasked(
    uri: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("NEO4J_PASSWORD", "top-secret")
    configure(f'store = "{uri}"')
    error = run("info", code=1).stderr
    assert "is not sent the environment's password unasked" in error
    assert "top-secret" not in error
    # Named by hand, it is the person's own wish.
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    assert "unasked" not in run("info", code=1).stderr


def test_a_server_that_was_agreed_to_is_not_asked_about_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("NEO4J_PASSWORD", "top-secret")
    file, uri = tmp_path / "tastegraph.toml", "bolt://stranger.invalid:7687"
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", lambda text, **_: asked.append(text) or len(asked) > 1)
    with pytest.raises(StoreAccessError):
        require_trust(file, uri)
    require_trust(file, uri)
    require_trust(file, uri)
    assert len(asked) == 2
    require_trust(file, "bolt://localhost:7687")
    monkeypatch.setenv("NEO4J_PASSWORD", "")
    require_trust(file, "bolt://other.invalid")
    assert len(asked) == 2


@pytest.mark.parametrize("words", [("doctor",), ("info",), ("-v", "info"), ("recommend", "2")])
@pytest.mark.parametrize("where", ["option", "environment", "file"])
def test_a_password_in_an_address_is_never_printed(
    words: tuple[str, ...], where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "bolt://neo4j:sec/r%et@127.0.0.1:1"
    if where == "file":
        configure(f"store = '{address}'")
    elif where == "environment":
        monkeypatch.setenv("NEO4J_URI", address)
    given = ("--store", address) if where == "option" else ()
    said = run(*given, *words, code=1)
    assert "NEO4J_PASSWORD" in said.output
    assert "sec" not in said.output
