"""The compiled interpreter: the same machine as ``reference``, on packed words and flat arrays.

Everything that Numba compiles is in this file, because its on-disk cache does not notice changes in other files. The
compiled code also contains the numbers of the instruction table: ``ISA_DIGEST`` makes this file change with them.
The code does not allocate memory, draw random numbers or use Python objects, so threads run it without the GIL. All
values and products are uint64, so NUMBA_DISABLE_JIT=1 gives the same results (and numpy warns of numbers that wrap
below zero).

The core is one array seen twice: ``core``, (cells,) uint64 words, and ``fields``, (cells * 4,) uint16, where cell i has
its B field at 4i, its A field at 4i + 1 and its flags (opcode, modifier, modes) at 4i + 2. To step a pointer takes one
small store, to copy an instruction one large store.

Modifiers need no branch: ``CROSS_SHIFTS`` tells how far to rotate the source fields, and ``MASKS`` which bits of the
destination the instruction uses; with .I it is the whole word. MOV and SEQ need one line each for all seven modifiers.

``state`` holds ``SLOT`` numbers per warrior, from ``slot = SLOT * column`` on. NEXT and PREVIOUS link the living
warriors in a ring. Each queue is a ring in ``queues`` whose length is a power of two; HEAD is an index in ``queues``.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from redcode.isa import (
    A_MODE_SHIFT,
    A_SHIFT,
    B_MODE_SHIFT,
    FIELD_MASK,
    MODIFIER_SHIFT,
    OPCODE_SHIFT,
    Instruction,
    Mode,
    Modifier,
    Opcode,
    pack,
)
from redcode.machine.compiling import compiled, inlined

if sys.byteorder != "little":
    raise ImportError(
        "the compiled interpreter needs a little-endian machine; redcode.machine.reference runs everywhere"
    )

ISA_DIGEST = "21797f802bce1099"
"""Digest of the numbers in ``isa``. A test tells the right value."""

U = np.uint64
Words = NDArray[np.uint64]
Shorts = NDArray[np.uint16]
Marks = NDArray[np.uint8] | None
"""(rows * cells,) bits EXECUTED, READ and WRITTEN; None without measures. Each measured warrior has a row, and the
others share one that nobody reads. It is an argument of its own, because Numba drops the branches of a None only
then."""
Table = NDArray[np.int64]

ZERO, ONE, TWO, SIXTEEN, SIGN = U(0), U(1), U(2), U(A_SHIFT), U(63)
FIELD, A_FIELD = U(FIELD_MASK), U(FIELD_MASK << A_SHIFT)
BOTH_FIELDS, ONE_IN_BOTH = A_FIELD | FIELD, U(1 << A_SHIFT | 1)
TO_FLAGS = U(B_MODE_SHIFT)
TO_A_MODE, TO_MODIFIER, TO_OPCODE = (U(shift - B_MODE_SHIFT) for shift in (A_MODE_SHIFT, MODIFIER_SHIFT, OPCODE_SHIFT))
MODE, MODIFIER = U(7), U(7)

DIRECT, IMMEDIATE, FIRST_A_INDIRECT = U(Mode.DIRECT), U(Mode.IMMEDIATE), U(Mode.A_INDIRECT)
A_PREDECREMENT, B_PREDECREMENT = U(Mode.A_PREDECREMENT), U(Mode.B_PREDECREMENT)
A_POSTINCREMENT, B_POSTINCREMENT = U(Mode.A_POSTINCREMENT), U(Mode.B_POSTINCREMENT)
DAT, MOV, ADD, SUB, MUL, DIV, MOD = (U(opcode) for opcode in Opcode if opcode <= Opcode.MOD)
JMP, JMZ, JMN, DJN, SPL = (U(opcode) for opcode in Opcode if Opcode.JMP <= opcode <= Opcode.SPL)
SEQ, SNE, SLT, LDP, STP = (U(opcode) for opcode in Opcode if Opcode.SEQ <= opcode <= Opcode.STP)
MOV_I = U(Opcode.MOV << 3 | Modifier.I)
MOV_I_IMMEDIATE_DIRECT, JMP_DIRECT_DIRECT, ADD_AB_IMMEDIATE_DIRECT = (
    U(pack(Instruction(opcode, modifier, a_mode, 0, Mode.DIRECT, 0)) >> B_MODE_SHIFT)
    for opcode, modifier, a_mode in (
        (Opcode.MOV, Modifier.I, Mode.IMMEDIATE),
        (Opcode.JMP, Modifier.B, Mode.DIRECT),
        (Opcode.ADD, Modifier.AB, Mode.IMMEDIATE),
    )
)

_TO_A, _TO_B, _TO_BOTH = FIELD_MASK << A_SHIFT, FIELD_MASK, FIELD_MASK << A_SHIFT | FIELD_MASK
_MASKS = {"F": _TO_BOTH, "A": _TO_A, "B": _TO_B, "AB": _TO_B, "BA": _TO_A, "X": _TO_BOTH, "I": 2**64 - 1}
MASKS = np.array([_MASKS[modifier.name] for modifier in Modifier] + [0], dtype=np.uint64)
CROSS_SHIFTS = np.array([16 if name in ("AB", "BA", "X") else 0 for name in _MASKS] + [0], dtype=np.uint64)

HEAD, COUNT, NEXT, PREVIOUS, MARK, BANK, LAST_RESULT, DEATH, SPAWNED = (U(number) for number in range(9))
"""Numbers of a warrior: queue head, processes, ring links, offsets in ``marks`` and ``pspace``, p-space cell 0, cycle
of death, added processes."""
SLOT = U(16)
NOBODY = ~ZERO
"""The slot of no warrior."""

EXECUTED, READ, WRITTEN = np.uint8(1), np.uint8(2), np.uint8(4)


class Pool(NamedTuple):
    """The warriors that take part."""

    words: Words
    """(pool, longest) packed code."""
    lengths: Table
    """(pool,) number of instructions."""
    entries: Words
    """(pool,) index of the first instruction to execute."""


class Battles(NamedTuple):
    """Who fights whom, where, and in which order."""

    entrants: Table
    """(battles, warriors) index into the pool."""
    starts: Table
    """(battles, warriors) load address."""
    order: Table
    """(battles, warriors) columns in the order in which they move."""
    banks: Words
    """(battles, warriors) column whose p-space each column uses."""
    keep_pspace: bool
    """Whether p-space stays from battle to battle, because they are rounds of one match."""


class Limits(NamedTuple):
    """When a battle ends, and the most processes of a warrior."""

    max_cycles: U
    max_processes: U
    stop_at: U
    """A battle ends when this number of warriors is left, or"""
    watched: U
    """when the warrior in this slot is dead."""
    overtime: U
    """Turns after a death in the last one, as ``reference.OVERTIME`` says."""


class Machine(NamedTuple):
    """The state of one machine. Each thread has one, and another for a copy of an earlier state."""

    core: Words
    fields: Shorts
    queues: Shorts
    state: Words
    pspace: Words


class Results(NamedTuple):
    """The results: ``deaths`` and ``spawned`` are (battles, warriors), ``cycles`` is (battles,).

    The counts of addresses are (battles, measured), of the first columns.
    """

    deaths: Words
    spawned: Words
    covered: Table
    executed: Table
    read: Table
    written: Table
    cycles: Words


@inlined
def wrap(number: U, size: U) -> U:
    """Add ``size`` to a negative number, without a branch, because it would be unpredictable for random addresses."""
    return number + (size & (ZERO - (number >> SIGN)))


@inlined
def resolve(core: Words, fields: Shorts, size: U, pc: U, mode: U, number: U, marks: Marks, mark: U) -> tuple[U, U]:
    """Resolve one operand: the address it points to, and the word there before a post-increment."""
    if mode == IMMEDIATE:
        return pc, core[pc]
    address = wrap(pc + number - size, size)
    if mode == DIRECT:
        if marks is not None:
            marks[mark + address] |= READ
        return address, core[address]
    pointer = address
    place = pointer << TWO
    if mode >= FIRST_A_INDIRECT:
        place += ONE
    field = U(fields[place])
    if marks is not None:
        marks[mark + pointer] |= READ
    if mode == B_PREDECREMENT or mode == A_PREDECREMENT:
        field = (size if field == ZERO else field) - ONE
        fields[place] = field
        if marks is not None:
            marks[mark + pointer] |= WRITTEN
    address = wrap(pointer + field - size, size)
    cell = core[address]
    if marks is not None:
        marks[mark + address] |= READ
    if mode == B_POSTINCREMENT or mode == A_POSTINCREMENT:
        field += ONE
        if field == size:
            field = ZERO
        fields[place] = field
        if marks is not None:
            marks[mark + pointer] |= WRITTEN
    return address, cell


@inlined
def split(word: U) -> tuple[U, U]:
    """Take the A and the B field of a word."""
    return (word >> SIXTEEN) & FIELD, word & FIELD


@inlined
def join(a: U, b: U) -> U:
    """Put two fields into a word."""
    return a << SIXTEEN | b


@inlined
def write_fields(core: Words, address: U, mask: U, word: U) -> None:
    """Write the fields of a cell that ``mask`` covers.

    It writes the whole word: processors forward a large store to a small load, but not a small store to a large load.
    """
    core[address] = (core[address] & ~mask) | (word & mask)


@compiled
def load_pspace(state: Words, slot: U, pspace: Words, cells: U, address: U) -> U:
    """Value of a warrior's p-space cell."""
    cell = address % cells
    value: U = pspace[state[slot + BANK] + cell] if cell != ZERO else state[slot + LAST_RESULT]
    return value


@compiled
def store_pspace(state: Words, slot: U, pspace: Words, cells: U, address: U, value: U) -> None:
    """Set a warrior's p-space cell."""
    cell = address % cells
    if cell != ZERO:
        pspace[state[slot + BANK] + cell] = value
    else:
        state[slot + LAST_RESULT] = value


@compiled
def run_turns(machine: Machine, marks: Marks, max_processes: U, slot: U, turns: U) -> tuple[U, U]:
    """Play a number of turns, the first of them by the warrior at ``slot``; a death ends the call.

    Returns the turns not played, and the slot of the warrior that moves next or has just died.
    """
    core, fields, queues, state, pspace = machine
    size, slots = U(core.size), U(state.size) // SLOT
    queue_mask = U(queues.size) // slots - ONE
    pspace_cells = U(pspace.size) // slots
    alone = state[slot + NEXT] == slot
    next_pc = U(queues[state[slot + HEAD]])
    next_flags = U(fields[(next_pc << TWO) + TWO])
    while turns != ZERO:
        # PROCESS
        turns -= ONE
        head = state[slot + HEAD]
        if not alone:
            pc, flags = next_pc, next_flags
        else:
            pc = U(queues[head])
            flags = U(fields[(pc << TWO) + TWO])
        # The next turn's instruction is read now: the sooner it is known, the cheaper is a branch mispredicted for it.
        next_pc = U(queues[state[state[slot + NEXT] + HEAD]])
        next_flags = U(fields[(next_pc << TWO) + TWO])
        count = state[slot + COUNT]
        queue = head & ~queue_mask
        tail = (head + count) & queue_mask
        state[slot + HEAD] = queue | ((head + ONE) & queue_mask)
        b_number = U(fields[pc << TWO])  # read now: resolving A may change it
        mark = state[slot + MARK]
        if marks is not None:
            marks[mark + pc] |= EXECUTED
        following = pc + ONE

        # OPERANDS
        if flags == MOV_I_IMMEDIATE_DIRECT:  # imps: a third of all that is executed
            a_cell = core[pc]
            b_address = wrap(pc + b_number - size, size)
            core[b_address] = a_cell
            if b_address == next_pc:
                next_flags = a_cell >> TO_FLAGS
            if marks is not None:
                marks[mark + b_address] |= READ | WRITTEN
            queues[queue | tail] = wrap(following - size, size)
            slot = state[slot + NEXT]
            continue
        if marks is None and flags == JMP_DIRECT_DIRECT:  # a seventh
            queues[queue | tail] = wrap(pc + U(fields[(pc << TWO) + ONE]) - size, size)
            slot = state[slot + NEXT]
            continue
        if flags == ADD_AB_IMMEDIATE_DIRECT:  # bombers and scanners: a tenth
            b_address = wrap(pc + b_number - size, size)
            total = U(fields[(pc << TWO) + ONE]) + (core[b_address] & FIELD)
            write_fields(core, b_address, FIELD, wrap(total - size, size))
            if marks is not None:
                marks[mark + b_address] |= READ | WRITTEN
            queues[queue | tail] = wrap(following - size, size)
            slot = state[slot + NEXT]
            continue
        a_number = U(fields[(pc << TWO) + ONE])
        a_address, a_cell = resolve(core, fields, size, pc, (flags >> TO_A_MODE) & MODE, a_number, marks, mark)
        b_address, b_cell = resolve(core, fields, size, pc, flags & MODE, b_number, marks, mark)

        # OPERATION
        if flags >> TO_MODIFIER == MOV_I:  # a fifth; the only other way to change flags
            core[b_address] = a_cell
            if b_address == next_pc:
                next_flags = a_cell >> TO_FLAGS
            if marks is not None:
                marks[mark + b_address] |= WRITTEN
            queues[queue | tail] = wrap(following - size, size)
            slot = state[slot + NEXT]
            continue
        opcode = flags >> TO_OPCODE
        dies = opcode == DAT
        writes = False
        if opcode == SPL:
            queues[queue | tail] = wrap(following - size, size)
            if count < max_processes:
                queues[queue | ((tail + ONE) & queue_mask)] = a_address
                state[slot + COUNT] = count + ONE
                state[slot + SPAWNED] += ONE
            slot = state[slot + NEXT]
            continue
        if opcode == JMP:
            following = a_address
        elif not dies:
            modifier = (flags >> TO_MODIFIER) & MODIFIER
            whole = MASKS[modifier]
            mask = whole & BOTH_FIELDS
            cross = CROSS_SHIFTS[modifier]
            source = a_cell & BOTH_FIELDS
            source = (a_cell & ~BOTH_FIELDS) | ((source << cross | source >> cross) & BOTH_FIELDS)
            if opcode == DJN:
                a, b = U(fields[(b_address << TWO) + ONE]), U(fields[b_address << TWO])
                stepped = join((size if a == ZERO else a) - ONE, (size if b == ZERO else b) - ONE)
                write_fields(core, b_address, mask, stepped)
                writes = True
                if ((b_cell ^ ONE_IN_BOTH) & mask) != ZERO:
                    following = a_address
            elif opcode == MOV:
                write_fields(core, b_address, mask, source)
                writes = True
            elif opcode == ADD or opcode == SUB:
                (a, b), (b_cell_a, b_cell_b) = split(source), split(b_cell)
                if opcode == SUB:
                    a, b = size - a, size - b
                a += b_cell_a
                b += b_cell_b
                write_fields(core, b_address, mask, join(wrap(a - size, size), wrap(b - size, size)))
                writes = True
            elif opcode == SEQ:
                if ((source ^ b_cell) & whole) == ZERO:
                    following += ONE
            elif opcode == SNE:
                if ((source ^ b_cell) & whole) != ZERO:
                    following += ONE
            elif opcode == JMZ:
                if (b_cell & mask) == ZERO:
                    following = a_address
            elif opcode == JMN:
                if (b_cell & mask) != ZERO:
                    following = a_address
            elif opcode == SLT:
                (a, b), (b_cell_a, b_cell_b) = split(source), split(b_cell)
                a_less = a < b_cell_a or (mask & A_FIELD) == ZERO
                b_less = b < b_cell_b or (mask & FIELD) == ZERO
                if a_less and b_less:
                    following += ONE
            elif opcode == MUL:
                (a, b), (b_cell_a, b_cell_b) = split(source), split(b_cell)
                write_fields(core, b_address, mask, join(a * b_cell_a % size, b * b_cell_b % size))
                writes = True
            elif opcode == DIV or opcode == MOD:
                (a, b), (b_cell_a, b_cell_b) = split(source), split(b_cell)
                if a == ZERO and (mask & A_FIELD) != ZERO:
                    mask &= FIELD
                    dies = True
                if b == ZERO and (mask & FIELD) != ZERO:
                    mask &= A_FIELD
                    dies = True
                a, b = max(a, ONE), max(b, ONE)
                if opcode == DIV:
                    write_fields(core, b_address, mask, join(b_cell_a // a, b_cell_b // b))
                else:
                    write_fields(core, b_address, mask, join(b_cell_a % a, b_cell_b % b))
                writes = mask != ZERO
            elif opcode == LDP or opcode == STP:
                (a, b), (b_cell_a, b_cell_b) = split(source), split(b_cell)
                if mask == A_FIELD:
                    b, b_cell_b = a, b_cell_a
                elif mask == BOTH_FIELDS:  # F, X and I work as B
                    mask, b = FIELD, a_cell & FIELD
                if opcode == STP:
                    store_pspace(state, slot, pspace, pspace_cells, b_cell_b, b)
                else:
                    b = load_pspace(state, slot, pspace, pspace_cells, b)
                    write_fields(core, b_address, mask, join(b, b))
                    writes = True
        if marks is not None and writes:
            marks[mark + b_address] |= WRITTEN

        # QUEUE
        if not dies:
            queues[queue | tail] = wrap(following - size, size)
        else:
            state[slot + COUNT] = count - ONE
            if count == ONE:
                return turns, slot
        slot = state[slot + NEXT]
    return turns, slot


@compiled
def copy(source: Words | Shorts, target: Words | Shorts) -> None:
    """Copy an array by elements, because an assignment of slices needs memory for overlaps."""
    for place in range(source.size):
        target[place] = source[place]


@compiled
def same_cells(now: Words, then: Words, witness: U) -> U:
    """A cell that differs, ``witness`` if that one does; the number of cells if all are equal."""
    if now[witness] != then[witness]:
        return witness
    for cell in range(now.size):
        if now[cell] != then[cell]:
            return U(cell)
    return U(now.size)


@compiled
def same_queues(now: Machine, then: Machine) -> bool:
    """Whether every warrior has the same processes in the same order, and the same p-space cell 0."""
    slots = U(now.state.size) // SLOT
    queue_mask = U(now.queues.size) // slots - ONE
    for column in range(slots):
        slot = U(column) * SLOT
        count = now.state[slot + COUNT]
        if count != then.state[slot + COUNT] or now.state[slot + LAST_RESULT] != then.state[slot + LAST_RESULT]:
            return False
        head, head_then = now.state[slot + HEAD], then.state[slot + HEAD]
        queue = head & ~queue_mask
        for place in range(count):
            index, index_then = queue | ((head + U(place)) & queue_mask), queue | ((head_then + U(place)) & queue_mask)
            if now.queues[index] != then.queues[index_then]:
                return False
    return True


@compiled
def run_battle(now: Machine, then: Machine, marks: Marks, limits: Limits, slot: U, stopping: Shorts) -> tuple[U, U]:
    """Play a battle to its end, ``slot`` first; returns the cycles played and the number of living warriors.

    A death changes the turns that are left as ``reference.Machine.bury`` says. If another thread sets ``stopping``,
    (1,), the battle ends at the next check.

    When all warriors are in loops, the whole machine returns to an earlier state, again and again. So the state is
    copied to ``then`` after 4, 8, 16, … checks and compared at each check: if it has returned, whole periods are
    skipped. There is a check every core_size / 8 cycles, because the periods of most warriors are multiples of that.

    The skip is exact:

    1. A turn depends only on the core, the queues, p-space with its cells 0, the living warriors and the one that
       moves next. All of these are compared in full, and equal states have the same future.
    2. Dead warriors stay dead, so an unchanged ``living`` means that the same warriors are alive. So no warrior dies
       and no stop rule ends the battle within a period.
    3. Every repetition of a period takes the same steps. So it adds the same number to each warrior's ``spawned``, and
       marks only addresses that its first time marked.
    4. The turns after the last whole period are played. They take the same steps as before, and are too few for another
       period.

    States are compared when the same warrior moves next. The head of a queue may lie elsewhere in its ring, which has
    no effect.
    """
    state = now.state
    size = U(now.core.size)
    slots = U(state.size) // SLOT
    check = max(size // U(8), U(100))
    living, turns = slots, limits.max_cycles * slots
    cycle, began = ZERO, turns  # the cycle of the last death; ``turns`` when it began, if only the living have moved
    turns_then, living_then, slot_then, witness, checks, keep_at = ZERO, ZERO, slot, ZERO, ZERO, U(4)
    while turns != ZERO and stopping[ZERO] == ZERO:
        chunk = min(turns, check * living)
        left, slot = run_turns(now, marks, limits.max_processes, slot, chunk)
        turns -= chunk - left
        # DEATH
        if state[slot + COUNT] == ZERO:
            played = began - turns - ONE
            cycle += played // living
            played %= living
            state[slot + DEATH] = min(cycle, limits.max_cycles - ONE)
            before, after = state[slot + PREVIOUS], state[slot + NEXT]
            state[before + NEXT] = after
            state[after + PREVIOUS] = before
            turns -= turns // living
            living -= ONE
            if living <= limits.stop_at or slot == limits.watched:
                return cycle + ONE, living
            if limits.stop_at == ONE:
                turns = turns - ONE if turns != ZERO else limits.overtime
            began = turns + played
            slot = after
            continue

        # PERIOD
        if living == living_then and slot == slot_then and same_queues(now, then):
            witness = same_cells(now.core, then.core, min(witness, size - ONE))
            if witness == size and same_cells(now.pspace, then.pspace, ZERO) == U(now.pspace.size):
                period = turns_then - turns
                periods = turns // period
                for column in range(slots):
                    spawned = U(column) * SLOT + SPAWNED
                    state[spawned] += periods * (state[spawned] - then.state[spawned])
                turns -= periods * period
        checks += ONE
        if checks == keep_at:
            copy(now.core, then.core)
            copy(now.queues, then.queues)
            copy(now.state, then.state)
            copy(now.pspace, then.pspace)
            turns_then, living_then, slot_then = turns, living, slot
            keep_at *= TWO
    return cycle + (max(began - turns, ONE) + living - ONE) // living, living


@compiled
def fight_range(
    pool: Pool,
    battles: Battles,
    limits: Limits,
    now: Machine,
    then: Machine,
    marks: Marks,
    results: Results,
    stopping: Shorts,
    low: int,
    high: int,
) -> None:
    """Fight battles ``low`` to ``high``, exclusive, and write their rows of ``results``."""
    core, _, queues, state, pspace = now
    size, warriors, measured = U(core.size), U(battles.entrants.shape[1]), U(results.covered.shape[1])
    queue_size, pspace_cells = U(queues.size) // warriors, U(pspace.size) // warriors
    for battle in range(low, high):
        core[:] = ZERO
        if marks is not None:
            marks[:] = 0
        if not battles.keep_pspace:
            pspace[:] = ZERO
        for place in range(warriors):
            column = U(battles.order[battle, place])
            after = U(battles.order[battle, (U(place) + ONE) % warriors]) * SLOT
            index, start = battles.entrants[battle, column], U(battles.starts[battle, column])
            for offset in range(pool.lengths[index]):
                core[(start + U(offset)) % size] = pool.words[index, offset]
            slot, head = column * SLOT, column * queue_size
            queues[head] = (start + pool.entries[index]) % size
            state[slot + HEAD] = head
            state[slot + COUNT] = ONE
            state[slot + NEXT] = after
            state[after + PREVIOUS] = slot
            state[slot + MARK] = min(column, measured) * size
            state[slot + BANK] = battles.banks[battle, column] * pspace_cells
            state[slot + DEATH] = limits.max_cycles
            state[slot + SPAWNED] = ZERO
            if not battles.keep_pspace:
                state[slot + LAST_RESULT] = size - ONE
        cycle, living = run_battle(now, then, marks, limits, U(battles.order[battle, ZERO]) * SLOT, stopping)
        if stopping[ZERO] != ZERO:
            return
        results.cycles[battle] = cycle
        for number in range(warriors):
            column, slot = U(number), U(number) * SLOT
            state[slot + LAST_RESULT] = living if state[slot + COUNT] != ZERO else ZERO
            results.deaths[battle, column] = state[slot + DEATH]
            results.spawned[battle, column] = state[slot + SPAWNED]
            if marks is not None and column < measured:
                covered, executed, read, written = 0, 0, 0, 0
                for mark in marks[column * size : (column + ONE) * size]:
                    covered += mark != 0
                    executed += mark & EXECUTED
                    read += (mark & READ) >> 1
                    written += (mark & WRITTEN) >> 2
                results.covered[battle, column] = covered
                results.executed[battle, column] = executed
                results.read[battle, column] = read
                results.written[battle, column] = written
