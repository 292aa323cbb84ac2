"""Playlists are read back by others, whatever is in a name."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tastegraph.errors import InputError
from tastegraph.runtime.playlist_file import PLAYLISTS, Entry, as_uri, write_playlist

XSPF = "{http://xspf.org/ns/0/}"

# What makes trouble, beside all that hypothesis knows.
ODD = [
    *("\x00", "\x1b[31m", "\r\n", "\u2028", "\ud800", "\uffff", "\u202e\u2066", "]]>", "<!--"),
    *("&amp;", "'", '"', "#EXTINF:3,no", "../..", "\\", " ", "😀", "é"),
]
names = st.one_of(st.text(), st.lists(st.sampled_from(ODD)).map("".join))
entries = st.lists(
    st.builds(
        Entry,
        names,
        st.lists(names, max_size=3),
        st.none() | names | names.map("http://example.org/{}".format),
    ),
    max_size=5,
)
quickly = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def cleaned(text: str) -> str:
    """What is to arrive of ``text``: each run of signs that are none is a blank."""
    allowed = re.compile("[ -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    return re.sub("\0+", " ", "".join(c if allowed.match(c) else "\0" for c in text)).strip()


def expected(entry: Entry) -> dict[str, str]:
    fields = {
        "creator": cleaned(entry.creator),
        "annotation": "\n".join(map(cleaned, entry.annotation)),
        "info": as_uri(entry.info),
    }
    return {name: value for name, value in fields.items() if value}


@quickly
@given(title=names, listed=entries)
def test_xspf_is_well_formed_and_says_what_jspf_says(
    tmp_path: Path, title: str, listed: list[Entry]
) -> None:
    write_playlist(title, listed, tmp_path / "a.xspf")
    root = ElementTree.parse(tmp_path / "a.xspf").getroot()
    assert (root.tag, root.attrib) == (f"{XSPF}playlist", {"version": "1"})
    assert [child.tag for child in root] == [f"{XSPF}title", f"{XSPF}trackList"]
    assert (root[0].text or "") == cleaned(title)
    told = [
        {field.tag.removeprefix(XSPF): field.text for field in track}
        for track in root.iterfind(f"{XSPF}trackList/{XSPF}track")
    ]
    assert told == [expected(entry) for entry in listed]
    write_playlist(title, listed, tmp_path / "a.jspf")
    playlist = json.loads((tmp_path / "a.jspf").read_text(encoding="utf-8"))["playlist"]
    assert playlist == {"title": cleaned(title), "track": told}


@quickly
@given(title=names, listed=entries)
def test_m3u_has_a_line_to_play_for_each_entry(
    tmp_path: Path, title: str, listed: list[Entry]
) -> None:
    write_playlist(title, listed, tmp_path / "a.m3u8")
    # Not splitlines: players know line feeds alone.
    lines = (tmp_path / "a.m3u8").read_bytes().decode("utf-8").split("\n")
    assert lines[:3] == ["#EXTM3U", "#EXTENC:UTF-8", f"#PLAYLIST:{cleaned(title)}"]
    assert lines.pop() == ""
    played = [line for line in lines if not line.startswith("#")]
    assert len(played) == len(listed)
    for line, entry in zip(played, listed, strict=True):
        assert line == as_uri(entry.info) or re.fullmatch(r"\./[^/\\]+", line)
        assert line.removeprefix("./").strip(".") != ""
    shown = [line.partition(",")[2] for line in lines if line.startswith("#EXTINF:")]
    assert shown == [cleaned(entry.creator) for entry in listed]
    reasons = [line.removeprefix("# ") for line in lines if line.startswith("# ")]
    assert reasons == [cleaned(line) for entry in listed for line in entry.annotation]


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("http://www.last.fm/music/MALICE+MIZER", "http://www.last.fm/music/MALICE+MIZER"),
        ("https://example.org/Björk?a=1&b=<2>", "https://example.org/Bj%C3%B6rk?a=1&b=%3C2%3E"),
        ("http://example.org/100% {x}%20", "http://example.org/100%25%20%7Bx%7D%20"),
        ("javascript:alert(1)", None),
        ("www.last.fm/music/Air", None),
        ("http://[", None),
        ("", None),
        (None, None),
    ],
)
def test_addresses_are_legal_or_left_out(address: str | None, uri: str | None) -> None:
    assert as_uri(address) == uri


@given(address=names.map("http://example.org/{}".format))
def test_addresses_have_signs_of_addresses_alone(address: str) -> None:
    uri = as_uri(address)
    assert uri
    assert re.fullmatch(r"(?:[A-Za-z0-9!#$&'()*+,\-./:;=?@_~]|%[0-9A-Fa-f]{2})+", uri)
    assert urlsplit(uri).netloc == "example.org"
    assert as_uri(uri) == uri


def test_a_name_that_is_a_path_stays_in_its_folder(tmp_path: Path) -> None:
    odd = ["AC/DC", "..", "#1", ""]
    write_playlist("", [Entry(name, ["why"]) for name in odd], tmp_path / "a.m3u")
    lines = (tmp_path / "a.m3u").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line[0] != "#"] == ["./AC_DC", "./_", "./#1", "./_"]


@pytest.mark.parametrize("suffix", PLAYLISTS)
def test_the_whole_file_or_nothing(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    file = tmp_path / f"a{suffix}"
    file.write_text("old", encoding="utf-8")
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(InputError, match="Permission denied"):
        write_playlist("", [Entry("Air", ["why"])], file)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [(file.name, "old")]
