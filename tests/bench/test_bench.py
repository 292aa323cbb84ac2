"""The benchmark's command: its tables, its page, and one part on small data."""

import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from bench import (
    asking,
    browsing,
    choosing,
    fitting,
    loading,
    own_history,
    quality,
    queries,
    readme,
    serving,
    startup,
    training,
)
from bench.__main__ import PARTS, main
from bench.machine import machine_line
from bench.stage import EMBEDDED, NEO4J, Stage
from bench.table import Row, Section, spread
from bench.tenth import DATA, SPLIT
from tastegraph.graph.query_files import query, query_names
from tastegraph.loaders.source import ReadOptions, read_source
from tastegraph.loaders.synthetic.generate import generate
from tastegraph.loaders.write_files import write_hetrec
from tastegraph.models.evaluation.split import split_at_random
from tests.models.cases import dataset

MACHINE = "Measured on paper."
ORDER = ["First", "Second", "Third"]


def cells(section: Section) -> dict[str, tuple[str, str]]:
    rows = [line for line in section.markdown(MACHINE).splitlines() if line.startswith("| ")]
    assert rows[:2] == ["| what | bound | measured |", "| --- | --- | --- |"]
    split = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]
    return {what: (bound, measured) for what, bound, measured in split}


def test_spread_is_the_median_with_least_and_most() -> None:
    assert spread([3.0, 1.0, 2.0], "s", 1) == "2.0 s (1.0 to 3.0)"
    assert spread([0.123]) == "0.12"


def test_quality() -> None:
    values = {"NDCG@10": 0.28123, "precision@10": 0.2151, "recall@10": 0.22}
    shown = cells(quality.section(values, 1234.5))
    assert shown["NDCG@10"] == ("at least 0.288", "0.2812")
    assert shown["peak memory of `train`"] == ("2 GB", "1.23 GB")


def test_quality_counts_hits_by_hand(tmp_path: Path) -> None:
    lists, test = tmp_path / "lists.parquet", tmp_path / "test.tsv"
    ranked = [(2, 1, 10), (2, 2, 11), (3, 1, 12), (9, 1, 10)]
    pd.DataFrame(ranked, columns=["user", "rank", "artist"]).to_parquet(lists)
    test.write_text("userID\tartistID\tweight\n2\t10\t5\n3\t13\t1\n3\t99\t1\n")
    expected = {"NDCG@10": 0.5, "precision@10": 0.05, "recall@10": 0.5}
    assert quality.figures(lists, test) == pytest.approx(expected)


def test_loading_compares_in_pairs() -> None:
    pairs = [
        {"ours": {"first": 5.0, "again": 4.0}, "plain": {"first": 50.0, "again": 20.0}},
        {"ours": {"first": 6.0, "again": 4.0}, "plain": {"first": 30.0, "again": 20.0}},
    ]
    shown = cells(loading.section({EMBEDDED: pairs}, ["Neo4j is left out: no Java."]))
    assert shown["load, embedded store: ours / plain"] == (
        "at most 0.25",
        "0.15 (0.10 to 0.20): 5.5 s / 40.0 s",
    )
    assert len(shown) == 2


def test_training_counts_all_but_the_fit() -> None:
    run = {
        **dict.fromkeys(("read_seconds", "write_seconds"), 2.0),
        "fit_seconds": 5.0,
        "index_seconds": 10.0,
        "peak_memory_mb": 900.0,
        "process_seconds": 22.0,
    }
    shown = cells(training.section({NEO4J: [run]}, []))
    assert shown["Neo4j: until vectors and Model are visible"] == ("fit + 12 s", "fit + 7.0 s")
    assert shown["Neo4j: until the indexes are online"] == ("fit + 30 s", "fit + 17.0 s")


def test_choosing_is_set_beside_the_fit() -> None:
    runs = [{"choose": 6.0, "fit": 4.0, "NDCG": 0.29}, {"choose": 9.0, "fit": 4.0, "NDCG": 0.29}]
    shown = cells(choosing.section({"hetrec": runs}))
    assert shown["HetRec 2011 Last.fm: choosing / fit"] == (
        "at most 2",
        "1.88 (1.50 to 2.25): 7.50 s / 4.00 s, NDCG@10 0.2900",
    )
    split = split_at_random(dataset(users=60), 0.2, 0)
    run = choosing.choose_and_fit(split)
    assert min(run.values()) > 0


def test_ones_own_history_is_all_of_its_steps(tmp_path: Path) -> None:
    run = {"load": 3.5, "recommend": 0.5}
    shown = cells(own_history.section({own_history.FIRST: [run]}))
    assert shown["the first history: until `recommend` has answered"] == ("5 s", "4.00 s")
    assert "`load` 3.50, `recommend` 0.50" in shown["the first history: seconds by step"][1]
    history = tmp_path / "Spotify.zip"
    own_history.write_history(history, ["Muse", "Air"])
    listens = read_source(history, options=ReadOptions(user="me")).listens
    assert listens["plays"].sum() == 20_000
    assert len(listens) == 42


def test_asking() -> None:
    times = {which: [0.1, 0.3, 0.2] for which in asking.QUERIES}
    memory = {"everybody": [0.8], "one": [0.004]}
    shown = cells(asking.section(memory, {NEO4J: (times, {"`recommend-fast`": 0.9995})}, []))
    assert shown["one user, factors in memory"] == ("10 ms", "4.0 ms")
    assert shown["Neo4j: `recommend-fast`"] == ("150 ms", "200.0 ms (100.0 to 300.0)")
    assert shown["Neo4j: recall of `recommend-fast`"][1] == "0.9995 of 3 users' top 10"


def test_queries() -> None:
    shown = cells(queries.section({"recommend": [0.5, 0.4, 0.6]}))
    assert shown["`recommend`"] == ("300 ms", "500 ms (400 to 600)")


def test_a_query_that_was_measured_slow_says_why() -> None:
    page = readme.README.read_text(encoding="utf-8").split(f"## {queries.TITLE}\n")[1]
    rows = re.findall(r"^\| `([\w-]+)` \| 300 ms \| (\d+) ms", page.split("\n## ")[0], re.MULTILINE)
    assert rows
    assert {name for name, _ in rows} <= set(query_names())
    slow = {name for name, milliseconds in rows if int(milliseconds) > queries.BOUND_MS}
    assert {name for name in slow if "300 ms" not in query(name).text} == set()


def test_startup() -> None:
    shown = cells(startup.section({"`tastegraph --help`": [0.2, 0.3, 0.25]}, []))
    assert shown == {"`tastegraph --help`": ("0.4 s", "0.25 s (0.20 to 0.30)")}


def test_fitting() -> None:
    pair = ({"processor": 3.0, "NDCG": 0.28}, {"processor": 2.0, "NDCG": 0.22})
    shown = cells(fitting.section({("als", "irspack", 64): [pair]}))
    assert shown["`als` d 64: ours / `irspack`"][1].startswith("1.50: 3.00 s / 2.00 s")


def test_page_gets_one_section_and_keeps_the_others(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    made = {title: Section(title, "How.", [Row("x", "1", title)]).markdown("") for title in ORDER}
    readme.write({title: made[title] for title in ("Third", "First")}, ORDER, page)
    readme.write({"Second": made["Second"]}, ORDER, page)
    before = page.read_text(encoding="utf-8")
    readme.write({"Second": made["Second"].replace("| 1 |", "| 2 |")}, ORDER, page)
    after = page.read_text(encoding="utf-8")
    assert before.startswith(readme.INTRODUCTION)
    assert [line[3:] for line in before.splitlines() if line.startswith("## ")] == ORDER
    assert after == before.replace("| 1 | Second |", "| 2 | Second |") != before


def test_machine_is_described_in_one_line() -> None:
    line = machine_line()
    assert "\n" not in line
    assert "cores" in line
    assert "numpy" in line


def test_browsing() -> None:
    maps = [(400.0, [10.0, 20.0]), (600.0, [30.0, 40.0])]
    shown = cells(browsing.section([50.0, 70.0], maps, [(300, 200.0), (298, 400.0)]))
    assert shown["the map: until it is first drawn"] == ("1 s", "500 ms, 95 % within 590 ms")
    assert shown["the map: a frame while it is dragged"] == ("33 ms", "25 ms, 95 % within 38 ms")
    assert shown["the graph: 298 nodes laid out"][1].startswith("300 ms")


def test_serving() -> None:
    asked = {name: [0.002] * 19 + [0.1] for name in (serving.API, serving.WHAT_IF, serving.FIRST)}
    times = {NEO4J: {serving.START: [2.0, 1.0, 4.0], serving.PERSON: [0.04, 0.06], **asked}}
    shown = cells(serving.section(times, []))
    assert shown["Neo4j: start until the first page"] == ("3 s", "2.00 s (1.00 to 4.00)")
    assert shown[f"Neo4j: {serving.API}"] == ("30 ms", "2.0 ms, 95 % within 6.9 ms")
    bound, measured = shown[f"Neo4j: {serving.PERSON}"]
    assert (bound, measured) == ("50 ms, 95 % within 150 ms", "50.0 ms, 95 % within 59.0 ms")


def test_help_names_the_parts() -> None:
    shown = CliRunner().invoke(main, ["--help"])
    assert shown.exit_code == 0
    assert all(name in shown.output for name in PARTS)


def test_absent_data_is_said(tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, ["quality", "--data", str(tmp_path)])
    assert shown.exit_code == 1
    assert "--data" in shown.output


@pytest.mark.slow
def test_quality_of_small_data(tmp_path: Path) -> None:
    frames = generate(40, 60, 1)
    write_hetrec(frames, tmp_path / DATA)
    (tmp_path / SPLIT).mkdir()
    listens = frames.listens.set_axis(["userID", "artistID", "weight"], axis=1)
    held = listens.sample(frac=0.2, random_state=0)
    for name, rows in (("train", listens.drop(held.index)), ("test", held)):
        rows.to_csv(tmp_path / SPLIT / f"{name}.tsv", sep="\t", index=False)
    with Stage(tmp_path) as stage:
        shown = cells(quality.measure(stage))
    assert 0 < float(shown["NDCG@10"][1]) < 1
