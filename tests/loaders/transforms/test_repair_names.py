import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastegraph.loaders.transforms.repair_names import repair_note, repaired


@pytest.mark.parametrize(
    "name", ["Ballaké Sissoko", "Sigur Rós", "Motörhead", "Сплин", "椎名林檎", "Beyoncé’s"]
)
@pytest.mark.parametrize("codec", ["latin-1", "sloppy-windows-1252"])
def test_one_wrong_reading_is_undone(name: str, codec: str) -> None:
    assert repaired(name.encode().decode(codec)) == name
    assert repaired(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "Ã",
        "OSKÃO",
        "Carl Barât",
        "“Curly” ‘Quotes’…",
        "ﬁve ﬂoors",
        "ＦＵＬＬ　ＷＩＤＴＨ",
        "Rihanna\u0300",
        "½ Alive",
        "&amp; Co",
        "\x1b[31mred",
        "🎸",
        "\u200b",
    ],
)
def test_proper_names_stay(name: str) -> None:
    assert repaired(name) == name


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_ascii_stays(name: str) -> None:
    assert repaired(name) == name


def test_note_shows_three() -> None:
    raw, good = ["a", "b", "c", "d", "e"], ["A", "B", "C", "D", "e"]
    assert repair_note("artists.dat", raw, good) == [
        "artists.dat: 4 names were repaired (UTF-8 once read as Latin-1): "
        "a -> A, b -> B, c -> C and 1 more."
    ]
    assert repair_note("artists.dat", raw, raw) == []
