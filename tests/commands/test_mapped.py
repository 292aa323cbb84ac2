"""``mapping init``, ``load --mapping`` and ``write-back`` as they are typed."""

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from tastegraph.cli import cli
from tests.commands.running import Ask, run
from tests.contract.own_graph import Theirs, shop
from tests.neo4j_packages import ROOT
from tests.neo4j_server import Auth

PAGE = (ROOT / "docs" / "own-graph.md").read_text(encoding="utf-8")


@pytest.fixture
def address(empty_neo4j: str, neo4j_auth: Auth, monkeypatch: pytest.MonkeyPatch) -> str:
    if neo4j_auth:
        monkeypatch.setenv("TASTEGRAPH_SOURCE_USERNAME", neo4j_auth[0])
        monkeypatch.setenv("TASTEGRAPH_SOURCE_PASSWORD", neo4j_auth[1])
    shop(Theirs(empty_neo4j, None, neo4j_auth))
    return empty_neo4j


def test_the_whole_way(address: str, tmp_path: Path) -> None:
    made = run("mapping", "init", address, "-o", "mapping.toml")
    assert made.stdout == ""
    assert "mapping.toml is a proposal" in made.stderr
    assert (
        Path("mapping.toml").read_text(encoding="utf-8") == run("mapping", "init", address).stdout
    )
    ask = Ask(tmp_path / "store")
    dry = ask("load", address, "--mapping", "mapping.toml", "--dry-run", "--json")
    assert not (tmp_path / "store").exists()
    loaded = ask("load", address, "--mapping", "mapping.toml", "--json")
    assert loaded.stdout == dry.stdout
    assert "No model" not in loaded.stderr
    untrained = ask("write-back", address, "--mapping", "mapping.toml", code=1).stderr
    assert "train'" in untrained
    ask("train", "--dimensions", 8, "--epochs", 2, "--tune", "off")
    assert ask.rows("write-back", address, "--mapping", "mapping.toml") == [
        {"kind": "user vectors", "written": 30, "removed": 0},
        {"kind": "artist vectors", "written": 24, "removed": 0},
        {"kind": "recommendations", "written": 0, "removed": 0},
    ]
    # Without a store, too.
    gone = Ask(tmp_path / "none").rows("write-back", address, "--remove")
    assert [row["removed"] for row in gone] == [30, 24, 0]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("load", "bolt://127.0.0.1:1"), 2, "needs a mapping"),
        (("load", "folder", "--mapping", "m.toml"), 2, "go with the address of a graph"),
        (("load", "folder", "--source-database", "x"), 2, "go with the address of a graph"),
        (("load", "http://127.0.0.1", "--mapping", "m.toml"), 1, "no address of a graph"),
        (("load", "bolt://127.0.0.1:1", "--mapping", "m.toml"), 1, "m.toml can't be read"),
        (("load", "bolt://127.0.0.1:1", "--mapping", "m.toml", "--user", "x"), 2, "not go with"),
        (("write-back", "bolt://127.0.0.1:1"), 2, "needs the mapping"),
        (("write-back", "bolt://127.0.0.1:1", "--remove"), 1, "no graph server answers"),
        (("mapping", "init", "folder"), 1, "no address of a graph"),
        (("mapping", "init", "bolt://127.0.0.1:1"), 1, "no graph server answers"),
    ],
    ids=str,
)
def test_what_does_not_go_is_said(words: tuple[str, ...], code: int, said: str) -> None:
    assert said in run(*words, code=code).stderr


@pytest.mark.parametrize(
    "words", [("load", "--mapping", "m.toml"), ("write-back", "--remove"), ("mapping", "init")]
)
@pytest.mark.parametrize("address", ["bolt://neo4j:s3cret@h", "bolt:/neo4j:s3cret@h"])
def test_no_password_of_an_address_is_shown(words: tuple[str, ...], address: str) -> None:
    said = CliRunner().invoke(cli, [*words, address])
    assert said.exit_code == 1
    assert "TASTEGRAPH_SOURCE_PASSWORD" in said.output
    assert "s3cret" not in said.output


def test_the_credentials_of_the_store_are_not_sent(
    address: str, neo4j_auth: Auth, monkeypatch: pytest.MonkeyPatch
) -> None:
    if neo4j_auth is None:
        # A server that asks for nothing takes everything.
        monkeypatch.setenv("TASTEGRAPH_SOURCE_USERNAME", "neo4j")
        said = run("mapping", "init", address, code=1).stderr
        assert "set TASTEGRAPH_SOURCE_PASSWORD" in said
        return
    for name in ("USERNAME", "PASSWORD"):
        monkeypatch.setenv(f"NEO4J_{name}", monkeypatch.setenv.__name__)
        monkeypatch.delenv(f"TASTEGRAPH_SOURCE_{name}")
    assert "are not sent there" in run("mapping", "init", address, code=1).stderr


def test_mappings_of_the_page_are_mappings(tmp_path: Path) -> None:
    from tastegraph.graph.mapped.read_mapping import read_mapping

    blocks = [block.split("```")[0] for block in PAGE.split("```toml\n")[1:]]
    whole = [block for block in blocks if "[users]" in block]
    assert len(whole) == 2
    for at, block in enumerate(whole):
        file = tmp_path / f"{at}.toml"
        file.write_text(block, encoding="utf-8")
        read_mapping(file)
    assert all("cypher" in tomllib.loads(block)["listens"] for block in set(blocks) - set(whole))
