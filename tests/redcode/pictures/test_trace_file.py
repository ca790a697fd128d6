"""A trace file tells a match step by step, and is read without trust."""

from __future__ import annotations

import io
from contextlib import suppress

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from redcode import NANO, Rules, Warrior, assemble, builtin, fight
from redcode.commands.cli import group
from redcode.isa import Instruction, Opcode
from redcode.machine.events import Executed
from redcode.machine.placement import alternating, series
from redcode.machine.reference import OVERTIME, Machine
from redcode.pictures.trace import JOINED_SHIFT, WRITES_SHIFT, record
from redcode.pictures.trace_file import TraceFileError, read_trace, write_trace
from tests.strategies import warriors

pytestmark = pytest.mark.usefixtures("short_overtime")


def text_of(fighters: list[Warrior], rules: Rules, rounds: int = 1) -> str:
    file = io.StringIO()
    starts, order = series(len(fighters), rules, 7, rounds), alternating(rounds, len(fighters))
    write_trace(file, fighters, rules, starts, order)
    return file.getvalue()


def test_an_imp_and_a_warrior_that_dies_line_by_line() -> None:
    rules = Rules(core_size=80, max_cycles=3, max_processes=2, max_length=5, min_distance=5)
    dies = assemble(";name Dies\n spl 1, 0\n dat 0, 0", rules)
    file = io.StringIO()
    starts, order = np.array([[0, 40]]), np.array([[0, 1]])
    write_trace(file, [builtin("imp", rules), dies], rules, starts, order, stop="all")
    assert file.getvalue() == (
        "V 1 80 2 3\nR 1\nW 0 0 1 Imp\nW 1 40 2 Dies\n"
        "e 0 0 0\nw 0 0 1\ne 0 1 40\ns 0 1 41\n"
        "e 1 0 1\nw 1 0 2\ne 1 1 41\nx 1 1 41\n"
        "e 2 0 2\nw 2 0 3\ne 2 1 41\nx 2 1 41\nD 2 1\n"
    )


@given(st.lists(warriors(NANO), min_size=1, max_size=3))
def test_a_trace_read_again_visits_the_same_cells(fighters: list[Warrior]) -> None:
    rules = Rules(core_size=80, max_cycles=60, max_processes=8, max_length=5, min_distance=5)
    text = text_of(fighters, rules)
    trace = read_trace(io.StringIO(text), "battle.trace")
    starts = series(len(fighters), rules, 7, 1)[0].tolist()
    whole = record(fighters, rules, starts)
    writes, joined = trace.steps >> WRITES_SHIFT & 3, trace.steps >> JOINED_SHIFT
    assert writes.tolist() == (whole.steps >> WRITES_SHIFT & 3).tolist()
    assert joined.tolist() == (whole.steps >> JOINED_SHIFT).tolist()
    assert trace.writes[0].tolist() == whole.writes[0].tolist()
    executed: list[int] = []
    machine = Machine(
        rules,
        fighters,
        starts,
        watch=lambda event: executed.append(event.address) if isinstance(event, Executed) else None,
    )
    machine.run()
    assert len(trace.steps) == len(executed)
    for warrior, fighter in zip(trace.warriors, fighters, strict=True):  # one that never moved tells no start
        assert warrior.start in (0, fighter.start)
    assert replayed(trace.joined, joined, trace, len(fighters)) == executed


def replayed(joined: np.ndarray, counts: np.ndarray, trace, warriors: int) -> list[int]:  # type: ignore[no-untyped-def]
    """The cells executed, as a player finds them in the queues."""
    queues = [
        [(start + w.start) % trace.rules.core_size] for start, w in zip(trace.starts, trace.warriors, strict=True)
    ]
    order, step, at, executed = list(range(warriors)), 0, 0, []
    while step < len(counts):
        for warrior in list(order):
            if step == len(counts):
                break
            address = queues[warrior].pop(0)
            executed.append(address)
            for _ in range(counts[step]):
                queues[warrior].append((address + int(joined[at])) % trace.rules.core_size)
                at += 1
            step += 1
            if not queues[warrior]:
                order.remove(warrior)
    return executed


SECOND = """
 ldp #1, x
 stp #1, #1
 jmz 0, x
x dat 0, 0
"""
"""Lives in the first round, finds a 1 in its p-space in the second and dies."""


@given(st.lists(warriors(NANO), min_size=1, max_size=2))
def test_the_deaths_of_a_match_are_those_of_the_fight(fighters: list[Warrior]) -> None:
    rules = Rules(core_size=80, max_cycles=40, max_processes=8, max_length=5, min_distance=5)
    fighters = [assemble(SECOND, rules), *fighters]
    lines = text_of(fighters, rules, rounds=3).splitlines()
    result = fight(fighters, rules, starts=series(len(fighters), rules, 7, 3))
    deaths = [
        sum(line.startswith("D") and line.endswith(f" {index}") for line in lines) for index in range(len(fighters))
    ]
    assert deaths == (~result.survived).sum(axis=0).tolist()


def test_p_space_goes_on_from_round_to_round() -> None:
    rules = Rules(max_cycles=9)
    rounds = text_of([assemble(SECOND, rules), builtin("imp")], rules, rounds=3).split("R ")[1:]
    assert ["D 3 0" in text for text in rounds] == [False, True, True]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "t.trace:1: expected 'V 1 CORE WARRIORS CYCLES', got 'nothing'"),
        ("V 2 80 1 10\n", "expected 'V 1 CORE WARRIORS CYCLES'"),
        ("V 1 80 1 10\nR 1\nW 0 0 1 a\ne 0 0 80\n", "t.trace:4: expected a number from 0 to 79 in column 4, got '80'"),
        ("V 1 80 1 10\nR 1\nW 0 0 1 a\ne 0 0 -1\n", "got '-1'"),
        ("V 1 80 1 10\nR 1\nW 0 0 1 a\nw 0 0 1\n", "t.trace:4: expected an 'e' of warrior 0 before its 'w'"),
        ("V 1 80 1 10\nR 1\nW 0 0 1 a\ne 0 0 1\n" + "w 0 0 1\n" * 4, "at most 3 'w'"),
        ("V 1 80 1 10\nR 1\nW 0 0 1 a\ne 5 0 1\ne 4 0 1\n", "expected cycles in order"),
        ("V 1 80 1 10\n<script>\n", "t.trace:2: expected a line of a trace"),
        ("V 1 80 2 10\nR 1\nW 0 0 1 a\n", "expected round 1 with 2 warriors, got none"),
        ("V 1 99999999 1 10\n", "expected a number from 0 to 65535"),
    ],
)
def test_what_is_no_trace_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(TraceFileError) as caught:
        read_trace(io.StringIO(text), "t.trace")
    assert message in str(caught.value)


@given(st.text(alphabet="VWRewsxD 0123456789\n-", max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(TraceFileError):
        assert read_trace(io.StringIO("V 1 80 2 9\n" + text), "t.trace").cycles <= 9 + OVERTIME


def test_fight_writes_what_watch_plays(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    nano = ["-s", "80", "-c", "800", "-p", "80", "-l", "5"]
    fought = CliRunner().invoke(group, ["fight", "-b", *nano, "-r", "2", "-T", "battle.trace", "imp", "imp"])
    assert fought.exit_code == 0, fought.output
    watched = CliRunner().invoke(group, ["watch", "battle.trace", "--round", "2", "-o", "battle.html"])
    assert watched.exit_code == 0 and "800 cycles" in watched.output
    page = (tmp_path / "battle.html").read_text()
    assert "Imp" in page
    assert "at most 800 cycles<" in page  # the file does not tell how many processes a warrior may have
    missing = CliRunner().invoke(group, ["watch", "battle.trace", "--round", "3"])
    assert "expected round 3 with 2 warriors" in str(missing.output) + str(missing.exception)


def test_instructions_are_not_in_the_file() -> None:
    trace = read_trace(io.StringIO(text_of([builtin("dwarf")], Rules(max_cycles=9))), "t.trace")
    assert {cell.opcode for cell in trace.warriors[0].code} == {Opcode.DAT}
    assert isinstance(trace.warriors[0].code[0], Instruction)
