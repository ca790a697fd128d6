"""The unused parts of instructions, against the reference interpreter: they change nothing, and all others do."""

from __future__ import annotations

from itertools import product
from random import Random

from redcode import NANO, Warrior, assemble, builtin, builtin_names
from redcode.isa import Instruction, Mode, Modifier, Opcode
from redcode.machine.reference import Machine, Operand
from redcode.machine.unused import used_code, without_unused

AT = 40
"""Where the instruction lies."""


class Noting(Machine):
    """Notes whether a pointer led back to the instruction."""

    came_back = False

    def resolve(self, address: int, mode: Mode, number: int) -> Operand:
        operand = super().resolve(address, mode, number)
        self.came_back |= operand.address == AT and mode not in (Mode.DIRECT, Mode.IMMEDIATE)
        return operand


def executed(core: list[Instruction], instruction: Instruction) -> Noting:
    """The machine after ``instruction`` at ``AT``, in p-space cells that all differ."""
    machine = Noting(NANO, [Warrior((instruction,))], [AT])
    for cell in range(NANO.pspace_cells):
        machine.pspaces[0].store(cell, cell + 7)
    machine.core[:] = core
    machine.core[AT] = instruction
    machine.execute()
    return machine


def state(machine: Machine) -> tuple[list[Instruction], list[int], list[int], int]:
    """All that a machine goes on from; of the instruction's own cell what that uses."""
    core = [*machine.core[:AT], without_unused(machine.core[AT]), *machine.core[AT + 1 :]]
    return core, list(machine.queues[0]), machine.pspaces[0].cells, machine.pspaces[0].last_result


def random_cell(random: Random) -> Instruction:
    """Small numbers meet often: equal and unequal fields, zeros, pointers to one cell."""
    numbers = random.choices((0, 1, 2, 78), k=2)
    modes = random.choices(list(Mode), k=2)
    return Instruction(
        random.choice(list(Opcode)), random.choice(list(Modifier)), modes[0], numbers[0], modes[1], numbers[1]
    )


def random_core(random: Random) -> list[Instruction]:
    return [random_cell(random) for _ in range(8)] * (NANO.core_size // 8)


def test_executed_once_an_instruction_and_its_used_part_leave_the_same() -> None:
    random, compared = Random(0), 0
    for opcode, modifier, a_mode, b_mode in product(Opcode, Modifier, Mode, Mode):
        for _ in range(3):
            a, b = random.choices((0, 0, 1, 2, 5, 78), k=2)
            instruction, core = Instruction(opcode, modifier, a_mode, a, b_mode, b), random_core(random)
            one = executed(core, instruction)
            if instruction != without_unused(instruction) and not one.came_back:
                assert state(one) == state(executed(core, without_unused(instruction))), str(instruction)
                compared += 1
    assert compared > 2500


def test_every_number_that_stays_makes_a_difference_somewhere() -> None:
    """For each opcode, modifier and pair of modes, a core in which another number leads to another state.

    Left out are those that write their own cell, which keep all parts.
    """
    random = Random(0)
    for opcode, modifier, a_mode, b_mode in product(Opcode, Modifier, Mode, Mode):
        if b_mode is Mode.IMMEDIATE:
            continue
        used = without_unused(Instruction(opcode, modifier, a_mode, 1, b_mode, 2))
        for name in (name for name in ("a", "b") if getattr(used, name)):
            for _ in range(400):
                core = [random_cell(random) for _ in range(8)] * (NANO.core_size // 8)
                instruction = used._replace(a=random.choice((1, 3)), b=random.choice((2, 5)))
                other = instruction._replace(**{name: random.choice((1, 2, 4, 6))})
                if state(executed(core, instruction)) != state(executed(core, other)):
                    break
            else:
                raise AssertionError(f"the {name} field of {used} never mattered")


def test_what_is_used_once_is_all_that_is_used() -> None:
    for opcode, modifier, a_mode, b_mode, a, b in product(Opcode, Modifier, Mode, Mode, (0, 3), (0, 5)):
        used = without_unused(Instruction(opcode, modifier, a_mode, a, b_mode, b))
        assert without_unused(used) == used


def test_known_instructions() -> None:
    pairs = {
        "JMP.A $3, @7": "JMP $3, $0",
        "JMP $3, <7": "JMP $3, <7",
        "SPL #5, }3": "SPL $0, }3",
        "SPL #5, {0": "SPL #5, {0",
        "DAT.I #1, #2": "DAT $0, $0",
        "DAT <1, $2": "DAT <1, $0",
        "MOV.AB #4, $1": "MOV.AB #4, $1",
        "MOV.B #4, $1": "MOV.B #0, $1",
        "SEQ.A $4, #1": "SEQ.A $4, #0",
        "MOV.I #4, $1": "MOV.I #4, $1",
        "ADD.AB #4, #1": "ADD.AB #4, #1",
        "DJN.F #4, #1": "DJN.F #4, #1",
        "JMN.B #4, #1": "JMN.B $0, #1",
        "NOP <0, $5": "NOP <0, $5",
        "JMZ.B $0, $3": "JMZ.B $0, $3",
    }
    for text, used in pairs.items():
        assert without_unused(assemble(text).code[0]) == assemble(used).code[0], text


def test_warriors_are_compared_by_their_used_code() -> None:
    one = assemble("SPL 0, 4\nMOV 2, 3\nJMP -1, 9\n")
    other = assemble("SPL 0, <4\nMOV 2, 3\nJMP -1, 9\n")
    assert used_code(one) == used_code(assemble("SPL.A 0, 0\nMOV 2, 3\nJMP -1, @1\n"))
    assert used_code(one) != used_code(other)
    assert used_code(one) != used_code(assemble("ORG 1\nSPL 0, 4\nMOV 2, 3\nJMP -1, 9\n"))
    assert used_code(one) != used_code(assemble("PIN 3\nSPL 0, 4\nMOV 2, 3\nJMP -1, 9\n"))
    names = builtin_names("strong")
    assert len({used_code(builtin(name)) for name in names}) == len(names)
