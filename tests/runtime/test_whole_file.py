"""Where a file goes that is written whole."""

import os
import stat
from pathlib import Path
from threading import Thread

import pytest

from tastegraph.errors import InputError
from tastegraph.runtime.whole_file import whole_file

posix = pytest.mark.skipif(os.name != "posix", reason="links, modes and pipes of POSIX")


def write(file: Path, text: str = "new") -> None:
    with whole_file(file) as unfinished:
        unfinished.write_text(text)


@posix
@pytest.mark.parametrize("old", ["old", None], ids=["there", "dangling"])
def test_a_link_stays_and_what_it_points_to_is_written(tmp_path: Path, old: str | None) -> None:
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "rows.csv", tmp_path / "link.csv"
    if old:
        target.write_text(old)
    second = tmp_path / "second.csv"
    second.symlink_to("elsewhere/rows.csv")
    link.symlink_to(second)
    write(link)
    assert link.is_symlink() and second.is_symlink() and not target.is_symlink()
    assert target.read_text() == "new"
    assert [each.name for each in target.parent.iterdir()] == ["rows.csv"]


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666])
def test_a_file_keeps_its_mode_while_it_is_written_and_after(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("old")
    file.chmod(mode)
    with whole_file(file) as unfinished:
        unfinished.write_text("new")
        assert stat.S_IMODE(unfinished.stat().st_mode) == mode
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert file.read_text() == "new"


@posix
def test_a_new_file_has_the_mode_of_new_files(tmp_path: Path) -> None:
    write(tmp_path / "new.csv")
    (tmp_path / "other").touch()
    assert (tmp_path / "new.csv").stat().st_mode == (tmp_path / "other").stat().st_mode


@posix
@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_keeps_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.touch()
    os.chown(file, 12345, 54321)
    write(file)
    assert (file.stat().st_uid, file.stat().st_gid) == (12345, 54321)


@posix
def test_a_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "rows.csv"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    write(pipe, "whole")
    reader.join(10)
    assert read == ["whole"]
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


@posix
def test_a_device_is_written_to_and_stays(tmp_path: Path) -> None:
    link = tmp_path / "rows.csv"
    link.symlink_to("/dev/null")
    write(link)
    assert Path("/dev/null").is_char_device()
    if Path("/dev/full").exists():
        link.unlink()
        link.symlink_to("/dev/full")
        with pytest.raises(InputError, match=r"rows\.csv can't be written \(No space left"):
            write(link)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").mkdir()
    with pytest.raises(InputError, match=r"rows\.csv can't be written \(it is a folder\)"):
        write(tmp_path / "rows.csv")
    assert [each.name for each in tmp_path.iterdir()] == ["rows.csv"]


@posix
def test_what_is_no_file_is_left_alone_where_the_work_fails(tmp_path: Path) -> None:
    pipe = tmp_path / "rows.csv"
    os.mkfifo(pipe)
    with pytest.raises(ZeroDivisionError), whole_file(pipe):
        raise ZeroDivisionError
    assert pipe.is_fifo()


def test_a_read_only_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("old")
    file.chmod(0o444)
    if os.access(file, os.W_OK):
        # Root may write to everything.
        monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError, match="it is read-only"):
        write(file)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("rows.csv", "old")]
