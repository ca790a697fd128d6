"""Random programs against exhaust, an independent simulator in C (``pip install exhaust-ma``).

exhaust reads an immediate B operand before the A operand steps its pointer, where the ICWS'94 draft and pMARS 0.9.4
read it after: the programs here never combine the two.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from redcode import Rules, Warrior, builtin, fight_batch
from redcode.isa import Instruction, Mode, Modifier, Opcode

exhaust = pytest.importorskip("_exhaust_ma")

BATTLES = 10_000
RULES = Rules(core_size=800, max_cycles=2000, max_processes=64, max_length=20, min_distance=20)
STEPPING = (Mode.A_PREDECREMENT, Mode.A_POSTINCREMENT, Mode.B_PREDECREMENT, Mode.B_POSTINCREMENT)
OPCODES = re.findall(r"\w+", "DAT SPL MOV DJN ADD JMZ SUB SEQ SNE SLT JMN JMP NOP MUL MOD DIV LDP STP")
SMALL = ("imp", "dwarf", "stone", "gate_bomber", "core_clear", "ebb_clear", "small_spiral", "imp_spiral")
LIKELY = [opcode for opcode in Opcode if opcode is not Opcode.DAT]


def instruction(rng: np.random.Generator) -> Instruction:
    """Any instruction that is not DAT, most with near operands; none that exhaust reads differently."""
    a_mode, b_mode = Mode(rng.integers(8)), Mode(rng.integers(8))
    if b_mode is Mode.IMMEDIATE and a_mode in STEPPING:
        a_mode = Mode.DIRECT
    near = rng.integers(-20, 21, 2) % RULES.core_size
    a, b = near if rng.random() < 0.8 else rng.integers(0, RULES.core_size, 2)
    return Instruction(LIKELY[rng.integers(len(LIKELY))], Modifier(rng.integers(7)), a_mode, int(a), b_mode, int(b))


def program(rng: np.random.Generator) -> Warrior:
    """Random instructions, or a built-in warrior in which up to two are replaced, so that some battles last."""
    if rng.random() < 0.5:
        return Warrior(tuple(instruction(rng) for _ in range(rng.integers(3, 21))))
    code = list(builtin(SMALL[rng.integers(len(SMALL))], RULES).code)
    for _ in range(rng.integers(3)):
        code[rng.integers(len(code))] = instruction(rng)
    return Warrior(tuple(code))


def by_exhaust(ffi: Any, lib: Any, first: Warrior, second: Warrior, position: int) -> list[bool]:
    lib.sim_clear_core()
    lib.sim_clear_pspaces()
    for warrior, address in ((first, 0), (second, position)):
        cells = ffi.new(f"insn_t[{len(warrior)}]")
        for cell, source in zip(cells, warrior.code, strict=True):
            cell.a, cell.b = source.a, source.b
            flags = OPCODES.index(source.opcode.name) << 9 | source.modifier << 6
            setattr(cell, "in", flags | source.b_mode << 3 | source.a_mode)
        lib.sim_load_warrior(address, cells, len(warrior))
    deaths = ffi.new("unsigned int[2]")
    living = lib.sim_mw(2, ffi.new("field_t[2]", [first.start, position + second.start]), deaths)
    survived = [True, True]
    for death in list(deaths)[: 2 - living]:
        survived[death] = False
    return survived


def test_random_programs_end_as_in_exhaust() -> None:
    ffi, lib = exhaust.ffi, exhaust.lib
    rng = np.random.default_rng(94)
    pool = [program(rng) for _ in range(2000)]
    entrants = rng.integers(len(pool), size=(BATTLES, 2))
    positions = rng.integers(20, 780, BATTLES)
    starts = np.stack([np.zeros(BATTLES, dtype=np.int64), positions], axis=1)
    ours = fight_batch(pool, entrants, starts, RULES, stop="last").survived
    lib.sim_alloc_bufs2(2, RULES.core_size, RULES.max_processes, RULES.max_cycles, RULES.pspace_cells)
    try:
        theirs = [
            by_exhaust(ffi, lib, pool[one], pool[other], int(position))
            for (one, other), position in zip(entrants, positions, strict=True)
        ]
    finally:
        lib.sim_free_bufs()
    differing = np.argwhere((ours != np.array(theirs)).any(axis=1))
    assert differing.tolist() == []
    assert 0.03 < ours.all(axis=1).mean() < 0.9  # the battles are neither all ties nor all decided
