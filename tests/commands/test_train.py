"""``train``: its figures, its settings, and what is no setting."""

import pytest

from tests.commands.running import Ask

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
    ],
)
def test_what_is_no_setting_is_said(ask: Ask, words: tuple[str, ...], message: str) -> None:
    assert message in ask("train", *words, code=1).stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--dimensions", 0),
        ("--epochs", 0),
        ("--seed", -1),
        ("--seed", 2**32),
        ("--set", "reg"),
        ("--set", "=3"),
    ],
)
def test_wrong_usage(ask: Ask, words: tuple[object, ...]) -> None:
    ask("train", *words, code=2)


def test_nothing_to_learn_from_is_said() -> None:
    assert "tastegraph load PATH" in Ask("empty")("train", code=1).stderr
