import gzip
from pathlib import Path

import pytest

from tastegraph.errors import InputError
from tastegraph.loaders.files.text import decode, read_text


def test_utf_8_needs_no_note() -> None:
    assert decode("id\tname\n1\tSigur Rós 🎸\n".encode(), "a.dat") == (
        "id\tname\n1\tSigur Rós 🎸\n",
        [],
    )


def test_byte_order_mark_is_left_out() -> None:
    assert decode(b"\xef\xbb\xbfid\n", "a.dat") == ("id\n", [])


def test_latin_1_is_read_and_noted() -> None:
    text, notes = decode("id\nok\ntropicália\nd\u00fcsseldorf\n".encode("latin-1"), "tags.dat")
    assert text == "id\nok\ntropicália\nd\u00fcsseldorf\n"
    assert len(notes) == 1
    assert notes[0].startswith("tags.dat is not UTF-8 (first at line 3); it was read as Latin-1")
    assert "accented letters: 2;" in notes[0]


def test_half_a_character_is_not_taken_for_latin_1() -> None:
    cut = "id\n1\nBj\u00f6rk\u2019".encode()[:-1]
    with pytest.raises(InputError, match=r"a\.dat, line 3: the byte 0xe2 is not UTF-8.*load again"):
        decode(cut, "a.dat")


def test_one_bad_byte_does_not_change_every_accent() -> None:
    data = "id\nSigur Rós\nBjörk\nMotörhead\n".encode().replace("ö".encode(), b"\xf6", 1)
    said = r"line 3: the byte 0xf6 is not UTF-8.*\(2 letters beyond ASCII are; broken places: 1\)"
    with pytest.raises(InputError, match=said):
        decode(data, "a.csv")


def test_windows_1252_is_read_and_noted() -> None:
    text, notes = decode("id\nGuns N\u2019 Roses\nMot\u00f6rhead\n".encode("cp1252"), "a.csv")
    assert text == "id\nGuns N\u2019 Roses\nMot\u00f6rhead\n"
    assert "read as Windows-1252" in notes[0]


def test_bytes_of_no_encoding_are_refused() -> None:
    with pytest.raises(InputError, match=r"a\.csv is neither UTF-8 .*line 2 holds the byte 0x81"):
        decode(b"id\n\x81\xff\n", "a.csv")


def test_nul_bytes_are_no_text() -> None:
    with pytest.raises(InputError, match=r"a\.dat, line 2: a NUL byte.*fetch it again"):
        decode(b"id\n1\0\n", "a.dat")


def test_packed_file_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "artists.dat"
    path.write_bytes(gzip.compress(b"id\tname\n" * 100))
    with pytest.raises(InputError, match=r"artists\.dat"):
        read_text(path)


def test_utf_16_is_named() -> None:
    with pytest.raises(InputError, match=r"a\.dat is UTF-16 text. Save it as UTF-8"):
        decode("id\n".encode("utf-16"), "a.dat")


def test_empty_file(tmp_path: Path) -> None:
    (tmp_path / "tags.dat").touch()
    with pytest.raises(InputError, match=r"tags\.dat is empty; it needs a header line"):
        read_text(tmp_path / "tags.dat")


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no file .*gone\.dat\. Check the path"):
        read_text(tmp_path / "gone.dat")
    with pytest.raises(InputError, match="is a folder; name a file in it"):
        read_text(tmp_path)
