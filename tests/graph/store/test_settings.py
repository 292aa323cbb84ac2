"""Where the graph lives, from what a person wrote."""

from pathlib import Path

import pytest

from tastegraph.errors import InputError
from tastegraph.graph.store.settings import Settings

SERVERS = ["bolt", "neo4j", "bolt+s", "neo4j+s", "bolt+ssc", "neo4j+ssc"]


@pytest.mark.parametrize("scheme", SERVERS)
def test_servers(scheme: str) -> None:
    settings = Settings.of(f"{scheme}://localhost:7687", "music")
    assert settings.is_server
    assert settings.database == "music"


@pytest.mark.parametrize("place", ["http://localhost:7474", "ftp://x", "Bolt+x://h", "://"])
def test_other_addresses_are_refused(place: str) -> None:
    with pytest.raises(InputError, match=r"no place for a graph.*bolt://.*neo4j\+ssc://"):
        Settings.of(place)


@pytest.mark.parametrize("password", ["secret", "sec/ret", "sec@ret", "sec:ret", "sec%2Fret"])
@pytest.mark.parametrize(
    "address",
    [
        *(f"{scheme}://neo4j:{{}}@localhost:7687" for scheme in (*SERVERS, "http", "BOLT")),
        *("bolt://:{}@localhost", "bolt://{}@localhost", "bolt://neo4j:a/{}@[::1]:7687/x"),
        *("bolt:/neo4j:{}@localhost", "bolt:neo4j:{}@localhost", "neo4j:{}@localhost:7687"),
    ],
)
def test_an_address_holds_no_password(address: str, password: str) -> None:
    with pytest.raises(InputError, match="NEO4J_PASSWORD") as refused:
        Settings.of(address.format(password))
    assert "sec" not in str(refused.value)
    assert "ret" not in str(refused.value)


@pytest.mark.parametrize("folder", ["me@home", "a/b:c@d", "C:\\me@home", "a:b@c"])
def test_folders_may_have_odd_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if folder == "a:b@c":
        # It could be an address, if it were not there.
        (tmp_path / folder).mkdir()
    assert not Settings.of(folder).is_server


@pytest.mark.parametrize("place", ["store", "./store", "a b/c", "bolt", "bolt:x"])
def test_anything_else_is_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.of(place)
    assert not settings.is_server
    assert settings.folder == (tmp_path / place).resolve()


def test_a_folder_may_be_a_path(tmp_path: Path) -> None:
    assert Settings.of(tmp_path / "store").folder == tmp_path.resolve() / "store"


def test_home_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings.of("~/store").folder == tmp_path.resolve() / "store"


def test_name_and_password_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_USERNAME", "ann")
    monkeypatch.setenv("NEO4J_PASSWORD", "secret")
    settings = Settings.of("bolt://localhost")
    assert (settings.username, settings.password) == ("ann", "secret")
    monkeypatch.setenv("NEO4J_USERNAME", "")
    monkeypatch.delenv("NEO4J_PASSWORD")
    settings = Settings.of("bolt://localhost")
    assert (settings.username, settings.password) == (None, None)


def test_a_source_has_credentials_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_USERNAME", "ours")
    monkeypatch.setenv("NEO4J_PASSWORD", "ours too")
    assert Settings.of_source("bolt://localhost") == Settings("bolt://localhost")
    monkeypatch.setenv("TASTEGRAPH_SOURCE_USERNAME", "theirs")
    monkeypatch.setenv("TASTEGRAPH_SOURCE_PASSWORD", "secret")
    found = Settings.of_source("bolt://localhost", "shop")
    assert found == Settings("bolt://localhost", "shop", "theirs", "secret")
    assert Settings.of("bolt://localhost").username == "ours"


def test_a_source_is_a_server_whose_address_holds_no_password() -> None:
    with pytest.raises(InputError, match="TASTEGRAPH_SOURCE_PASSWORD") as refused:
        Settings.of_source("bolt://neo4j:secret@localhost")
    assert "secret" not in str(refused.value)
    for place in ("folder", "http://localhost"):
        with pytest.raises(InputError, match="no address of a graph"):
            Settings.of_source(place)
