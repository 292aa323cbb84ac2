"""``analyse`` and ``report``: figures of the demo's data, of a small graph and of none."""

import re
from pathlib import Path

import pandas as pd
import pytest

from tastegraph.analysis.kinds import KINDS
from tastegraph.analysis.report import PARTS
from tastegraph.analysis.sections import SECTIONS
from tastegraph.commands import analyse
from tests.commands.running import Ask, empty_store, from_csv, run

COLUMNS = ["section", "figure", "of", "value", "text"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """One user who listens to one artist: no tags, no friends, no model."""
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "listens.csv").write_text("user,artist,plays\n1,10,5\n", encoding="utf-8")
    run("--store", folder / "store", "load", folder)
    return Ask(folder / "store")


def test_sections_are_named_alike() -> None:
    assert tuple(SECTIONS) == analyse.SECTIONS
    assert [section for section, _, _ in PARTS] == list(SECTIONS)


def test_the_report_has_every_kind_but_the_extra() -> None:
    kinds = [kind for _, _, kinds in PARTS for kind in kinds]
    assert sorted([*kinds, "artists-umap"]) == sorted(KINDS)


def test_all_sections_of_the_demo(ask: Ask) -> None:
    rows = ask.rows("analyse")
    assert list(rows[0]) == COLUMNS
    assert list(dict.fromkeys(row["section"] for row in rows)) == list(SECTIONS)
    found = {(row["section"], row["figure"], row["of"]): row["value"] for row in rows}
    assert found["matrix", "listens", None] == 14535
    assert found["matrix", "users", None] == 300
    assert found["friends", "friendships", None] == 1827
    assert found["tags", "assignments", None] == 10020
    assert found["plays", "max", "max"] == 1
    assert found["gaps", "artists without a picture", None] == 800
    (algorithm,) = [row["text"] for row in rows if row["figure"] == "algorithm"]
    assert algorithm == "collective"


def test_figures_are_data(ask: Ask) -> None:
    rows = ask.rows("analyse")
    # A name, a number and a text are never in one column; a count has no decimals.
    assert {type(row["value"]) for row in rows} == {int, float, type(None)}
    assert {type(row["of"]) for row in rows} == {str, type(None)}
    assert {type(row["text"]) for row in rows} == {str, type(None)}
    assert [row for row in rows if row["value"] is None and row["text"] is None] == []
    counts = [row for row in rows if row["section"] == "gaps" or row["figure"].endswith(", most")]
    assert {type(row["value"]) for row in counts if "score" not in row["figure"]} == {int}
    # What a table of top artists is made of.
    best = {row["of"]: row["value"] for row in rows if row["figure"] == "listeners"}
    top = ask.rows("query", "run", "top-artists")
    assert best == {row["name"]: row["listeners"] for row in top}


def test_one_section_in_other_formats(ask: Ask, tmp_path: Path) -> None:
    result = ask("analyse", "--section", "artists", "-k", 2, "--format", "csv")
    rows = from_csv(result.stdout)
    assert {row["section"] for row in rows} == {"artists"}
    assert len(rows) == 6
    assert [row["figure"] for row in rows] == [
        *("listeners", "listeners", "plays", "plays"),
        *("share of users, %", "share of users, %"),
    ]
    top = ask.rows("query", "run", "top-artists", "-p", "k=2")
    assert [row["of"] for row in rows[:2]] == [row["name"] for row in top]
    file = tmp_path / "figures.parquet"
    ask("analyse", "--section", "tags", "--section", "plays", "-o", file)
    frame = pd.read_parquet(file)
    assert list(frame.columns) == COLUMNS
    assert frame["value"].dtype == "float64"
    scalings = frame[(frame["section"] == "plays") & ~frame["figure"].str.startswith("cut ")]
    table = scalings.pivot(index="of", columns="figure", values="value")
    assert table.loc["max", "max"] == 1
    assert "--section" in ask("analyse", "--section", "nothing", code=2).stderr


def test_what_is_not_there_is_said_and_the_rest_comes(tiny: Ask) -> None:
    result = tiny("analyse", "--format", "csv")
    assert {row["section"] for row in from_csv(result.stdout)} == {
        "matrix",
        "plays",
        "artists",
        "users",
        "popularity",
        "gaps",
    }
    for missing in ("tags", "tag-clusters", "friends", "model"):
        assert f"no figures of {missing}: " in result.stderr
    assert "there are no friendships" in tiny("analyse", "--section", "friends", code=1).stderr


@pytest.mark.parametrize(
    "kind", ["plays-density", "plays-box", "top-artists", "top-users", "long-tail"]
)
def test_one_user_and_one_artist_are_drawn(tiny: Ask, kind: str) -> None:
    tiny("plot", kind, "-o", "a.png")
    assert Path("a.png").stat().st_size


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("top-tags", "there are no tags"),
        ("tag-heatmap", "there are no tags"),
        ("tag-clusters", "there are no tags"),
        ("friends", "there are no friendships"),
        ("artists-tsne", "no model has been trained"),
        ("reasons", "no model has been trained"),
        ("loss", "no model has been trained"),
    ],
)
def test_pictures_of_what_is_not_there(tiny: Ask, kind: str, message: str) -> None:
    assert message in tiny("plot", kind, "-o", "a.png", code=1).stderr
    assert not Path("a.png").exists()


def test_an_empty_graph(tmp_path: Path) -> None:
    store = empty_store(tmp_path / "empty").place
    for words in (["analyse"], ["plot", "long-tail", "-o", "a.png"], ["report", "out"]):
        assert "there are no listens" in run("--store", store, *words, code=1).stderr
    assert not Path("out/index.html").exists()


def test_report_is_one_page_that_needs_nothing_else(tiny: Ask) -> None:
    result = tiny("report", "out")
    assert [path.name for path in Path("out").iterdir()] == ["index.html"]
    page = Path("out/index.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == 5
    assert re.findall(r'(?:src|href)="(?!data:|#)', page) == []
    for missing in ("no figures of friends", "no picture artists-tsne"):
        assert missing in page
        assert missing in result.stderr
    assert "<dt>listens</dt><dd>1</dd>" in page
    assert page.index('id="missing"') > page.index("<dt>listens</dt>")
    Path("file").touch()
    assert "file" in tiny("report", "file", code=2).stderr
    assert "can't be written" in tiny("report", "file/below", code=1).stderr


def test_a_report_of_the_demo_opens_without_a_complaint(ask: Ask) -> None:
    result = ask("report", "out")
    assert "no picture" not in result.stderr
    page = Path("out/index.html").read_text(encoding="utf-8")
    assert "no losses" not in page
    assert "<dt>main tag: " in page
    # Scalings are a table, and not its many cells one by one.
    assert page.count('<th scope="row">') == 8
    assert "<dt>mean: " not in page
    # What a picture shows is told to who can't see it.
    assert re.search(
        r'alt="why artists are recommended to a user\. User \S+: “.+” weighs most', page
    )
