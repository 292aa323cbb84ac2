"""Progress on stderr: one line a step on a terminal, a line now and then elsewhere."""

import io

import pytest

from tastegraph.runtime import progress_bar as module
from tastegraph.runtime.progress_bar import progress_bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds since the start, which a test moves on."""
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


def on(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO) -> io.StringIO:
    monkeypatch.setattr("sys.stderr", stream)
    return stream


def as_shown(text: str) -> list[str]:
    """The lines that stay on the screen: a return and an erasure write over a line."""
    return [line.split("\r\x1b[K")[-1] for line in text.split("\n")]


def test_a_step_ends_in_one_line(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    terminal = on(monkeypatch, Terminal())
    with progress_bar("reading", 4) as advance:
        for _ in range(4):
            clock[0] += 0.5
            advance(1)
    with progress_bar("writing", 1):
        clock[0] += 1.0
    assert as_shown(terminal.getvalue()) == ["reading: 2.0 s", "writing: 1.0 s", ""]
    assert " 75%" in terminal.getvalue()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_has_a_line_of_its_own(
    monkeypatch: pytest.MonkeyPatch, clock: list[float], error: type[BaseException]
) -> None:
    terminal = on(monkeypatch, Terminal())

    def work() -> None:
        with progress_bar("reading", 4) as advance:
            clock[0] += 1.5
            advance(1)
            raise error

    with pytest.raises(error):
        work()
    assert as_shown(terminal.getvalue()) == ["reading: broken off at 25% after 1.5 s", ""]


def test_quick_work_is_silent_where_nobody_looks(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    log = on(monkeypatch, io.StringIO())
    with progress_bar("reading", 100) as advance:
        for _ in range(100):
            clock[0] += 0.01
            advance(1)
    assert log.getvalue() == ""


def test_slow_work_says_a_line_now_and_then_elsewhere(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    log = on(monkeypatch, io.StringIO())
    with progress_bar("training", 100) as advance:
        for _ in range(100):
            clock[0] += 0.25
            advance(1)
    assert log.getvalue() == "training: 40%\ntraining: 80%\ntraining: done in 25 s\n"


def test_more_steps_than_said_and_none_at_all_are_no_trouble(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    terminal = on(monkeypatch, Terminal())
    with progress_bar("one", 1) as advance:
        clock[0] += 1
        advance(3)
    with progress_bar("none", 0) as advance:
        clock[0] += 1
        advance(1)
    assert "100%" in terminal.getvalue()
    assert as_shown(terminal.getvalue()) == ["one: 1.0 s", "none: 1.0 s", ""]
