"""``train``: its figures, its settings, and what is no setting."""

from pathlib import Path

import pytest

from tests.commands.running import Ask, empty_store, from_csv

METRICS = {
    "model",
    "read_seconds",
    "fit_seconds",
    "write_seconds",
    "training_loss",
    "peak_memory_mb",
}


def test_metrics_and_the_model_in_use(change: Ask) -> None:
    rows = change.rows("train", "--dimensions", 8, "--epochs", 2, "--seed", 2**32 - 1)
    assert all(list(row) == ["metric", "value"] for row in rows)
    metrics = {row["metric"]: row["value"] for row in rows}
    assert set(metrics) >= METRICS
    assert metrics["dimensions"] == 8
    assert change.rows("info")[-1] == {"kind": "model", "count": metrics["model"]}
    assert change("doctor").stdout.count("problem") == 0
    card = change.rows("query", "run", "model-card")[0]
    assert card["seed"] == 2**32 - 1
    assert '"epochs": 2' in card["parameters"]


def test_other_algorithm_and_settings(change: Ask) -> None:
    words = ("train", "--algorithm", "als", "--set", "dimensions=8", "--set", " epochs = 2 ")
    metrics = {row["metric"]: row["value"] for row in change.rows(*words)}
    assert metrics["algorithm"] == "als"
    assert metrics["dimensions"] == 8


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--algorithm", "collectiv-als"), "did you mean 'collective-als'?"),
        (("--algorithm", "popularity"), "popularity has no vectors to keep in the graph"),
        (("--set", "regg=3"), "did you mean 'reg'?"),
        (("--set", "reg=much"), "reg must be a number"),
        (("--set", "epochs=1.5"), "epochs must be a whole number"),
        (("--set", "reg=nan"), "reg must be"),
        (("--set", "reg=-1"), "reg must be"),
        (("--set", "half_life=-1"), "half_life must be 0 or more"),
        (("--half-life", "30", "--tune", "off"), "no listen has a time"),
        (("--half-life", "30"), "no listen has a time"),
    ],
)
def test_what_is_no_setting_is_said(ask: Ask, words: tuple[str, ...], message: str) -> None:
    assert message in ask("train", *words, code=1).stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--dimensions", 0),
        ("--epochs", 0),
        ("--half-life", 0),
        ("--half-life", -3),
        ("--half-life", "nan"),
        ("--seed", -1),
        ("--seed", 2**32),
        ("--set", "reg"),
        ("--set", "=3"),
    ],
)
def test_wrong_usage(ask: Ask, words: tuple[object, ...]) -> None:
    ask("train", *words, code=2)


def test_nothing_to_learn_from_is_said() -> None:
    ask = empty_store("empty")
    assert ask.hint("load PATH") in ask("train", code=1).stderr


def test_training_by_epoch_as_rows_and_as_a_curve(change: Ask, tmp_path: Path) -> None:
    rows, curve = tmp_path / "epochs.csv", tmp_path / "curve.svg"
    settings = ("--set", "epochs=7", "--set", "holdout=0.2", "--weights", "embedding=1")
    change("train", "--algorithm", "mf", *settings, "--history", rows, "--plot", curve)
    written = from_csv(rows.read_text(encoding="utf-8"))
    assert list(written[0]) == ["epoch", "loss", "observed", "l2", "gravity", "test"]
    assert [row["epoch"] for row in written] == [str(epoch) for epoch in range(1, 8)]
    assert "After 7 epochs" in curve.read_text(encoding="utf-8")
    kept = change.rows("query", "run", "model-card")[0]
    assert kept["weights"] == [1.0, 0.0, 0.0]


def test_a_course_that_no_model_keeps_is_refused_before_training(ask: Ask, tmp_path: Path) -> None:
    for flag, name in (("--plot", "c.png"), ("--history", "h.csv")):
        assert "keeps no history" in ask("train", flag, tmp_path / name, code=1).stderr
    ask("train", "--algorithm", "mf", "--plot", tmp_path / "c.txt", code=2)


def test_training_that_diverges_leaves_the_last_model(change: Ask) -> None:
    before = change.rows("info")[-1]
    words = ("--set", "learning_rate=1e6", "--set", "epochs=200")
    message = change("train", "--algorithm", "mf", *words, code=1).stderr
    assert "in epoch" in message
    assert "learning_rate 1000000.0" in message
    assert change.rows("info")[-1] == before
    assert change("doctor").stdout.count("problem") == 0


def test_weights_are_learned_or_given(change: Ask) -> None:
    quick = ("train", "--algorithm", "als", "--dimensions", 8, "--epochs", 2)
    metrics = {row["metric"]: row["value"] for row in change.rows(*quick)}
    assert metrics["slice_ndcg_blend"] >= metrics["slice_ndcg_embedding"]
    given = change.rows(*quick, "--weights", "embedding=1,tags=0.25")
    metrics = {row["metric"]: row["value"] for row in given}
    assert [metrics[f"weight_{name}"] for name in ("embedding", "friends", "tags")] == [1, 0, 0.25]
    assert "slice_ndcg_blend" not in metrics


def test_a_half_life_for_a_history(tmp_path: Path) -> None:
    rows = [
        f"{user},{artist},{1 + artist % 3},{1_500_000_000 + 86_400 * 20 * (artist + user)}"
        for user in range(6)
        for artist in range(user, user + 8)
    ]
    table = tmp_path / "listens.csv"
    table.write_text("\n".join(["user,artist,plays,time", *rows]) + "\n", encoding="utf-8")
    ask = empty_store("timed")
    ask("load", table)
    Path("tastegraph.toml").write_text("[train]\nhalf-life = 45\n", encoding="utf-8")
    words = ("train", "--algorithm", "als", "--dimensions", 3, "--tune", "off")
    ask(*words)
    for given, expected in (((), 45.0), (("--half-life", "90"), 90.0)):
        ask(*words, *given)
        card = ask.rows("query", "run", "model-card")[0]
        assert f'"half_life": {expected}' in card["parameters"]
    assert len(ask.rows("recommend", 3, "-k", 2, "--why")) == 2
    found = ask.rows("tune", "--algorithm", "als", "--split", "time", "--trials", 2, "--slices", 1)
    assert all("half_life=" in row["parameters"] for row in found)
