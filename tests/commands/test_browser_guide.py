"""``browser-guide``: says what to type, writes the files, serves them until Ctrl-C."""

import re
import signal
import subprocess
import urllib.request
from pathlib import Path

from tastegraph.web.browser_files import browser_files
from tests.commands.running import run, start
from tests.neo4j_packages import ROOT

SERVER = ("--store", "bolt://localhost:7687")


def test_says_what_there_is() -> None:
    result = run(*SERVER, "browser-guide")
    assert "browser-guide --serve" in result.stdout
    assert "--output FOLDER" in result.stdout
    assert result.stderr == ""


def test_embedded_store_has_no_browser(tmp_path: Path) -> None:
    assert "docker compose up" in run("browser-guide").stderr
    assert list(tmp_path.iterdir()) == []


def test_writes_the_files(tmp_path: Path) -> None:
    folder = tmp_path / "for" / "browser"
    shown = run(*SERVER, "browser-guide", "-o", folder).stdout.splitlines()
    files = browser_files()
    assert shown == [str(folder / name) for name in files]
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == files


def test_a_port_is_for_serving() -> None:
    assert "--serve" in run(*SERVER, "browser-guide", "--port", 8474, code=2).stderr


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    assert "is a file" in run(*SERVER, "browser-guide", "-o", "taken", code=2).stderr


def test_serves_until_ctrl_c() -> None:
    with start(*SERVER, "browser-guide", "--serve", stderr=subprocess.PIPE) as serving:
        assert serving.stdout
        said = "".join(serving.stdout.readline() for _ in range(7))
        guide = re.search(r":play (\S+)", said)
        assert guide
        with urllib.request.urlopen(guide[1], timeout=10) as response:
            assert b"carousel" in response.read()
        taken = guide[1].split(":")[2].split("/")[0]
        shown = (ROOT / "docs" / "explore.md").read_text(encoding="utf-8")
        assert "browser-guide --serve\n" + said.replace(taken, "40123") + "```" in shown
        error = run(*SERVER, "browser-guide", "--serve", "--port", taken, code=1).stderr
        assert f"port {taken} can't be used" in error
        serving.send_signal(signal.SIGINT)
        assert serving.wait(20) == 0
        assert serving.stderr
        assert serving.stderr.read().strip() == ""
