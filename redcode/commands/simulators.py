"""What ``redcode bench`` measures: this package and the other simulators on this machine, at the same battles."""

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
"""In the order of its numbers."""
MOST_SECONDS = 600
"""Of one call of pMARS; a build with a display waits for ever."""


@dataclass(frozen=True)
class Duel:
    """Rounds of two warriors: pMARS's series from a first position, the warriors taking turns to move first."""

    pair: tuple[int, int]
    """Indices of the two warriors."""
    position: int
    """Where the second lies in the first round."""
    rounds: int

    def starts(self, rules: Rules) -> NDArray[np.int64]:
        """(rounds, 2) load addresses."""
        return series(2, rules, seed_from_position(self.position, rules), self.rounds)

    def order(self) -> NDArray[np.int64]:
        """(rounds, 2) columns in the order in which they move."""
        return alternating(self.rounds, 2)


@dataclass(frozen=True)
class Outcome:
    """What came of duels."""

    seconds: float
    """Of the processor where one thread fights, so that other programs disturb little; else of the clock."""
    wins: list[tuple[int, int]]
    """Of the first and of the second warrior of each duel."""
    instructions: int | None = None
    """Played in all rounds; None where the simulator does not say."""


Fight = Callable[[Sequence[Duel]], Outcome]


def redcode_fight(warriors: Sequence[Warrior], rules: Rules, stop: Stop, measures: bool, threads: int) -> Fight:
    """Fights of redcode itself, compiled before it is measured."""

    def fight(duels: Sequence[Duel]) -> Outcome:
        order = np.concatenate([duel.order() for duel in duels])
        pairs = np.repeat([duel.pair for duel in duels], [duel.rounds for duel in duels], axis=0)
        starts = np.concatenate([duel.starts(rules) for duel in duels])
        clock = time.process_time if threads == 1 else time.perf_counter
        began = clock()
        result = fight_batch(warriors, pairs, starts, rules, order=order, stop=stop, threads=threads, measures=measures)
        seconds = clock() - began
        alone = result.survived & (result.survived.sum(axis=1, keepdims=True) == 1)
        ends = np.cumsum([duel.rounds for duel in duels])[:-1]
        wins = [(int(part[:, 0].sum()), int(part[:, 1].sum())) for part in np.split(alone, ends)]
        instructions = np.minimum(result.death_cycle + 1, result.cycles[:, None]).sum()
        return Outcome(seconds, wins, int(instructions))

    fight([Duel((0, 0), rules.min_distance, 1)])
    return fight


def find_exhaust(warriors: Sequence[Warrior], rules: Rules) -> Fight | None:
    """exhaust, M Joonas Pihlaja's simulator in C (``pip install exhaust-ma``); None where it is not installed."""
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

    def fight(duels: Sequence[Duel]) -> Outcome:
        plans = [(duel.pair, duel.starts(rules).tolist(), duel.order().tolist()) for duel in duels]
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
            return Outcome(time.process_time() - began, results)
        finally:
            lib.sim_free_bufs()

    return fight


def find_pmars(warriors: Sequence[Warrior], rules: Rules, folder: Path) -> Fight | None:
    """The pMARS that PMARS names, or else the one in PATH; None where neither fights without a display.

    A fight is one process; the time it takes to start and to assemble is left out. ``folder`` holds its files.
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

    def timed(duel: Duel, rounds: int) -> tuple[float, str]:
        ends = [files[index] for index in duel.pair]
        began = _seconds_of_children()
        done = subprocess.run(
            [*command, "-r", str(rounds), "-F", str(duel.position), *ends],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=MOST_SECONDS,
            check=True,
        )
        return _seconds_of_children() - began, done.stdout

    def fight(duels: Sequence[Duel]) -> Outcome:
        seconds, results = 0.0, []
        for duel in duels:
            start, _ = timed(duel, 0)
            whole, output = timed(duel, duel.rounds)
            seconds += whole - start
            wins = [int(line.split()[0]) for line in output.splitlines()]
            results.append((wins[0], wins[1]))
        return Outcome(seconds, results)

    try:
        fight([Duel((0, 0), rules.min_distance, 1)])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None
    return fight


def _seconds_of_children() -> float:
    """Processor time of the programs that have run."""
    try:
        from resource import RUSAGE_CHILDREN, getrusage
    except ImportError:  # Windows
        return time.perf_counter()
    usage = getrusage(RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
