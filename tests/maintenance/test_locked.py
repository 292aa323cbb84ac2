"""Locked versions, lowest versions and licences."""

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from maintenance.licences import libraries, licence
from maintenance.lock import text
from maintenance.lowest import lowest
from maintenance.requirements import ROOT, required

LOCKED = {
    canonicalize_name(name): Version(version)
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for name, _, version in [line.partition("==")]
}
HERE = [each for each in required(["dev"]) if each.name != "tastegraph"]


@pytest.mark.parametrize("wanted", HERE, ids=str)
def test_each_library_is_locked_to_a_version_that_is_allowed(wanted: Requirement) -> None:
    assert LOCKED[canonicalize_name(wanted.name)] in wanted.specifier


def test_the_lock_names_versions_and_nothing_else() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# Made by 'make lock' for Python 3.")
    assert [each for each in lines[1:] if not re.fullmatch(r"[a-z0-9._-]+==[\w.!+]+", each)] == []
    names = [each.partition("==")[0] for each in lines[1:]]
    assert names == sorted(names)
    assert text({"b": "2", "a": "1"}).splitlines()[1:] == ["a==1", "b==2"]


def test_the_lowest_version_of_each_library_is_known() -> None:
    lines = lowest()
    assert {line.partition("==")[0] for line in lines} == {
        each.name for each in required(["spotify"])
    }
    assert "pandas==2.2.2" in lines


def test_licences_are_listed_of_all_that_is_needed() -> None:
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| ([a-z0-9.-]+) \| (.+) \|$", page, re.MULTILINE))
    direct = {canonicalize_name(each.name) for each in required(["spotify"])}
    assert direct <= listed.keys()
    assert {name: licence(each) for name, each in libraries().items()}.keys() <= listed.keys()
    assert not {text for text in listed.values() if re.search(r"\bA?GPL", text)}
