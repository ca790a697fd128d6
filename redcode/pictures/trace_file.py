"""Trace files: a match as the lines that pMARS writes with ``-T``.

::

    V 1 CORE WARRIORS CYCLES                the format's version, and the sizes of the match
    R ROUND                                 a round begins; rounds count from 1, as in pMARS
    W INDEX POSITION LENGTH NAME            a warrior is loaded
    e CYCLE WARRIOR ADDRESS                 a process executes an instruction
    w CYCLE WARRIOR ADDRESS                 it writes to a cell
    s CYCLE WARRIOR ADDRESS                 it adds a process
    x CYCLE WARRIOR ADDRESS                 it dies
    D CYCLE WARRIOR                         the warrior dies, with its last process

Warriors and cycles count from 0. The file holds addresses, but no instructions.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple, NoReturn, TextIO

import numpy as np
from numpy.typing import NDArray

from redcode.errors import RedcodeError
from redcode.isa import EMPTY_CELL, MAX_CORE_SIZE
from redcode.machine.events import Event, Executed, ProcessDied, Spawned, Wrote
from redcode.machine.match import rounds_of_match
from redcode.machine.reference import OVERTIME, Limits, Stop
from redcode.pictures.trace import JOINED_SHIFT, WRITES_SHIFT, Trace
from redcode.rules import MAX_WARRIORS, Rules
from redcode.text import printable
from redcode.warrior import Warrior

MAX_STEPS = 8_000_000
"""Most steps of a round, because a page with more is too large for a browser."""
_LETTERS = {Executed: "e", Wrote: "w", Spawned: "s", ProcessDied: "x"}


class TraceFileError(RedcodeError):
    """The text is not a trace file, or it lacks the requested round."""


def write_trace(
    file: TextIO,
    warriors: Sequence[Warrior],
    rules: Rules,
    starts: NDArray[np.int64],
    order: NDArray[np.int64],
    stop: Stop = "last",
    progress: Callable[[int], None] = lambda rounds: None,
    limits: Limits | None = None,
) -> None:
    """Play a match with the reference interpreter and write each step to ``file``.

    ``starts`` and ``order`` are (rounds, warriors), as in :func:`redcode.fight`. ``progress`` is told after each round.
    A million steps take about ten seconds.
    """
    file.write(f"V 1 {rules.core_size} {len(warriors)} {rules.max_cycles}\n")

    def note(event: Event) -> None:
        if letter := _LETTERS.get(type(event)):
            file.write(f"{letter} {event.cycle} {event.warrior} {event.address}\n")
            if isinstance(event, ProcessDied) and event.processes == 0:
                file.write(f"D {event.cycle} {event.warrior}\n")

    machines = rounds_of_match(warriors, rules, starts, order, note, limits)
    for round, (machine, addresses) in enumerate(zip(machines, starts.tolist(), strict=True), 1):
        file.write(f"R {round}\n")
        for index, (warrior, address) in enumerate(zip(warriors, addresses, strict=True)):
            name = " ".join(printable(warrior.name).split())
            file.write(f"W {index} {address} {len(warrior)} {name}\n")
        machine.run(stop)
        progress(1)


class _Loaded(NamedTuple):
    position: int
    length: int
    name: str


@dataclass(slots=True)
class _Step:
    """One executed instruction, from the lines of a trace file."""

    warrior: int
    address: int
    writes: list[int] = field(default_factory=list)
    spawned: list[int] = field(default_factory=list)
    died: bool = False


def read_trace(lines: Iterable[str], path: str, round: int = 1) -> Trace:
    """One round of a trace file, ready to play.

    The file holds no instructions, so every cell is empty. Writers, executed addresses and waiting processes are exact.
    Raises TraceFileError, which names ``path`` and the line.
    """
    return _Reader(lines, path).read(round)


class _Reader:
    """Reads untrusted lines: it bounds every number and the number of steps."""

    def __init__(self, lines: Iterable[str], path: str) -> None:
        self._lines = enumerate(lines, 1)
        self._path = path
        self._line = 0

    def read(self, round: int) -> Trace:
        """The trace of ``round``."""
        core, warriors, cycles = self._header()
        loaded: dict[int, _Loaded] = {}
        steps: list[_Step] = []
        current, last_cycle = 0, -1
        for letter, words in self._rest():
            if letter == "R":
                if current == round:
                    break
                current = self._number(words, 0, 2**31)
            elif letter == "W":
                index = self._number(words, 0, warriors)
                if current in (0, round):  # these lines may stand before the first round
                    position, length = self._number(words, 1, core), self._number(words, 2, core + 1)
                    loaded[index] = _Loaded(position, length, words[3] if len(words) > 3 else f"warrior {index}")
            elif current == round:
                cycle, warrior = self._number(words, 0, cycles + OVERTIME), self._number(words, 1, warriors)
                if cycle < last_cycle:
                    self._refuse("cycles in order", str(cycle))
                last_cycle = cycle
                if letter != "D":
                    self._step(letter, warrior, self._number(words, 2, core), steps)
        if current != round or len(loaded) < warriors:
            raise TraceFileError(f"{self._path}: expected round {round} with {warriors} warriors, got none")
        longest = max(warrior.length for warrior in loaded.values())
        processes = min(len(steps) + 1, MAX_CORE_SIZE)
        rules = Rules(core, max(cycles, 1), processes, max_length=max(longest, 1), min_distance=max(longest, 1))
        return _trace(rules, [loaded[index] for index in range(warriors)], steps, last_cycle + 1)

    def _header(self) -> tuple[int, int, int]:
        letter, words = next(self._rest(), ("", []))
        if letter != "V" or words[:1] != ["1"]:
            self._refuse("'V 1 CORE WARRIORS CYCLES'", letter or "nothing")
        core, warriors = self._number(words, 1, MAX_CORE_SIZE + 1), self._number(words, 2, MAX_WARRIORS + 1)
        return core, warriors, self._number(words, 3, 2**31)

    def _rest(self) -> Iterator[tuple[str, list[str]]]:
        """Letter and words of each remaining line; a name is one word."""
        for line, text in self._lines:
            self._line = line
            letter, *words = text[:200].split(maxsplit=4) or [""]
            if letter not in ("V", "W", "R", "e", "w", "s", "x", "D", ""):
                self._refuse("a line of a trace", letter)
            if letter:
                yield letter, words

    def _step(self, letter: str, warrior: int, address: int, steps: list[_Step]) -> None:
        if letter == "e":
            if len(steps) == MAX_STEPS:
                self._refuse(f"at most {MAX_STEPS} steps in a round", "more")
            steps.append(_Step(warrior, address))
            return
        if not steps or steps[-1].warrior != warrior:
            self._refuse(f"an 'e' of warrior {warrior} before its {letter!r}", "none")
        step = steps[-1]
        if letter == "w" and len(step.writes) < 3:
            step.writes.append(address)
        elif letter == "s" and not step.spawned:
            step.spawned.append(address)
        elif letter == "x":
            step.died = True
        else:
            self._refuse("at most 3 'w' and one 's' per step", letter)

    def _number(self, words: list[str], place: int, limit: int) -> int:
        text = words[place].strip() if place < len(words) else ""
        if not (text.isascii() and text.isdigit() and len(text) < 12 and int(text) < limit):
            self._refuse(f"a number from 0 to {limit - 1} in column {place + 2}", text)
        return int(text)

    def _refuse(self, expected: str, got: str) -> NoReturn:
        raise TraceFileError(f"{self._path}:{max(self._line, 1)}: expected {expected}, got {printable(got)!r}")


def _trace(rules: Rules, loaded: Sequence[_Loaded], steps: Sequence[_Step], cycles: int) -> Trace:
    """The steps in the form that the viewer needs.

    Processes execute in the order in which they join the queue. So the n-th process that joins is at the address of the
    warrior's n-th step after its first, if the trace is long enough.
    """
    size = rules.core_size
    executed: list[list[int]] = [[] for _ in loaded]
    for step in steps:
        executed[step.warrior].append(step.address)
    upcoming = [islice(addresses, 1, None) for addresses in executed]
    counts = array("B")
    joined, written = array("H"), array("H")
    for step in steps:
        joining = [] if step.died else [(step.address + 1) % size, *step.spawned]
        joined.extend((next(upcoming[step.warrior], address) - step.address) % size for address in joining)
        written.extend((address - step.address) % size for address in step.writes)
        counts.append(len(step.writes) << WRITES_SHIFT | len(joining) << JOINED_SHIFT)
    nothing = np.zeros(len(written), dtype=np.uint16)
    starts = tuple(warrior.position for warrior in loaded)
    return Trace(
        rules,
        tuple(_body(warrior, addresses, size) for warrior, addresses in zip(loaded, executed, strict=True)),
        starts,
        cycles,
        True,
        np.array(counts, dtype=np.uint8),
        np.zeros(0, dtype=np.uint16),
        np.array(joined, dtype=np.uint16),
        np.array([np.array(written, dtype=np.uint16), nothing, nothing, nothing]),
    )


def _body(loaded: _Loaded, executed: Sequence[int], size: int) -> Warrior:
    """A warrior of empty cells that starts where the trace starts."""
    start = (executed[0] - loaded.position) % size if executed else 0
    return Warrior((EMPTY_CELL,) * max(loaded.length, start + 1, 1), start, name=loaded.name)
