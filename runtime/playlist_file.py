"""Playlists as files: XSPF (https://xspf.org/spec), JSPF, which is the same as JSON, and M3U."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from tastegraph.runtime.whole_file import whole_file
from tastegraph.runtime.xml_text import one_line

_NAMESPACE = "http://xspf.org/ns/0/"

# What a URI may have beside letters and digits; a percent sign only as the start of a byte.
_URI_SIGNS = "%!#$&'()*+,-./:;=?@_~"
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")

# A folder's name can't have these, and names of nothing but dots lead elsewhere.
_NOT_A_FOLDER = re.compile(r"[/\\]|^\.+$")


@dataclass(frozen=True)
class Entry:
    """An artist in a playlist.

    annotation  sentences that say why, a line each
    info        the address of a page about the artist, if one is known
    """

    creator: str
    annotation: Sequence[str]
    info: str | None = None


def write_playlist(title: str, entries: Sequence[Entry], file: Path) -> None:
    """Write ``entries`` in the form that the suffix of ``file`` names, one of PLAYLISTS.

    The whole file or nothing. Control signs and line breaks in names become blanks. Raises
    InputError where the file can't be written.
    """
    clean = [
        Entry(
            one_line(entry.creator),
            [one_line(line) for line in entry.annotation],
            as_uri(entry.info),
        )
        for entry in entries
    ]
    text = _WRITERS[file.suffix.lower()](one_line(title), clean)
    with whole_file(file) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="\n")


def as_uri(address: str | None) -> str | None:
    """``address`` with what a URI can't hold percent-encoded; None for what is none of the web."""
    try:
        parts = urlsplit((address or "").strip())
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    # A part of a letter, which can't be encoded, is no address of anything.
    whole = parts.geturl().encode("utf-8", "ignore").decode("utf-8")
    return quote(_STRAY_PERCENT.sub("%25", whole), safe=_URI_SIGNS)


def _xspf(title: str, entries: Sequence[Entry]) -> str:
    playlist = ElementTree.Element("playlist", {"version": "1", "xmlns": _NAMESPACE})
    ElementTree.SubElement(playlist, "title").text = title
    tracks = ElementTree.SubElement(playlist, "trackList")
    for entry in entries:
        track = ElementTree.SubElement(tracks, "track")
        for name, value in _fields(entry).items():
            ElementTree.SubElement(track, name).text = value
    ElementTree.indent(playlist)
    body = ElementTree.tostring(playlist, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _jspf(title: str, entries: Sequence[Entry]) -> str:
    playlist = {"title": title, "track": [_fields(entry) for entry in entries]}
    return json.dumps({"playlist": playlist}, ensure_ascii=False, indent=2) + "\n"


def _fields(entry: Entry) -> dict[str, str]:
    """The entry in the words of XSPF, without those that there is nothing to say for."""
    fields = {
        "creator": entry.creator,
        "annotation": "\n".join(entry.annotation),
        "info": entry.info,
    }
    return {name: value for name, value in fields.items() if value}


def _m3u(title: str, entries: Sequence[Entry]) -> str:
    """Extended M3U, which has no place for reasons but its comments.

    Each entry needs something to play: the page about the artist, or a folder of this name beside
    the playlist.
    """
    lines = ["#EXTM3U", "#EXTENC:UTF-8", f"#PLAYLIST:{title}"]
    for entry in entries:
        folder = f"./{_NOT_A_FOLDER.sub('_', entry.creator) or '_'}"
        lines += [f"# {line}" for line in entry.annotation]
        lines += [f"#EXTINF:-1,{entry.creator}", f"#EXTART:{entry.creator}", entry.info or folder]
    return "\n".join(lines) + "\n"


_WRITERS: dict[str, Callable[[str, Sequence[Entry]], str]] = {
    ".xspf": _xspf,
    ".jspf": _jspf,
    ".m3u": _m3u,
    ".m3u8": _m3u,
}

PLAYLISTS = tuple(_WRITERS)
"""Suffixes of playlists."""
