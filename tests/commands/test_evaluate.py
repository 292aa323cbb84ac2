"""``evaluate`` and ``tune``: their rows, their files, and what they refuse."""

import json
from pathlib import Path

import pytest

from tastegraph.graph.store.graph_store import GraphStore
from tests.commands.running import Ask, empty_store

COLUMNS = [
    *("model", "users", "k", "precision", "recall", "ndcg", "map", "mrr"),
    *("coverage", "novelty", "diversity", "ci_low", "ci_high", "p_value"),
    *("seeds", "ndcg_sd", "fit_seconds"),
]
QUICK = "als:dimensions=4:epochs=2"


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASTEGRAPH_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def files(open_demo: GraphStore, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every fifth listen of the demo's data held out."""
    pairs = open_demo.values(
        "MATCH (u:User)-[r:LISTENED]->(a:Artist) RETURN u.id, a.id, r.plays ORDER BY u.id, a.id"
    )
    folder = tmp_path_factory.mktemp("split")
    sides = {"train": [], "test": []}
    for at, pair in enumerate(pairs):
        sides["train" if at % 5 else "test"].append("\t".join(map(str, pair)))
    for name, lines in sides.items():
        text = "\n".join(["userID\tartistID\tweight", *lines]) + "\n"
        (folder / f"{name}.tsv").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.tsv" for name in sides}


def test_one_row_a_model_and_k(ask: Ask) -> None:
    words = ("evaluate", "--models", f"{QUICK},collective-ease", "-k", "5,10", "--seeds", "1,2")
    rows = ask.rows(*words)
    assert list(rows[0]) == COLUMNS
    assert [(row["model"], row["k"], row["seeds"]) for row in rows] == [
        (QUICK, 5, 2),
        (QUICK, 10, 2),
        ("collective-ease", 5, 2),
        ("collective-ease", 10, 2),
    ]
    assert rows[0]["p_value"] is None
    assert 0 < rows[1]["ndcg"] < rows[3]["ndcg"] < 1
    assert 0 <= rows[3]["p_value"] < 0.01


def test_files_say_what_is_learned_and_what_is_dropped(ask: Ask, files: dict[str, Path]) -> None:
    words = ("evaluate", "--models", QUICK, "--train", files["train"], "--test", files["test"])
    result = ask(*words, "--correlation", "--format", "json")
    (row,) = json.loads(result.stdout)
    assert row["users"] == 299
    assert -1 <= row["rho_listeners"] <= 1
    assert "tag assignments are of held-out pairs: dropped" in result.stderr


def test_bands(ask: Ask) -> None:
    rows = ask.rows("evaluate", "--models", QUICK, "--bands")
    assert [row["band"] for row in rows] == ["head", "middle", "tail"]
    assert sum(row["artists"] for row in rows) == 800
    assert sum(row["share"] for row in rows) == pytest.approx(1)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--models", "alss"), "did you mean 'als'?"),
        (("--models", "als:reg"), "name:setting=value"),
        (("--models", ","), "no model is named"),
        (("--models", QUICK, "-k", "801"), "there are 800 artists"),
        (("--models", QUICK, "--holdout", "0.00001"), "holds out none"),
    ],
)
def test_what_cannot_be_compared_is_said(ask: Ask, words: tuple[str, ...], message: str) -> None:
    assert message in ask("evaluate", *words, code=1).stderr


@pytest.mark.parametrize(
    "words",
    [
        ("-k", "0"),
        ("-k", "ten"),
        ("--holdout", "1"),
        ("--seeds", "1,x"),
        ("--train", "only.tsv"),
        ("--train", "a.tsv", "--test", "b.tsv", "--holdout", "0.2"),
        ("--cold-start", "--knobs"),
        ("--knobs", "--plot", "curve.txt"),
    ],
)
def test_wrong_usage(ask: Ask, words: tuple[str, ...]) -> None:
    ask("evaluate", *words, code=2)


def test_bad_test_files_are_refused(ask: Ask, files: dict[str, Path], tmp_path: Path) -> None:
    def message(text: str) -> str:
        bad = tmp_path / "bad.tsv"
        bad.write_text(text, encoding="utf-8")
        words = ("evaluate", "--models", QUICK, "--train", files["train"], "--test", bad)
        return ask(*words, code=1).stderr

    assert "share 1 pairs" in message(
        "\n".join(files["train"].read_text(encoding="utf-8").splitlines()[:2])
    )
    assert "no listens" in message("userID\tartistID\tweight\n")
    assert "is empty" in message("")
    assert "no pair of test is left" in message("userID\tartistID\n9999\t3\n")
    assert "no column userID" in message("who\tartistID\n9999\t3\n")


def test_unknown_users_are_counted(ask: Ask, files: dict[str, Path], tmp_path: Path) -> None:
    more = tmp_path / "more.tsv"
    more.write_text(files["test"].read_text(encoding="utf-8") + "9999\t3\t1\n", encoding="utf-8")
    result = ask("evaluate", "--models", QUICK, "--train", files["train"], "--test", more)
    assert "1 test pairs name users or artists that are not in the graph" in result.stderr


def test_an_empty_graph_is_said() -> None:
    ask = empty_store("new")
    assert ask.hint("load PATH") in ask("evaluate", code=1).stderr


def test_models_without_vectors_are_not_trained(ask: Ask) -> None:
    message = ask("train", "--algorithm", "collective-exact", code=1).stderr
    assert "has no vectors" in message
    assert "evaluate --models collective-exact" in message


def test_a_search_ends_in_settings_to_train_with(ask: Ask) -> None:
    words = ("tune", "--algorithm", "als", "--range", "epochs=2:3", "--slices", "1")
    result = ask(*words, "--trials", "2", "--format", "json")
    rows = json.loads(result.stdout)
    assert [list(row) for row in rows] == [["trial", "value", "state", "parameters"]] * 2
    assert rows[0]["value"] >= rows[1]["value"]
    assert f"train --algorithm als --set {rows[0]['parameters']}" in result.stderr
    again = ask(*words, "--trials", "2", "--save", "--format", "json")
    assert json.loads(again.stdout) == rows
    assert "goes on from 2 trials" in again.stderr
    saved = Path("tastegraph.toml").read_text(encoding="utf-8")
    assert rows[0]["parameters"].replace("=", " = ") in saved


def test_saved_settings_leave_the_rest_of_the_file(change: Ask) -> None:
    written = '# mine\nstore = "elsewhere" # here\n\n[train]\nseed = 3\n'
    Path("tastegraph.toml").write_text(written, encoding="utf-8")
    words = ("tune", "--algorithm", "als", "--slices", "1", "--trials", "1", "--save")
    change(*words, "--range", "dimensions=4:4", "--range", "epochs=2:2")
    saved = Path("tastegraph.toml").read_text(encoding="utf-8")
    assert saved.startswith(written)
    metrics = {row["metric"]: row["value"] for row in change.rows("train")}
    assert (metrics["algorithm"], metrics["dimensions"], metrics["seed"]) == ("als", 4, 3)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--algorithm", "alss"), "did you mean 'als'?"),
        (("--range", "ridge=3:1"), "is empty"),
        (("--range", "scaling=1:2"), "scaling of collective is 'log-user-mean' and no number"),
        (("--range", "epochs=1"), "is no range"),
        (("--algorithm", "als", "--range", "epochs=1:²"), "is no range"),
        (("--range", "rigde=1:3"), "did you mean 'ridge'?"),
        (("-k", "801"), "there are 800 artists"),
    ],
)
def test_what_cannot_be_searched_is_said(ask: Ask, words: tuple[str, ...], message: str) -> None:
    assert message in ask("tune", *words, "--trials", "1", code=1).stderr


def test_only_newcomers_and_knobs_are_drawn(ask: Ask) -> None:
    assert "give one of them with it" in ask("evaluate", "--plot", "c.png", code=2).stderr


def test_knobs_give_a_curve_each(ask: Ask) -> None:
    words = ("evaluate", "--models", QUICK, "--knobs", "-k", 5, "--plot", "knobs.svg")
    rows = ask.rows(*words)
    assert list(rows[0]) == [
        *("model", "knob", "value", "k", "ndcg", "precision", "novelty", "coverage", "diversity")
    ]
    assert {row["knob"] for row in rows} == {"novelty", "diversity", "friends", "tags"}
    assert "% of its NDCG@5 buys novelty" in Path("knobs.svg").read_text(encoding="utf-8")
    ask("evaluate", "--knobs", "--bands", code=2)
