"""The compiled interpreter: the same machine as ``reference``, over packed words and flat arrays.

Everything that Numba compiles is in this file, because its on-disk cache does not notice changes in other files. Nothing
here allocates, draws random numbers or touches Python objects inside the cycle loop, so threads run it without the GIL.
All values are uint64, and products are formed in uint64, so that the file computes the same with NUMBA_DISABLE_JIT=1.

Modifiers cost no branch. ``CROSSES`` says whether the source fields are exchanged, ``MASKS`` which bits of the destination
an instruction works on; with .I that is the whole word. So MOV, SEQ and the rest are one line for all seven modifiers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from redcode.isa import (
    A_MODE_SHIFT,
    A_SHIFT,
    B_MODE_SHIFT,
    FIELD_MASK,
    MODIFIER_SHIFT,
    OPCODE_SHIFT,
    Mode,
    Modifier,
    Opcode,
)

U = np.uint64
U64 = NDArray[np.uint64]
ZERO, ONE, TWO, SEVEN, SIXTEEN = U(0), U(1), U(2), U(7), U(A_SHIFT)
FIELD = U(FIELD_MASK)
A_FIELD = U(FIELD_MASK << A_SHIFT)
BOTH_FIELDS = U(FIELD_MASK << A_SHIFT | FIELD_MASK)
WHOLE_WORD = U(2**64 - 1)
ONE_IN_BOTH = U(1 << A_SHIFT | 1)
TO_A_MODE, TO_B_MODE, TO_MODIFIER, TO_OPCODE = U(A_MODE_SHIFT), U(B_MODE_SHIFT), U(MODIFIER_SHIFT), U(OPCODE_SHIFT)

IMMEDIATE, FIRST_INDIRECT, FIRST_A_INDIRECT = U(Mode.IMMEDIATE), U(Mode.B_INDIRECT), U(Mode.A_INDIRECT)
A_PREDECREMENT, B_PREDECREMENT = U(Mode.A_PREDECREMENT), U(Mode.B_PREDECREMENT)
A_POSTINCREMENT, B_POSTINCREMENT = U(Mode.A_POSTINCREMENT), U(Mode.B_POSTINCREMENT)
DAT, MOV, ADD, SUB, MUL, DIV, MOD = (U(opcode) for opcode in Opcode if opcode <= Opcode.MOD)
JMP, JMZ, JMN, DJN, SPL = (U(opcode) for opcode in Opcode if Opcode.JMP <= opcode <= Opcode.SPL)
SEQ, SNE, SLT, LDP, STP = (U(opcode) for opcode in Opcode if Opcode.SEQ <= opcode <= Opcode.STP)

_TO_A, _TO_B, _TO_BOTH = FIELD_MASK << A_SHIFT, FIELD_MASK, FIELD_MASK << A_SHIFT | FIELD_MASK
_MASKS = {"F": _TO_BOTH, "A": _TO_A, "B": _TO_B, "AB": _TO_B, "BA": _TO_A, "X": _TO_BOTH, "I": 2**64 - 1}
MASKS = np.array([_MASKS[modifier.name] for modifier in Modifier] + [0], dtype=np.uint64)
CROSSES = np.array([modifier in (Modifier.AB, Modifier.BA, Modifier.X) for modifier in Modifier] + [False])

EXECUTED, READ, WRITTEN = np.uint8(1), np.uint8(2), np.uint8(4)


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile with Numba, once a machine; typed as a plain callable."""
    dispatcher: Callable[..., Any] = njit(cache=True, nogil=True)(function)
    return dispatcher


@compiled
def run_cycles(
    core,
    queues,
    queue_mask,
    heads,
    counts,
    order,
    living,
    deaths,
    spawned,
    marks,
    pspace,
    banks,
    last_results,
    pspace_cells,
    max_processes,
    stop_at,
    cycle,
    last_cycle,
):
    size = U(core.size)
    capacity = queue_mask + ONE
    while cycle < last_cycle:
        turn = ZERO
        while turn < living:
            warrior = order[turn]
            queue = warrior * capacity
            head = heads[warrior]
            count = counts[warrior]
            pc = U(queues[queue + head])
            tail = (head + count) & queue_mask
            heads[warrior] = (head + ONE) & queue_mask
            ir = core[pc]
            mark = warrior * size
            if marks is not None:
                marks[mark + pc] |= EXECUTED

            # A operand
            mode = (ir >> TO_A_MODE) & SEVEN
            number = (ir >> SIXTEEN) & FIELD
            if mode < FIRST_INDIRECT:
                if mode == IMMEDIATE:
                    a_address = pc
                    a_cell = ir
                else:
                    a_address = pc + number
                    if a_address >= size:
                        a_address -= size
                    a_cell = core[a_address]
                    if marks is not None:
                        marks[mark + a_address] |= READ
            else:
                pointer = pc + number
                if pointer >= size:
                    pointer -= size
                shift = SIXTEEN if mode >= FIRST_A_INDIRECT else ZERO
                cell = core[pointer]
                field = (cell >> shift) & FIELD
                if marks is not None:
                    marks[mark + pointer] |= READ
                if mode == B_PREDECREMENT or mode == A_PREDECREMENT:
                    field = (size if field == ZERO else field) - ONE
                    core[pointer] = (cell & ~(FIELD << shift)) | (field << shift)
                    if marks is not None:
                        marks[mark + pointer] |= WRITTEN
                a_address = pointer + field
                if a_address >= size:
                    a_address -= size
                a_cell = core[a_address]
                if marks is not None:
                    marks[mark + a_address] |= READ
                if mode == B_POSTINCREMENT or mode == A_POSTINCREMENT:
                    field += ONE
                    if field == size:
                        field = ZERO
                    core[pointer] = (cell & ~(FIELD << shift)) | (field << shift)
                    if marks is not None:
                        marks[mark + pointer] |= WRITTEN

            # B operand
            mode = (ir >> TO_B_MODE) & SEVEN
            number = ir & FIELD
            if mode < FIRST_INDIRECT:
                if mode == IMMEDIATE:
                    b_address = pc
                    b_cell = core[pc]
                else:
                    b_address = pc + number
                    if b_address >= size:
                        b_address -= size
                    b_cell = core[b_address]
                    if marks is not None:
                        marks[mark + b_address] |= READ
            else:
                pointer = pc + number
                if pointer >= size:
                    pointer -= size
                shift = SIXTEEN if mode >= FIRST_A_INDIRECT else ZERO
                cell = core[pointer]
                field = (cell >> shift) & FIELD
                if marks is not None:
                    marks[mark + pointer] |= READ
                if mode == B_PREDECREMENT or mode == A_PREDECREMENT:
                    field = (size if field == ZERO else field) - ONE
                    core[pointer] = (cell & ~(FIELD << shift)) | (field << shift)
                    if marks is not None:
                        marks[mark + pointer] |= WRITTEN
                b_address = pointer + field
                if b_address >= size:
                    b_address -= size
                b_cell = core[b_address]
                if marks is not None:
                    marks[mark + b_address] |= READ
                if mode == B_POSTINCREMENT or mode == A_POSTINCREMENT:
                    field += ONE
                    if field == size:
                        field = ZERO
                    core[pointer] = (cell & ~(FIELD << shift)) | (field << shift)
                    if marks is not None:
                        marks[mark + pointer] |= WRITTEN

            # operation
            opcode = ir >> TO_OPCODE
            modifier = (ir >> TO_MODIFIER) & SEVEN
            mask = MASKS[modifier]
            source = a_cell
            if CROSSES[modifier]:
                source = ((a_cell & FIELD) << SIXTEEN) | ((a_cell >> SIXTEEN) & FIELD)
            following = pc + ONE
            dies = False
            if opcode == MOV:
                core[b_address] = (core[b_address] & ~mask) | (source & mask)
                if marks is not None:
                    marks[mark + b_address] |= WRITTEN
            elif opcode == SPL:
                if following == size:
                    following = ZERO
                queues[queue + tail] = following
                if count < max_processes:
                    queues[queue + ((tail + ONE) & queue_mask)] = a_address
                    counts[warrior] = count + ONE
                    spawned[warrior] += ONE
                turn += ONE
                continue
            elif opcode == JMP:
                following = a_address
            elif opcode == DJN:
                mask &= BOTH_FIELDS
                cell = core[b_address]
                a = (cell >> SIXTEEN) & FIELD
                b = cell & FIELD
                a = (size if a == ZERO else a) - ONE
                b = (size if b == ZERO else b) - ONE
                core[b_address] = (cell & ~mask) | (((a << SIXTEEN) | b) & mask)
                if ((b_cell ^ ONE_IN_BOTH) & mask) != ZERO:
                    following = a_address
                if marks is not None:
                    marks[mark + b_address] |= WRITTEN
            elif opcode == ADD or opcode == SUB:
                mask &= BOTH_FIELDS
                a = (source >> SIXTEEN) & FIELD
                b = source & FIELD
                if opcode == SUB:
                    a = size - a
                    b = size - b
                a += (b_cell >> SIXTEEN) & FIELD
                b += b_cell & FIELD
                if a >= size:
                    a -= size
                if b >= size:
                    b -= size
                core[b_address] = (core[b_address] & ~mask) | (((a << SIXTEEN) | b) & mask)
                if marks is not None:
                    marks[mark + b_address] |= WRITTEN
            elif opcode == DAT:
                dies = True
            elif opcode == SEQ:
                if ((source ^ b_cell) & mask) == ZERO:
                    following += ONE
            elif opcode == SNE:
                if ((source ^ b_cell) & mask) != ZERO:
                    following += ONE
            elif opcode == JMZ:
                if (b_cell & mask & BOTH_FIELDS) == ZERO:
                    following = a_address
            elif opcode == JMN:
                if (b_cell & mask & BOTH_FIELDS) != ZERO:
                    following = a_address
            elif opcode == SLT:
                a_less = ((source >> SIXTEEN) & FIELD) < ((b_cell >> SIXTEEN) & FIELD) or (mask & A_FIELD) == ZERO
                b_less = (source & FIELD) < (b_cell & FIELD) or (mask & FIELD) == ZERO
                if a_less and b_less:
                    following += ONE
            elif opcode == MUL:
                mask &= BOTH_FIELDS
                a = ((source >> SIXTEEN) & FIELD) * ((b_cell >> SIXTEEN) & FIELD) % size
                b = (source & FIELD) * (b_cell & FIELD) % size
                core[b_address] = (core[b_address] & ~mask) | (((a << SIXTEEN) | b) & mask)
                if marks is not None:
                    marks[mark + b_address] |= WRITTEN
            elif opcode == DIV or opcode == MOD:
                mask &= BOTH_FIELDS
                a = (source >> SIXTEEN) & FIELD
                b = source & FIELD
                if a == ZERO and (mask & A_FIELD) != ZERO:
                    mask &= FIELD
                    dies = True
                if b == ZERO and (mask & FIELD) != ZERO:
                    mask &= A_FIELD
                    dies = True
                a = max(a, ONE)
                b = max(b, ONE)
                if opcode == DIV:
                    a = ((b_cell >> SIXTEEN) & FIELD) // a
                    b = (b_cell & FIELD) // b
                else:
                    a = ((b_cell >> SIXTEEN) & FIELD) % a
                    b = (b_cell & FIELD) % b
                core[b_address] = (core[b_address] & ~mask) | (((a << SIXTEEN) | b) & mask)
                if marks is not None and mask != ZERO:
                    marks[mark + b_address] |= WRITTEN
            elif opcode == LDP or opcode == STP:
                if modifier >= U(5) or modifier == ZERO:  # F, X and I work as B
                    mask = FIELD
                    source = a_cell
                index = source & FIELD
                target = b_cell & FIELD
                if (mask & A_FIELD) != ZERO:
                    index = (source >> SIXTEEN) & FIELD
                    target = (b_cell >> SIXTEEN) & FIELD
                if opcode == STP:
                    target %= pspace_cells
                    if target == ZERO:
                        last_results[warrior] = index
                    else:
                        pspace[banks[warrior] * pspace_cells + target] = index
                else:
                    index %= pspace_cells
                    value = last_results[warrior]
                    if index != ZERO:
                        value = pspace[banks[warrior] * pspace_cells + index]
                    core[b_address] = (core[b_address] & ~mask) | (((value << SIXTEEN) | value) & mask)
                    if marks is not None:
                        marks[mark + b_address] |= WRITTEN

            if dies:
                counts[warrior] = count - ONE
                if count == ONE:
                    deaths[warrior] = cycle
                    living -= ONE
                    for place in range(turn, living):
                        order[place] = order[place + ONE]
                    if living <= stop_at:
                        return cycle + ONE, living
                else:
                    turn += ONE
            else:
                if following >= size:
                    following -= size
                queues[queue + tail] = following
                turn += ONE
        cycle += ONE
    return cycle, living


@compiled
def fight_range(
    words,
    lengths,
    entries,
    entrants,
    starts,
    first,
    banks,
    keep_pspace,
    low,
    high,
    max_cycles,
    max_processes,
    stop_at,
    core,
    queues,
    heads,
    counts,
    order,
    marks,
    pspace,
    last_results,
    deaths,
    spawned,
    covered,
    executed,
    read,
    written,
    cycles,
):
    size = U(core.size)
    warriors = U(entrants.shape[1])
    queue_mask = U(queues.size) // warriors - ONE
    pspace_cells = U(pspace.size) // warriors
    for battle in range(low, high):
        core[:] = ZERO
        if marks is not None:
            marks[:] = 0
        if not keep_pspace:
            pspace[:] = ZERO
            last_results[:] = size - ONE
        for column in range(warriors):
            index = entrants[battle, column]
            start = U(starts[battle, column])
            for offset in range(lengths[index]):
                core[(start + U(offset)) % size] = words[index, offset]
            queues[column * (queue_mask + ONE)] = (start + entries[index]) % size
            heads[column] = ZERO
            counts[column] = ONE
            order[column] = (column + U(first[battle])) % warriors
            deaths[battle, column] = max_cycles
            spawned[battle, column] = ZERO
        cycle, living = run_cycles(
            core,
            queues,
            queue_mask,
            heads,
            counts,
            order,
            warriors,
            deaths[battle],
            spawned[battle],
            marks,
            pspace,
            banks[battle],
            last_results,
            pspace_cells,
            max_processes,
            stop_at,
            ZERO,
            max_cycles,
        )
        cycles[battle] = cycle
        for column in range(warriors):
            last_results[column] = living if counts[column] != ZERO else ZERO
            if marks is not None:
                count_marks(marks, column * size, size, battle, column, covered, executed, read, written)


@compiled
def count_marks(marks, low, size, battle, column, covered, executed, read, written):
    any_mark, executions, reads, writes = 0, 0, 0, 0
    for place in range(low, low + size):
        mark = marks[place]
        any_mark += mark != 0
        executions += mark & EXECUTED
        reads += (mark & READ) >> 1
        writes += (mark & WRITTEN) >> 2
    covered[battle, column] = any_mark
    executed[battle, column] = executions
    read[battle, column] = reads
    written[battle, column] = writes
