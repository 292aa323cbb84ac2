"""``export`` from the command line, and what docs/data.md says of it."""

import json
import re
import shlex
from pathlib import Path

from tests.commands.running import Ask, run
from tests.neo4j_packages import ROOT

PAGE = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
BACK = PAGE.partition("## Out again")[2].splitlines()
LINES = re.findall(r"^    (tastegraph .*(?:export|load) backup)$", PAGE, re.MULTILINE)


def counts(*words: object) -> dict[str, int]:
    rows = json.loads(run(*words, "info", "--json").stdout)
    return {row["kind"]: row["count"] for row in rows if row["kind"] != "model"}


def test_the_lines_of_the_page(ask: Ask, small: Path) -> None:
    run("load", small)
    assert len(LINES) == 2
    for line in LINES:
        run(*shlex.split(line)[1:])
    assert counts("--store", "elsewhere") == counts()


def test_an_export_says_what_it_wrote(ask: Ask) -> None:
    result = ask("export", "x", "--csv", "--json")
    rows = json.loads(result.stdout)
    assert [row["table"] for row in rows] == [
        *("listens", "artists", "friends", "tags", "users"),
        *("tag_names", "features", "hidden", "properties"),
    ]
    for row in rows:
        lines = Path("x", row["file"]).read_text(encoding="utf-8").splitlines()
        assert len(lines) == row["rows"] + 1
        (line,) = [line for line in BACK if line.startswith(f"| `{row['table']}` |")]
        assert [title for title in lines[0].split(",") if title not in line] == []
    assert "without vectors and models: 'tastegraph --store" in result.stderr


def test_an_export_is_not_overwritten_unasked(ask: Ask) -> None:
    ask("export", "x")
    assert "--force replaces it" in ask("export", "x", code=1).stderr
    ask("export", "x", "--force", "--csv")
    assert sorted(Path("x").glob("*.parquet")) == []
    Path("mine").mkdir()
    Path("mine/file").write_text("x")
    error = ask("export", "mine", "--force", code=1).stderr
    assert "mine holds something else than an export. Name a new folder." in error
    assert [path.name for path in Path("mine").iterdir()] == ["file"]


def test_an_export_answers_in_place_of_a_database(ask: Ask, small: Path) -> None:
    run("load", small)
    run("train", "--algorithm", "als", "--dimensions", 4, "--tune", "off")
    run("export", "x")
    tables = Ask("x")
    assert tables.rows("info") == json.loads(run("info", "--json").stdout)
    assert tables.rows("recommend", "--all") == json.loads(
        run("recommend", "--all", "--json").stdout
    )
    error = tables("doctor", code=1).stderr
    assert "x is a folder of tables, and this needs a database: 'tastegraph --store NEW" in error
