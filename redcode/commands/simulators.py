"""The simulators that ``redcode bench`` measures: redcode itself, exhaust and pMARS, all on the same battles."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from redcode.language.disassembler import disassemble
from redcode.machine.battle import Stop, fight_batch
from redcode.machine.placement import alternating, seed_from_position, series
from redcode.rules import Rules
from redcode.warrior import Warrior

EXHAUST_OPCODES = "DAT SPL MOV DJN ADD JMZ SUB SEQ SNE SLT JMN JMP NOP MUL MOD DIV LDP STP"
"""The opcodes in the order of the numbers that exhaust gives them."""
MOST_SECONDS = 600
"""Limit of one call of pMARS, because a build with a display never ends."""


@dataclass(frozen=True)
class Pairing:
    """Rounds of two warriors. Positions follow pMARS's series, and the two take turns to move first."""

    pair: tuple[int, int]
    """Indices of the two warriors."""
    position: int
    """Load address of the second warrior in the first round."""
    rounds: int

    def starts(self, rules: Rules) -> NDArray[np.int64]:
        """(rounds, 2) load addresses."""
        return series(2, rules, seed_from_position(self.position, rules), self.rounds)

    def order(self) -> NDArray[np.int64]:
        """(rounds, 2) columns in the order in which they move."""
        return alternating(self.rounds, 2)


@dataclass(frozen=True)
class Timing:
    """How long a simulator took for some pairings, and who won them."""

    seconds: float
    """Processor time of one thread, which other programs hardly disturb; clock time of several threads."""
    wins: list[tuple[int, int]]
    """Rounds that the first and the second warrior of each pairing won."""
    instructions: int | None = None
    """Instructions executed in all rounds; None where the simulator does not count them."""


Fight = Callable[[Sequence[Pairing]], Timing]


def redcode_fight(warriors: Sequence[Warrior], rules: Rules, stop: Stop, measures: bool, threads: int) -> Fight:
    """Redcode itself, compiled before the first measurement."""

    def fight(pairings: Sequence[Pairing]) -> Timing:
        order = np.concatenate([pairing.order() for pairing in pairings])
        pairs = np.repeat([pairing.pair for pairing in pairings], [pairing.rounds for pairing in pairings], axis=0)
        starts = np.concatenate([pairing.starts(rules) for pairing in pairings])
        clock = time.process_time if threads == 1 else time.perf_counter
        began = clock()
        result = fight_batch(warriors, pairs, starts, rules, order=order, stop=stop, threads=threads, measures=measures)
        seconds = clock() - began
        ends = np.cumsum([pairing.rounds for pairing in pairings])[:-1]
        wins = [(int(part[:, 0].sum()), int(part[:, 1].sum())) for part in np.split(result.won, ends)]
        instructions = np.minimum(result.death_cycle + 1, result.cycles[:, None]).sum()
        return Timing(seconds, wins, int(instructions))

    fight([Pairing((0, 0), rules.min_distance, 1)])
    return fight


def find_exhaust(warriors: Sequence[Warrior], rules: Rules) -> Fight | None:
    """exhaust, M Joonas Pihlaja's simulator in C (``pip install exhaust-ma``); None if it is not installed."""
    try:
        exhaust: Any = importlib.import_module("_exhaust_ma")
    except ImportError:
        return None
    ffi, lib = exhaust.ffi, exhaust.lib
    names = EXHAUST_OPCODES.split()
    codes = []
    for warrior in warriors:
        cells = ffi.new(f"insn_t[{len(warrior)}]")
        for cell, source in zip(cells, warrior.code, strict=True):
            cell.a, cell.b = source.a, source.b
            flags = names.index(source.opcode.name) << 9 | source.modifier << 6 | source.b_mode << 3 | source.a_mode
            setattr(cell, "in", flags)
        codes.append(cells)
    entries, deaths = ffi.new("field_t[2]"), ffi.new("unsigned int[2]")

    def fight(pairings: Sequence[Pairing]) -> Timing:
        plans = [(pairing.pair, pairing.starts(rules).tolist(), pairing.order().tolist()) for pairing in pairings]
        lib.sim_alloc_bufs2(2, rules.core_size, rules.max_processes, rules.max_cycles, rules.pspace_cells)
        results = []
        try:
            began = time.process_time()
            for pair, starts, orders in plans:
                wins = [0, 0]
                for start, order in zip(starts, orders, strict=True):
                    lib.sim_clear_core()
                    for turn, column in enumerate(order):
                        warrior = warriors[pair[column]]
                        lib.sim_load_warrior(start[column], codes[pair[column]], len(warrior))
                        entries[turn] = (start[column] + warrior.start) % rules.core_size
                    if lib.sim_mw(2, entries, deaths) == 1:
                        wins[order[1 - deaths[0]]] += 1
                results.append((wins[0], wins[1]))
            return Timing(time.process_time() - began, results)
        finally:
            lib.sim_free_bufs()

    return fight


def find_pmars(warriors: Sequence[Warrior], rules: Rules, folder: Path) -> Fight | None:
    """The pMARS that the variable PMARS names, or else the one in PATH; None if it does not fight without a display.

    Each pairing is one process. The time to start it and to assemble is left out. Its files lie in ``folder``.
    """
    program = os.environ.get("PMARS") or shutil.which("pmars")
    if program is None:
        return None
    files = []
    for index, warrior in enumerate(warriors):
        files.append(str(folder / f"{index}.red"))
        Path(files[-1]).write_text(disassemble(warrior, rules), encoding="latin-1", errors="replace")
    command = [program, "-b", "-k", "-s", str(rules.core_size), "-c", str(rules.max_cycles)]
    command += ["-p", str(rules.max_processes), "-l", str(rules.max_length), "-d", str(rules.min_distance)]

    def timed(pairing: Pairing, rounds: int) -> tuple[float, str]:
        ends = [files[index] for index in pairing.pair]
        began = _seconds_of_children()
        done = subprocess.run(
            [*command, "-r", str(rounds), "-F", str(pairing.position), *ends],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=MOST_SECONDS,
            check=True,
        )
        return _seconds_of_children() - began, done.stdout

    def fight(pairings: Sequence[Pairing]) -> Timing:
        seconds, results = 0.0, []
        for pairing in pairings:
            start, _ = timed(pairing, 0)
            whole, output = timed(pairing, pairing.rounds)
            seconds += whole - start
            wins = [int(line.split()[0]) for line in output.splitlines()]
            results.append((wins[0], wins[1]))
        return Timing(seconds, results)

    try:
        fight([Pairing((0, 0), rules.min_distance, 1)])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None
    return fight


def _seconds_of_children() -> float:
    """Processor time of all programs that this process has started and that have ended."""
    try:
        from resource import RUSAGE_CHILDREN, getrusage
    except ImportError:  # Windows
        return time.perf_counter()
    usage = getrusage(RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
