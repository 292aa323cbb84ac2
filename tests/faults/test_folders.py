"""Folders that can't be an embedded store: one clear sentence, and nothing left behind."""

import json
import os
from pathlib import Path

import pytest

from tastegraph.errors import StoreError
from tastegraph.graph.content import read_content
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.ingest.ingest import ingest
from tests.faults.conftest import Data
from tests.faults.program import Done, assert_clear, command, run

CARD = {"format": 1, "engine": "26.10.2", "password": "x" * 24}


def info(folder: Path, desk: Path) -> Done:
    return asked(desk, "--store", folder, "info")


def load(folder: Path, desk: Path, data: Data) -> Done:
    return asked(desk, "--store", folder, "load", data.path)


def asked(desk: Path, *arguments: object) -> Done:
    done = run(command(*arguments), desk)
    assert not list(desk.iterdir())
    return done


def test_a_file_is_no_folder(tmp_path: Path, desk: Path, data: Data) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert_clear(info(tmp_path / "file", desk), "file", "can't be used", "--store")
    inner = tmp_path / "file" / "inner"
    assert_clear(info(inner, desk), "there is no store in", "inner")
    assert_clear(load(inner, desk, data), "inner", "can't be used", "--store")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_somebody_elses_folder_is_left_alone(tmp_path: Path, desk: Path) -> None:
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter.txt").write_text("mine", encoding="utf-8")
    assert_clear(info(folder, desk), "'chapter.txt'", "no Tastegraph store", "new folder")
    assert [file.name for file in folder.iterdir()] == ["chapter.txt"]


@pytest.mark.parametrize(
    "change",
    [{"format": 2}, {"engine": "99.1.0"}, {"format": "1"}],
    ids=["format", "engine", "text"],
)
def test_a_store_of_another_version(tmp_path: Path, change: dict[str, object]) -> None:
    folder = made_by_hand(tmp_path, json.dumps(CARD | change))
    with pytest.raises(StoreError, match=r"made by another version.*update Tastegraph"):
        open_store(Settings.of(folder))


def test_a_store_of_another_version_ends_the_command(tmp_path: Path, desk: Path) -> None:
    folder = made_by_hand(tmp_path, json.dumps(CARD | {"format": 2}))
    assert_clear(info(folder, desk), "made by another version", "update Tastegraph")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "7", '{"format": 1}', '{"engine": "26.10.2", "password": "x"}']
    + [json.dumps(CARD | {"engine": value}) for value in ("new", None, "")]
    + ["\x00\x01"],
)
def test_a_damaged_card(tmp_path: Path, text: str) -> None:
    folder = made_by_hand(tmp_path, text)
    with pytest.raises(StoreError, match=r"tastegraph\.json is damaged.*another --store"):
        open_store(Settings.of(folder))


def test_a_card_that_is_no_text(tmp_path: Path, desk: Path) -> None:
    folder = made_by_hand(tmp_path, "")
    (folder / "tastegraph.json").write_bytes(b"\xff\xfe\x00")
    assert_clear(info(folder, desk), "damaged")
    (folder / "tastegraph.json").unlink()
    (folder / "tastegraph.json").mkdir()
    assert_clear(info(folder, desk), "--store")


@pytest.mark.slow
def test_a_damaged_schema_is_read_from_its_copy(tmp_path: Path, data: Data) -> None:
    with open_store(Settings.of(tmp_path / "store")) as store:
        ingest(store, data.frames)
    (schema,) = (tmp_path / "store").rglob("schema.json")
    schema.write_text("{ this is no schema", encoding="utf-8")
    with open_store(Settings.of(tmp_path / "store")) as again:
        assert read_content(again) == data.wanted


@pytest.mark.parametrize("mounted", ["ro,size=1m"], indirect=True)
def test_a_folder_that_is_read_only(mounted: Path, desk: Path, data: Data) -> None:
    assert_clear(load(mounted, desk, data), "not writable", "--store")
    assert_clear(load(mounted / "inner", desk, data), "can't be used", "--store")


@pytest.mark.skipif(os.geteuid() == 0, reason="rights do not bind root")
def test_a_folder_without_rights(tmp_path: Path, desk: Path, data: Data) -> None:
    folder = tmp_path / "store"
    folder.mkdir(mode=0o500)
    assert_clear(load(folder, desk, data), "not writable", "--store")


@pytest.mark.slow
@pytest.mark.parametrize("mounted", ["size=16k", "size=3m"], indirect=True)
def test_a_full_disk(mounted: Path, desk: Path, data: Data) -> None:
    done = load(mounted, desk, data)
    note = f"Note: made a new store in {mounted}\n"
    done.stderr = done.stderr.removeprefix(note)
    assert_clear(done, str(mounted), "is full", "make room")


def made_by_hand(tmp_path: Path, card: str) -> Path:
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / "tastegraph.json").write_text(card, encoding="utf-8")
    return folder
