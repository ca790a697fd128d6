from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from drq.cli.progress import Display, LiveDisplay, display
from drq.llm.calls import Usage
from drq.run.observer import Inserted
from tests.drq.runs import nano_config, population_config


def console(terminal: bool) -> Console:
    return Console(file=io.StringIO(), force_terminal=terminal, width=160)


def text(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def inserted(round: int, iteration: int, best: float | None = 1.25) -> Inserted:
    return Inserted(round, iteration, best, 0.25, 4)


def test_plain_lines_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drq.cli.progress.LINE_EVERY_S", 0.0)
    out = console(terminal=False)
    shown = display(nano_config(), lambda: Usage(3, 120, 2, 4000, 500, 0.125), out)
    assert type(shown) is Display
    shown.round_started(0, 13, 1)
    shown.inserted(inserted(0, 5))
    shown.round_ended(0, 1.5)
    shown.round_ended(1, None)
    shown.stopping()
    shown.close()
    lines = text(out).splitlines()
    assert lines[0].startswith("round 0 of 0-1, 6/12, best 1.250, 25% of cells filled, ") and lines[0].endswith(" left")
    assert "calls 3 in flight, 120 done, 2 failed, 4500 tokens, cost 0.1250" in lines[0]
    assert lines[1].startswith("round 0: champion 1.500") and lines[2].startswith("round 1: no champion")
    assert "Ctrl-C" in lines[3] and "\x1b" not in text(out)


def test_a_bar_on_a_terminal_that_leaves_no_trace_but_the_champions() -> None:
    out = console(terminal=True)
    shown = display(nano_config(), lambda: None, out)
    assert isinstance(shown, LiveDisplay)
    shown.round_started(0, 13, 1)
    shown.inserted(inserted(0, 5, None))
    shown.round_ended(0, 1.5)
    shown.close()
    shown.close()
    assert "no new warrior yet, 25% of cells filled" in text(out) and "round 0: champion 1.500" in text(out)
    assert text(out).count("\x1b[?25l") == text(out).count("\x1b[?25h")


def test_a_population_has_no_cells() -> None:
    out = console(terminal=False)
    shown = display(population_config(), lambda: None, out)
    shown.inserted(inserted(0, 5))
    assert "25% of the population filled" in shown.numbers() and "cells" not in shown.numbers()


@pytest.mark.parametrize("terminal", [False, True])
def test_the_time_of_a_local_model_is_said_once(terminal: bool) -> None:
    """Two rounds of 12 proposals of which a model makes a quarter: 6 calls, one of them made before."""
    out = console(terminal)
    usage = [Usage(done=1)]
    mixed = {"name": "mixed", "weights": {"genetic": 3.0, "llm": 1.0}}
    shown = display(replace(nano_config(), operator=mixed), lambda: usage[0], out)
    shown.waiting()
    assert "a call takes" not in text(out)
    usage[0] = Usage(done=1, call_s=900.0)
    shown.waiting()
    shown.waiting()
    shown.close()
    assert text(out).count("a call takes at most about 900.0 s here, the run's 5 calls at most about 1:15:00") == 1


def test_work_grows_with_the_battles() -> None:
    shown = Display(nano_config(rounds=3), lambda: None, console(terminal=False))
    assert shown.work() == (0.0, 1.0) and shown.time_left() == "unknown time"
    shown.round_started(1, 14, 2)
    shown.inserted(inserted(1, 5))
    assert shown.work() == (2 * 12 + 3 * 6, (2 + 3 + 4) * 12)
    asked = Display(nano_config(rounds=3), lambda: Usage(), console(terminal=False))
    asked.round_started(1, 14, 2)
    asked.inserted(inserted(1, 5))
    assert asked.work() == (12 + 6, 36)


def test_a_plain_line_comes_also_while_nothing_is_placed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drq.cli.progress.LINE_EVERY_S", 0.0)
    out = console(terminal=False)
    shown = display(nano_config(), lambda: Usage(in_flight=3, trouble="HTTP 429: slow down"), out)
    shown.waiting()
    assert text(out).startswith("starting, no new warrior yet") and "last error: HTTP 429: slow down" in text(out)


def test_the_models_that_are_no_longer_asked_are_named() -> None:
    shown = Display(nano_config(), lambda: Usage(silent=("b", "c")), console(terminal=False))
    assert "no longer asked, because every call failed: b, c" in shown.numbers()
    assert "no longer asked" not in Display(nano_config(), Usage, console(terminal=False)).numbers()


def test_the_time_left_is_that_of_this_process_s_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("drq.cli.progress.time.monotonic", lambda: now)
    shown = Display(nano_config(rounds=1, history=0), lambda: None, console(terminal=False))
    shown.round_started(0, 13, 1)
    for iteration in range(8):
        shown.inserted(replace(inserted(0, iteration), on_record=True))
    assert shown.time_left() == "unknown time"
    for iteration in (8, 9):
        now += 60.0
        shown.inserted(inserted(0, iteration))
    assert shown.time_left() == "0:02:00", "two more of twelve, a minute each"


def test_a_short_history_stops_the_growth() -> None:
    shown = Display(nano_config(rounds=4, history=1), lambda: None, console(terminal=False))
    shown.round_started(3, 14, 3)
    shown.inserted(inserted(3, 11))
    assert shown.work() == ((3 + 4 + 4 + 4) * 12, (3 + 4 + 4 + 4) * 12)
