"""The readable interpreter: the specification of the machine, with one function per operation.

It follows the ICWS'94 draft (version 3.3, section 5 and its EMI94 code) as pMARS 0.9.4 does. The compiled kernel is a
faster form of this file, and tests compare the two after every cycle.

Every instruction takes the same four steps:

1. The warrior's next process leaves the queue, and its instruction is read.
2. The A operand is resolved, then the B operand: where it points, and a copy of the cell there.
3. The operation computes with these copies and writes to the cell that B points to.
4. The addresses that it returns join the end of the warrior's queue.

A round is a number of turns, one for each warrior in each of ``max_cycles``. A warrior that dies takes the turns with
it that it had left. Under the stop rule "last", which is that of pMARS, the turn of a death that leaves two or more
alive counts twice, as in pMARS, so the last turns of the round are not played. If that was the very last turn, it is
too late to count it again, and the round goes on until one warrior is left, or for ``OVERTIME``.

An immediate operand points to the instruction's own cell. Its copy is taken when the operand is resolved, so an
immediate B operand shows what the A operand did to that cell. pMARS 0.9.2 and exhaust read it earlier.

Limits, if there are any, keep operands near the instruction. As in pMARS, and unlike the draft, a pointer that the mode
changes is found with the write limit alone. This interpreter is the only one with limits.
"""

from __future__ import annotations

import operator
from collections import deque
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from redcode.isa import EMPTY_CELL, Instruction, Mode, Modifier, Opcode
from redcode.machine.events import Executed, ProcessDied, Read, Spawned, Watcher, Wrote, discard
from redcode.machine.pspace import PSpace, new_pspaces
from redcode.rules import Rules
from redcode.warrior import Warrior

Stop = Literal["last", "all", "first"]
"""The rule that ends a battle before ``max_cycles``: "last" when one warrior is left, as in pMARS, "all" when all are
dead, "first" when the first of the given warriors (column 0) is dead. That warrior need not be the first to move."""


class Limits(NamedTuple):
    """How far operands reach: in a circle of this many cells around the instruction. Both divide the core size."""

    read: int
    write: int


class Operand(NamedTuple):
    """Where an operand points, and the cell there at the time it was resolved."""

    address: int
    """The cell that the operand reads and jumps to."""
    target: int
    """The cell that it writes to: the same one, unless limits differ."""
    cell: Instruction

    def field(self, name: str) -> int:
        """The ``a`` or ``b`` field of the copied cell."""
        value: int = getattr(self.cell, name)
        return value


FIELD_PAIRS: dict[Modifier, tuple[tuple[str, str], ...]] = {
    Modifier.A: (("a", "a"),),
    Modifier.B: (("b", "b"),),
    Modifier.AB: (("a", "b"),),
    Modifier.BA: (("b", "a"),),
    Modifier.F: (("a", "a"), ("b", "b")),
    Modifier.X: (("a", "b"), ("b", "a")),
    Modifier.I: (("a", "a"), ("b", "b")),
}
"""For each modifier the pairs (field of the A operand, field of the B operand) that an operation works on."""

PROGRESS_EVERY = 1000
"""Cycles between two reports of progress."""

OVERTIME = 1_000_000
"""Turns that a round has after a death in its very last turn. In pMARS it ends only when one warrior is left."""

A_FIELD_MODES = (Mode.A_INDIRECT, Mode.A_PREDECREMENT, Mode.A_POSTINCREMENT)
PREDECREMENT_MODES = (Mode.A_PREDECREMENT, Mode.B_PREDECREMENT)
POSTINCREMENT_MODES = (Mode.A_POSTINCREMENT, Mode.B_POSTINCREMENT)
CHANGING_MODES = PREDECREMENT_MODES + POSTINCREMENT_MODES


class Machine:
    """One round: a core, and the process queues of the warriors in it.

    All its state can be read between cycles.
    """

    def __init__(
        self,
        rules: Rules,
        warriors: Sequence[Warrior],
        starts: Sequence[int],
        pspaces: Sequence[PSpace] | None = None,
        watch: Watcher = discard,
        order: Sequence[int] | None = None,
        limits: Limits | None = None,
    ) -> None:
        """Load each warrior into an empty core at its address in ``starts``.

        ``order`` holds indices into ``warriors``, in the order in which they move; None means the given order. Without
        ``limits`` operands reach the whole core.
        """
        self.rules = rules
        self.limits = limits or Limits(rules.core_size, rules.core_size)
        self.watch = watch
        self.core: list[Instruction] = [EMPTY_CELL] * rules.core_size
        self.queues: list[deque[int]] = []
        self.pspaces = pspaces or new_pspaces(warriors, rules.pspace_cells, rules.core_size)
        self.cycle = 0
        self.warrior = 0
        self.living = list(range(len(warriors)) if order is None else order)
        self.turns = rules.max_cycles * len(warriors)  # left, if nobody dies
        self.death_cycle = [rules.max_cycles] * len(warriors)
        for warrior, start in zip(warriors, starts, strict=True):
            for offset, instruction in enumerate(warrior.code):
                self.core[(start + offset) % rules.core_size] = instruction
            self.queues.append(deque([(start + warrior.start) % rules.core_size]))

    def run(
        self, stop: Stop = "last", cycles: int | None = None, progress: Callable[[int], None] = lambda cycles: None
    ) -> bool:
        """Play until the round has ended, or ``cycles`` are played; returns whether it has ended.

        ``progress`` is told now and then how many cycles have been played since the last call.
        """
        while self.turns and (cycles is None or self.cycle < cycles):
            self.play_cycle(stop)
            if self.cycle % PROGRESS_EVERY == 0:
                progress(PROGRESS_EVERY)
        return not self.turns

    def play_cycle(self, stop: Stop = "last") -> None:
        """Let every living warrior execute one instruction, unless the round ends before."""
        for warrior in list(self.living):
            self.warrior = warrior
            self.turns -= 1
            self.execute()
            if not self.queues[warrior]:
                self.bury(stop)
            if not self.turns:
                break
        self.cycle += 1

    def bury(self, stop: Stop) -> None:
        """Take the current warrior out of the round, with the turns that it had left."""
        self.death_cycle[self.warrior] = min(self.cycle, self.rules.max_cycles - 1)
        self.turns -= self.turns // len(self.living)
        self.living.remove(self.warrior)
        if len(self.living) <= (1 if stop == "last" else 0) or (stop == "first" and self.warrior == 0):
            self.turns = 0
        elif stop == "last":
            self.turns = self.turns - 1 if self.turns else OVERTIME

    def execute(self) -> None:
        """Execute one process of the current warrior."""
        queue = self.queues[self.warrior]
        address = queue.popleft()
        instruction = self.core[address]
        self.watch(Executed(self.cycle, self.warrior, address, instruction))

        a = self.resolve(address, instruction.a_mode, instruction.a)
        b = self.resolve(address, instruction.b_mode, instruction.b)
        following = OPERATIONS[instruction.opcode](self, address, instruction.modifier, a, b)

        if not following:
            self.watch(ProcessDied(self.cycle, self.warrior, address, len(queue)))
            return
        queue.append(following[0])
        for new_process in following[1:]:
            if len(queue) < self.rules.max_processes:
                queue.append(new_process)
                self.watch(Spawned(self.cycle, self.warrior, new_process, len(queue)))

    def resolve(self, address: int, mode: Mode, number: int) -> Operand:
        """Resolve one operand of the instruction at ``address`` (ICWS'94 draft, section 5.3)."""
        if mode is Mode.IMMEDIATE:
            return Operand(address, address, self.core[address])
        read, write = self.reach(address, number, number)
        if mode is not Mode.DIRECT:
            name = "a" if mode in A_FIELD_MODES else "b"
            pointer = read = write if mode in CHANGING_MODES else read
            self.watch(Read(self.cycle, self.warrior, pointer))
            if mode in PREDECREMENT_MODES:
                self.write(pointer, **{name: self.wrap(self.field(pointer, name) - 1)})
            offset = self.field(pointer, name)
            read, write = self.reach(address, read - address + offset, write - address + offset)
        self.watch(Read(self.cycle, self.warrior, read))
        cell = self.core[read]
        if mode in POSTINCREMENT_MODES:
            self.write(pointer, **{name: self.wrap(self.field(pointer, name) + 1)})
        return Operand(read, write, cell)

    def reach(self, address: int, read: int, write: int) -> tuple[int, int]:
        """The cells at two distances from ``address``: one folded by the read limit, one by the write limit."""
        return self.fold(address, read, self.limits.read), self.fold(address, write, self.limits.write)

    def fold(self, address: int, distance: int, limit: int) -> int:
        """The cell at ``distance`` from ``address``; whole limits come off until it is at most half a limit away."""
        near = distance % limit
        return self.wrap(address + (near if near <= limit // 2 else near - limit))

    def wrap(self, value: int) -> int:
        """Reduce an address or a field modulo the core size."""
        return value % self.rules.core_size

    def field(self, address: int, name: str) -> int:
        """The ``a`` or ``b`` field of a core cell as it is now."""
        value: int = getattr(self.core[address], name)
        return value

    def write(self, address: int, **changes: int) -> None:
        """Change fields of a core cell."""
        a, b = changes.get("a", self.core[address].a), changes.get("b", self.core[address].b)
        self.replace(address, self.core[address]._replace(a=a, b=b))

    def replace(self, address: int, instruction: Instruction) -> None:
        """Put a whole instruction into a core cell."""
        self.core[address] = instruction
        self.watch(Wrote(self.cycle, self.warrior, address, instruction))


Operation = Callable[[Machine, int, Modifier, Operand, Operand], tuple[int, ...]]
"""Executes the instruction at an address and returns the addresses to queue; without any, the process dies."""


def dat(machine: Machine, address: int, modifier: Modifier, a: Operand, b: Operand) -> tuple[int, ...]:
    """DAT: the process dies."""
    # QUEUE
    return ()


def nop(machine: Machine, address: int, modifier: Modifier, a: Operand, b: Operand) -> tuple[int, ...]:
    """NOP: only resolve the operands."""
    # QUEUE
    return (machine.wrap(address + 1),)


def mov(machine: Machine, address: int, modifier: Modifier, a: Operand, b: Operand) -> tuple[int, ...]:
    """MOV: copy fields, or the whole instruction with .I."""
    # OPERATION
    if modifier is Modifier.I:
        machine.replace(b.target, a.cell)
    else:
        machine.write(b.target, **{to: a.field(of) for of, to in FIELD_PAIRS[modifier]})
    # QUEUE
    return (machine.wrap(address + 1),)


def arithmetic(compute: Callable[[int, int], int]) -> Operation:
    """ADD, SUB and MUL: B becomes ``compute(B, A)`` modulo the core size, field by field."""

    def operation(machine: Machine, address: int, modifier: Modifier, a: Operand, b: Operand) -> tuple[int, ...]:
        # OPERATION
        results = {to: machine.wrap(compute(b.field(to), a.field(of))) for of, to in FIELD_PAIRS[modifier]}
        machine.write(b.target, **results)
        # QUEUE
        return (machine.wrap(address + 1),)

    return operation


def division(compute: Callable[[int, int], int]) -> Operation:
    """DIV and MOD: fields whose divisor is not 0 are written; after that, any divisor of 0 kills the process."""

    def operation(machine: Machine, address: int, modifier: Modifier, a: Operand, b: Operand) -> tuple[int, ...]:
        # OPERATION
        pairs = FIELD_PAIRS[modifier]
        results = {to: compute(b.field(to), a.field(of)) for of, to in pairs if a.field(of)}
        if results:
            machine.write(b.target, **results)
        # QUEUE
        return (machine.wrap(address + 1),) if len(results) == len(pairs) else ()

    return operation


def jmp(machine: Machine, address: int, modifier: Modifier, a: Operand, b: Operand) -> tuple[int, ...]:
    """JMP: continue at A."""
    # QUEUE
    return (a.address,)


def fields_tested(modifier: Modifier) -> tuple[str, ...]:
    """The fields of the B operand that JMZ, JMN and DJN test."""
    return tuple(dict.fromkeys(to for _, to in FIELD_PAIRS[modifier]))


def jmz(machine: Machine, address: int, modifier: Modifier, a: Operand, b: Operand) -> tuple[int, ...]:
    """JMZ: continue at A if every tested field of B is 0."""
    # OPERATION
    jump = all(b.field(name) == 0 for name in fields_tested(modifier))
    # QUEUE
    return (a.address,) if jump else (machine.wrap(address + 1),)


def jmn(machine: Machine, address: int, modifier: Modifier, a: Operand, b: Operand) -> tuple[int, ...]:
    """JMN: continue at A if any tested field of B is not 0."""
    # OPERATION
    jump = any(b.field(name) != 0 for name in fields_tested(modifier))
    # QUEUE
    return (a.address,) if jump else (machine.wrap(address + 1),)


def djn(machine: Machine, address: int, modifier: Modifier, a: Operand, b: Operand) -> tuple[int, ...]:
    """DJN: subtract 1 from the tested fields of the cell at B; continue at A if any field of the copy is not 1.

    The cell and the copy differ if B post-increments its own target.
    """
    # OPERATION
    names = fields_tested(modifier)
    machine.write(b.target, **{name: machine.wrap(machine.field(b.target, name) - 1) for name in names})
    jump = any(b.field(name) != 1 for name in names)
    # QUEUE
    return (a.address,) if jump else (machine.wrap(address + 1),)


def spl(machine: Machine, address: int, modifier: Modifier, a: Operand, b: Operand) -> tuple[int, ...]:
    """SPL: continue at the next cell, then start a new process at A."""
    # QUEUE
    return (machine.wrap(address + 1), a.address)


def equal(modifier: Modifier, a: Operand, b: Operand) -> bool:
    """Whether A and B are equal in every pair of fields; with .I also in opcode, modifier and modes."""
    if modifier is Modifier.I:
        return a.cell == b.cell
    return all(a.field(of) == b.field(to) for of, to in FIELD_PAIRS[modifier])


def seq(machine: Machine, address: int, modifier: Modifier, a: Operand, b: Operand) -> tuple[int, ...]:
    """SEQ (CMP): skip the next cell if A equals B."""
    # QUEUE
    return (machine.wrap(address + (2 if equal(modifier, a, b) else 1)),)


def sne(machine: Machine, address: int, modifier: Modifier, a: Operand, b: Operand) -> tuple[int, ...]:
    """SNE: skip the next cell if A differs from B."""
    # QUEUE
    return (machine.wrap(address + (1 if equal(modifier, a, b) else 2)),)


def slt(machine: Machine, address: int, modifier: Modifier, a: Operand, b: Operand) -> tuple[int, ...]:
    """SLT: skip the next cell if every compared field of A is less than that of B."""
    # OPERATION
    less = all(a.field(of) < b.field(to) for of, to in FIELD_PAIRS[modifier])
    # QUEUE
    return (machine.wrap(address + (2 if less else 1)),)


def pspace_fields(modifier: Modifier) -> tuple[str, str]:
    """The field of A and the field of B for LDP and STP. They move one number, so F, X and I work like B."""
    pairs = FIELD_PAIRS[modifier]
    return pairs[0] if len(pairs) == 1 else ("b", "b")


def ldp(machine: Machine, address: int, modifier: Modifier, a: Operand, b: Operand) -> tuple[int, ...]:
    """LDP: copy p-space cell A to B."""
    # OPERATION
    of, to = pspace_fields(modifier)
    machine.write(b.target, **{to: machine.pspaces[machine.warrior].load(a.field(of))})
    # QUEUE
    return (machine.wrap(address + 1),)


def stp(machine: Machine, address: int, modifier: Modifier, a: Operand, b: Operand) -> tuple[int, ...]:
    """STP: copy A to p-space cell B."""
    # OPERATION
    of, to = pspace_fields(modifier)
    machine.pspaces[machine.warrior].store(b.field(to), a.field(of))
    # QUEUE
    return (machine.wrap(address + 1),)


OPERATIONS: dict[Opcode, Operation] = {
    Opcode.DAT: dat,
    Opcode.MOV: mov,
    Opcode.ADD: arithmetic(operator.add),
    Opcode.SUB: arithmetic(operator.sub),
    Opcode.MUL: arithmetic(operator.mul),
    Opcode.DIV: division(operator.floordiv),
    Opcode.MOD: division(operator.mod),
    Opcode.JMP: jmp,
    Opcode.JMZ: jmz,
    Opcode.JMN: jmn,
    Opcode.DJN: djn,
    Opcode.SPL: spl,
    Opcode.SEQ: seq,
    Opcode.SNE: sne,
    Opcode.SLT: slt,
    Opcode.LDP: ldp,
    Opcode.STP: stp,
    Opcode.NOP: nop,
}
