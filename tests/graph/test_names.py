"""What counts as the same name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastegraph.graph.names import name_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Björk", "bjork"),
        ("Bjo\u0308rk", "bjork"),
        ("  The   Beatles ", "the beatles"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ﬁve", "five"),
        ("東京", "東京"),
        ("🎸", "🎸"),
        ("\u0301", "\u0301"),
        ("", ""),
    ],
)
def test_keys(name: str, key: str) -> None:
    assert name_key(name) == key


@given(st.text())
def test_case_and_blanks_do_not_count(name: str) -> None:
    assert name_key(f" {name}\t") == name_key(name)
    assert bool(name_key(name)) == bool(name.strip())
