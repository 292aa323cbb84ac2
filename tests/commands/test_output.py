"""Every format holds the same rows, on stdout and in a file."""

import io
import json
import re
from pathlib import Path

import click
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from tastegraph.commands.output import FORMATS, SUFFIXES, emit, output_options
from tastegraph.commands.print_table import write_table
from tastegraph.commands.session import Session
from tastegraph.errors import InputError
from tastegraph.models.explain.parts import Part, Why
from tests.commands.running import Ask, from_csv

RECOMMEND = ("recommend", 2, "-k", 3, "--why")
LISTENS = ("query", "run", "user-listens")
COLUMNS = [
    *("user", "rank", "artist", "name", "score", "embedding", "friends", "tags"),
    "why",
]
ODD = pd.DataFrame({"id": [1, 2], "name": ["a\nb\x1b[31m", '"é,\t😀'], "value": [0.5, None]})


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_has_the_same_columns(ask: Ask, format_: str) -> None:
    text = ask(*RECOMMEND, "--format", format_).stdout
    lines = text.splitlines()
    found = {
        "table": lines[0].split,
        "csv": lambda: lines[0].split(","),
        "tsv": lambda: lines[0].split("\t"),
        "json": lambda: list(json.loads(text)[0]),
        "jsonl": lambda: list(json.loads(lines[0])),
    }[format_]()
    assert found == COLUMNS


def test_every_format_has_the_same_values(ask: Ask) -> None:
    rows = ask.rows(*LISTENS)
    lines = ask(*LISTENS, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == rows
    for format_, separator in (("csv", ","), ("tsv", "\t")):
        table = from_csv(ask(*LISTENS, "--format", format_).stdout, separator)
        assert [json.loads(row["tags"]) for row in table] == [row["tags"] for row in rows]
        assert [int(row["plays"]) for row in table] == [row["plays"] for row in rows]
        assert [row["name"] for row in table] == [row["name"] for row in rows]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("command", [("info",), LISTENS])
def test_file_holds_what_would_be_printed(
    ask: Ask, tmp_path: Path, command: tuple[object, ...], suffix: str
) -> None:
    file = tmp_path / f"rows{suffix}"
    assert ask(*command, "-o", file).stdout == ""
    assert [each.name for each in tmp_path.iterdir()] == [file.name]
    if suffix == ".parquet":
        printed = pd.read_csv(io.StringIO(ask(*command, "--format", "csv").stdout))
        written = pd.read_parquet(file)
        # In CSV what is not there is no number.
        written = written.where(written.notna(), float("nan"))
        pd.testing.assert_frame_equal(written, printed, check_dtype=False)
    else:
        printed_text = ask(*command, "--format", SUFFIXES[suffix]).stdout
        assert file.read_text(encoding="utf-8") == printed_text


def test_reasons_are_json_in_a_file_of_columns(ask: Ask, tmp_path: Path) -> None:
    ask(*RECOMMEND, "-o", tmp_path / "rows.parquet")
    frame = pd.read_parquet(tmp_path / "rows.parquet")
    assert list(frame.columns) == COLUMNS
    for score, why in zip(frame["score"], frame["why"], strict=True):
        assert sum(part["value"] for part in json.loads(why)) == pytest.approx(score, abs=1e-6)


def test_parquet_keeps_types_and_odd_names(tmp_path: Path) -> None:
    emit(ODD, "table", tmp_path / "odd.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "odd.parquet"), ODD)


def test_unknown_suffix_is_wrong_usage(ask: Ask, tmp_path: Path) -> None:
    assert ".parquet" in ask(*RECOMMEND, "-o", tmp_path / "rows.xlsx", code=2).stderr


def test_missing_folder_is_an_error_before_the_work(ask: Ask, tmp_path: Path) -> None:
    error = ask("train", "-o", tmp_path / "none" / "rows.csv", code=1).stderr
    assert error.startswith("Error: ")
    assert "no folder" in error
    assert not (tmp_path / "none").exists()


def test_failed_write_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    file = tmp_path / "rows.csv"
    file.write_text("old")
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(InputError, match=r"rows\.csv can't be written \(Permission denied\)"):
        emit(ODD, "table", file)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("rows.csv", "old")]


def test_table_keeps_one_line_a_row_and_no_blanks_at_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    emit(ODD, "table")
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["id  name       value", " 1  a b [31m  0.5000", ' 2  "é, 😀']


def test_json_says_null_and_csv_nothing_where_there_is_no_value(
    capsys: pytest.CaptureFixture[str],
) -> None:
    emit(ODD, "json")
    assert json.loads(capsys.readouterr().out)[1] == {"id": 2, "name": '"é,\t😀', "value": None}
    emit(ODD, "csv")
    assert from_csv(capsys.readouterr().out)[1]["value"] == ""


def test_reasons_are_words_in_a_table_and_parts_elsewhere(
    capsys: pytest.CaptureFixture[str],
) -> None:
    parts = [Part("friend", 7, None, 0.2), Part("tag", 3, "jazz", np.float64(0.1))]
    frame = pd.DataFrame({"why": pd.Series([Why(parts)], dtype=object)})
    emit(frame, "table")
    assert "your friend 7 (0.200), tag 'jazz' (0.100)" in capsys.readouterr().out
    emit(frame, "json")
    assert json.loads(capsys.readouterr().out) == [
        {
            "why": [
                {"kind": "friend", "id": 7, "name": None, "value": 0.2},
                {"kind": "tag", "id": 3, "name": "jazz", "value": 0.1},
            ]
        }
    ]


@pytest.mark.parametrize("format_", FORMATS)
def test_no_rows_still_have_columns(format_: str, capsys: pytest.CaptureFixture[str]) -> None:
    emit(pd.DataFrame([], columns=["id", "name"]), format_)
    expected = {"table": "id  name\n", "csv": "id,name\n", "tsv": "id\tname\n", "json": "[]\n"}
    assert capsys.readouterr().out == expected.get(format_, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_full_disk_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("sys.stdout", Full())
    with pytest.raises(InputError, match="No space left"):
        emit(ODD, "csv")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_narrow_terminal_cuts_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    frame = pd.DataFrame(
        {"model": ["a long name of a model", "b"]}
        | {f"measure_{at}": [0.1234 + at, 1000.5678 + at] for at in range(7)}
    )
    terminal = Terminal()
    write_table(frame, terminal)
    text = re.sub("\x1b\\[[0-9;]*m", "", terminal.getvalue())
    assert all(len(line.rstrip()) <= 40 for line in text.splitlines())
    assert all(block.startswith("model") for block in text.split("\n\n"))
    words = text.split()
    for name in frame.columns[1:]:
        assert words.count(name) == 1
        assert {f"{value:.4f}" for value in frame[name]} <= set(words)


@pytest.mark.parametrize(
    ("chance", "shown"),
    [
        (0.03, "0.0300"),
        (0.0001, "0.0001"),
        (0.00009, "9e-05"),
        (3.2e-41, "3e-41"),
        (0.0, "<1e-300"),
    ],
)
def test_a_small_chance_is_never_nothing(
    chance: float, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    emit(pd.DataFrame({"ndcg": [0.00001, 0.2], "p_value": [None, chance]}), "table")
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [["ndcg", "p_value"], ["0.0000"], ["0.2000", shown]]


def test_numbers_stay_numbers_beside_nothing(tmp_path: Path) -> None:
    frame = pd.DataFrame({"value": [3, 0.5, None], "text": [None, None, "x"]}, dtype=object)
    emit(frame, "table", tmp_path / "a.parquet")
    found = pd.read_parquet(tmp_path / "a.parquet")
    assert found["value"].dtype == np.float64
    assert found["value"].tolist()[:2] == [3.0, 0.5]
    emit(frame, "table", tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "value,text\n3,\n0.5,\n,x\n"


EVIL = [
    "=1+1",
    "+a",
    "-M-",
    "@x",
    "\tx",
    "\r=x",
    "＝1",
    "a=1",
    "\x1b[31mred",
    "\u202edeer",
    "-5",
    "+1.5e3",
]
SHOWN = [
    "'=1+1",
    "'+a",
    "'-M-",
    "'@x",
    "'\tx",
    "' =x",
    "'＝1",
    "a=1",
    " [31mred",
    " deer",
    "-5",
    "+1.5e3",
]


@pytest.mark.parametrize("suffix", ["csv", "tsv"])
def test_no_cell_of_text_is_run_by_a_spreadsheet_or_steers_a_terminal(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frame = pd.DataFrame({"name": EVIL, "=cmd()": range(-6, 6), "number": np.arange(12) / -2})
    emit(frame, suffix)
    printed = capsys.readouterr().out
    emit(frame, "table", tmp_path / f"rows.{suffix}")
    assert (tmp_path / f"rows.{suffix}").read_bytes().decode() == printed
    rows = from_csv(printed, {"csv": ",", "tsv": "\t"}[suffix])
    assert list(rows[0]) == ["name", "'=cmd()", "number"]
    assert [row["name"] for row in rows] == SHOWN
    assert [int(row["'=cmd()"]) for row in rows] == list(range(-6, 6))
    assert [float(row["number"]) for row in rows] == frame["number"].tolist()


def test_raw_keeps_what_is_in_the_data_and_its_absence_is_said() -> None:
    @click.command()
    @output_options
    def command(format_: str, output: Path | None) -> None:
        emit(pd.DataFrame({"name": EVIL}), format_, output)

    raw = CliRunner().invoke(command, ["--format", "csv", "--raw"]).stdout
    assert [row["name"] for row in from_csv(raw)] == EVIL
    session = Session("nowhere")
    found = CliRunner().invoke(command, ["--format", "csv"], obj=session)
    assert [row["name"] for row in from_csv(found.stdout)] == SHOWN
    assert found.stderr.startswith("Note: 9 cells hold what a spreadsheet would run")
    assert "--raw" in found.stderr


@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_json_steers_no_terminal_and_means_the_same(
    format_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    emit(pd.DataFrame({"name": ["\x9b31m\x7f\u202e\u2028"]}), format_)
    printed = capsys.readouterr().out
    assert all(sign.isprintable() or sign == "\n" for sign in printed)
    rows = json.loads(printed)
    assert (rows[0] if format_ == "json" else rows) == {"name": "\x9b31m\x7f\u202e\u2028"}


def test_a_table_turns_no_line_around_and_obeys_no_name_of_a_column() -> None:
    file = io.StringIO()
    write_table(pd.DataFrame({"a\x1b[2J": ["\u202edeer\u2066"], "b": [1]}), file)
    assert file.getvalue() == "a [2J   b\n deer   1\n"


def test_a_long_name_makes_no_other_line_long() -> None:
    file = io.StringIO()
    write_table(pd.DataFrame({"name": ["n" * 3000, "short"], "plays": [1, 23]}), file)
    header, long, other = file.getvalue().splitlines()
    assert long == "n" * 3000 + "      1"
    assert len(header) == len(other) == 107
    assert other.split() == ["short", "23"]
