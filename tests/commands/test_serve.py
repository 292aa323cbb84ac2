"""``serve``: names its address, answers, and ends on Ctrl-C."""

import json
import re
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.commands.running import Ask, run, start


def test_serves_until_ctrl_c(ask: Ask) -> None:
    command = ("--store", ask.place, "serve", "--port", 0)
    with start(*command, stderr=subprocess.PIPE) as serving:
        assert serving.stdout
        address = serving.stdout.readline().strip()
        assert re.fullmatch(r"http://localhost:\d+", address)
        with urllib.request.urlopen(f"{address}/api/users/2", timeout=30) as response:
            assert json.load(response)["id"] == 2
        with urllib.request.urlopen(f"{address}/users/2", timeout=30) as response:
            assert b"Might like" in response.read()
        port = address.rpartition(":")[2]
        error = run("--store", ask.place, "serve", "--port", port, code=1).stderr
        assert f"port {port} of 127.0.0.1 can't be used" in error
        serving.send_signal(signal.SIGINT)
        assert serving.wait(30) == 0
        assert serving.stderr
        assert "Traceback" not in serving.stderr.read()


def test_others_need_a_token(ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TASTEGRAPH_TOKEN", raising=False)
    error = ask("serve", "--host", "0.0.0.0", "--port", 0, code=2).stderr
    assert "--token-file" in error
    file = tmp_path / "token"
    assert "can't be read" in ask("serve", "--token-file", file, code=1).stderr
    file.write_text("short\n", encoding="utf-8")
    assert "16 letters" in ask("serve", "--token-file", file, code=1).stderr


def test_a_store_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "there is no store" in run("--store", tmp_path / "none", "serve", code=1).stderr
