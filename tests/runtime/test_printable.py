"""Text of the data that reaches a terminal or a file."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tastegraph.runtime.printable import on_one_line, printable, printable_json

STEERING = st.text(st.sampled_from("ab \t\n\r\x00\x1b[31m\x7f\x85\x9b\u2028\u200f\u202e\u2066é😀"))


@given(STEERING)
def test_no_sign_is_left_that_does_something(text: str) -> None:
    shown = on_one_line(text)
    assert len(shown) == len(text)
    assert all(sign.isprintable() for sign in shown)
    assert [a for a, b in zip(text, shown, strict=True) if a != b] == [
        sign for sign in text if not sign.isprintable()
    ]


@given(STEERING)
def test_lines_and_tabs_stay_where_there_are_some(text: str) -> None:
    lines = [line.split("\t") for line in text.split("\n")]
    assert printable(text) == "\n".join("\t".join(map(on_one_line, line)) for line in lines)


@given(STEERING)
def test_json_says_the_same_with_signs_escaped(text: str) -> None:
    made = printable_json(json.dumps([text], ensure_ascii=False))
    assert json.loads(made) == [text]
    assert all(sign.isprintable() for sign in made)
