"""The reference interpreter on text tables: a few cells in, the cells and the queue after some cycles out."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from redcode import Rules, Warrior, assemble
from redcode.isa import EMPTY_CELL
from redcode.machine.events import Event, Executed, ProcessDied, Spawned, Wrote
from redcode.machine.reference import Machine
from redcode.rules import NANO

RULES = Rules(core_size=80, max_cycles=100, max_processes=4, max_length=10, min_distance=10)


@dataclass(frozen=True)
class Case:
    """Cells from address 0, executed from address 0; what is in the core and in the queue afterwards."""

    before: str
    after: str
    queue: list[int] = field(default_factory=list)
    cycles: int = 1


def cells(text: str) -> list[object]:
    return list(assemble(text.replace("/", "\n"), RULES).code)


def case(before: str, after: str, queue: list[int], cycles: int = 1) -> Case:
    return Case(before, after, queue, cycles)


CASES = {
    # MOV
    "mov.i": case("mov.i $0, $1", "mov.i $0, $1 / mov.i $0, $1", [1]),
    "mov.a": case("mov.a 1, 2 / dat 3, 4 / dat 5, 6", "mov.a 1, 2 / dat 3, 4 / dat 3, 6", [1]),
    "mov.b": case("mov.b 1, 2 / dat 3, 4 / dat 5, 6", "mov.b 1, 2 / dat 3, 4 / dat 5, 4", [1]),
    "mov.ab": case("mov.ab 1, 2 / dat 3, 4 / dat 5, 6", "mov.ab 1, 2 / dat 3, 4 / dat 5, 3", [1]),
    "mov.ba": case("mov.ba 1, 2 / dat 3, 4 / dat 5, 6", "mov.ba 1, 2 / dat 3, 4 / dat 4, 6", [1]),
    "mov.f": case("mov.f 1, 2 / dat 3, 4 / jmp 5, 6", "mov.f 1, 2 / dat 3, 4 / jmp 3, 4", [1]),
    "mov.x": case("mov.x 1, 2 / dat 3, 4 / jmp 5, 6", "mov.x 1, 2 / dat 3, 4 / jmp 4, 3", [1]),
    # arithmetic, and the published simulator's .BA, negative fields and missing reduction (PAPER: 7999 + 1 stays 8000)
    "add.ab": case("add.ab #3, 1 / dat 5, 6", "add.ab #3, 1 / dat 5, 9", [1]),
    "add.ba": case("add.ba 1, 2 / dat 1, 20 / dat 30, 40", "add.ba 1, 2 / dat 1, 20 / dat 50, 40", [1]),
    "add wraps": case("add.f 1, 2 / dat 79, 79 / dat 1, 2", "add.f 1, 2 / dat 79, 79 / dat 0, 1", [1]),
    "add.i is add.f": case("add.i 1, 2 / jmp 1, 2 / dat 3, 4", "add.i 1, 2 / jmp 1, 2 / dat 4, 6", [1]),
    "sub wraps": case("sub.ab #3, 1 / dat 5, 1", "sub.ab #3, 1 / dat 5, 78", [1]),
    "sub.x": case("sub.x 1, 2 / dat 3, 4 / dat 10, 20", "sub.x 1, 2 / dat 3, 4 / dat 6, 17", [1]),
    "mul": case("mul.f 1, 2 / dat 9, 10 / dat 9, 10", "mul.f 1, 2 / dat 9, 10 / dat 1, 20", [1]),
    "div": case("div.ab #3, 1 / dat 5, 20", "div.ab #3, 1 / dat 5, 6", [1]),
    "div by 0 dies": case("div.ab #0, 1 / dat 5, 20", "div.ab #0, 1 / dat 5, 20", []),
    "div.f: A divides": case("div.f 1, 2 / dat 3, 0 / dat 10, 20", "div.f 1, 2 / dat 3, 0 / dat 3, 20", []),
    "div.f: B divides": case("div.f 1, 2 / dat 0, 3 / dat 10, 20", "div.f 1, 2 / dat 0, 3 / dat 10, 6", []),
    "div.x: one half": case("div.x 1, 2 / dat 3, 0 / dat 10, 20", "div.x 1, 2 / dat 3, 0 / dat 10, 6", []),
    "mod.f: B divides": case("mod.f 1, 2 / dat 0, 7 / dat 10, 20", "mod.f 1, 2 / dat 0, 7 / dat 10, 6", []),
    "mod": case("mod.ab #7, 1 / dat 5, 20", "mod.ab #7, 1 / dat 5, 6", [1]),
    # jumps
    "jmp": case("jmp 5", "jmp 5", [5]),
    "jmp immediate": case("jmp #5", "jmp #5", [0]),
    "jmp indirect": case("jmp @1 / dat 3, 4", "jmp @1 / dat 3, 4", [5]),
    "jmz jumps": case("jmz.b 5, 1 / dat 1, 0", "jmz.b 5, 1 / dat 1, 0", [5]),
    "jmz.f needs both": case("jmz.f 5, 1 / dat 1, 0", "jmz.f 5, 1 / dat 1, 0", [1]),
    "jmn.f needs either": case("jmn.f 5, 1 / dat 1, 0", "jmn.f 5, 1 / dat 1, 0", [5]),
    "djn": case("djn.b 5, 1 / dat 1, 2", "djn.b 5, 1 / dat 1, 1", [5]),
    "djn ends": case("djn.b 5, 1 / dat 1, 1", "djn.b 5, 1 / dat 1, 0", [1]),
    "djn from 0": case("djn.b 5, 1 / dat 1, 0", "djn.b 5, 1 / dat 1, 79", [5]),
    "djn.f either": case("djn.f 5, 1 / dat 1, 2", "djn.f 5, 1 / dat 0, 1", [5]),
    "djn >: cell and copy": case("djn.b 5, >1 / dat 1, 0", "djn.b 5, >1 / dat 1, 0", [5]),
    # skips, and the published simulator's SNE and SLT
    "seq.i": case("seq.i 1, 2 / dat 1, 2 / dat 1, 2", "seq.i 1, 2 / dat 1, 2 / dat 1, 2", [2]),
    "seq.i opcode": case("seq.i 1, 2 / dat 1, 2 / jmp 1, 2", "seq.i 1, 2 / dat 1, 2 / jmp 1, 2", [1]),
    "seq.f ignores the opcode": case("seq.f 1, 2 / dat 1, 2 / jmp 1, 2", "seq.f 1, 2 / dat 1, 2 / jmp 1, 2", [2]),
    "seq.x": case("seq.x 1, 2 / dat 1, 2 / dat 2, 1", "seq.x 1, 2 / dat 1, 2 / dat 2, 1", [2]),
    "sne.i": case("sne.i 1, 2 / dat 1, 2 / jmp 1, 2", "sne.i 1, 2 / dat 1, 2 / jmp 1, 2", [2]),
    "sne.f needs either": case("sne.f 1, 2 / dat 1, 2 / dat 1, 3", "sne.f 1, 2 / dat 1, 2 / dat 1, 3", [2]),
    "slt unsigned": case("slt.ab #5, 1 / dat 1, -1", "slt.ab #5, 1 / dat 1, -1", [2]),
    "slt.i as slt.f": case("slt.i 1, 2 / dat 1, 2 / dat 2, 2", "slt.i 1, 2 / dat 1, 2 / dat 2, 2", [1]),
    # processes
    "spl": case("spl 5", "spl 5", [1, 5]),
    "dat": case("dat 0, 0", "dat 0, 0", []),
    "dat steps pointers": case("dat <1, >2 / dat 0, 0 / dat 0, 0", "dat <1, >2 / dat 0, 79 / dat 0, 1", []),
    "nop": case("nop 0, }1 / dat 1, 1", "nop 0, }1 / dat 2, 1", [1]),
    # modes
    "{ before": case("mov.i {1, 3 / dat 2, 0 / dat 7, 7", "mov.i {1, 3 / dat 1, 0 / dat 7, 7 / dat 7, 7", [1]),
    "} after": case("mov.i }1, 3 / dat 1, 0 / dat 7, 7", "mov.i }1, 3 / dat 2, 0 / dat 7, 7 / dat 7, 7", [1]),
    "* through A": case("mov.i 2, *1 / dat 2, 0 / dat 7, 7", "mov.i 2, *1 / dat 2, 0 / dat 7, 7 / dat 7, 7", [1]),
    "< wraps": case("nop 0, <1 / dat 2, 0", "nop 0, <1 / dat 2, 79", [1]),
    # pMARS 0.9.4 reads the immediate B operand after A has stepped: 1 + 0, where 0.9.2 and exhaust read 0 + 0
    "immediate B after A's step": case("add.a }0, #0", "add.a }1, #0", [1]),
}


@pytest.mark.parametrize("name", CASES)
def test_one_instruction(name: str) -> None:
    given = CASES[name]
    machine = Machine(RULES, [Warrior(tuple(cells(given.before)))], [0])  # type: ignore[arg-type]
    for _ in range(given.cycles):
        machine.play_cycle("all")
    after = cells(given.after)
    assert machine.core == after + [EMPTY_CELL] * (RULES.core_size - len(after))
    assert list(machine.queues[0]) == given.queue


def test_a_full_queue_takes_no_new_process() -> None:
    machine = Machine(RULES, [assemble("spl 0\njmp -1", RULES)], [0])
    events: list[Event] = []
    machine.watch = events.append
    for _ in range(60):
        machine.play_cycle("all")
    assert len(machine.queues[0]) == RULES.max_processes
    assert sum(isinstance(event, Spawned) for event in events) == RULES.max_processes - 1


def test_spl_continues_before_it_spawns() -> None:
    machine = Machine(RULES, [assemble("spl 2\nnop 0\nnop 0", RULES)], [0])
    order = []
    machine.watch = lambda event: order.append(event.address) if isinstance(event, Executed) else None
    for _ in range(3):
        machine.play_cycle("all")
    assert order == [0, 1, 2]


def test_stop_last_ends_within_the_cycle_of_the_last_opponent() -> None:
    dies, waits = assemble("dat 0, 0", NANO), assemble("jmp 0", NANO)
    executed: list[int] = []
    machine = Machine(NANO, [dies, waits], [0, 40])
    machine.watch = lambda event: executed.append(event.warrior) if isinstance(event, Executed) else None
    machine.run("last")
    assert (machine.cycle, machine.death_cycle, machine.living) == (1, [0, NANO.max_cycles], [1])
    assert executed == [0]  # the survivor did not get to move
    machine = Machine(NANO, [dies, waits], [0, 40])
    machine.run("all")
    assert (machine.cycle, machine.living) == (NANO.max_cycles, [1])


def test_events_tell_what_happened() -> None:
    events: list[Event] = []
    machine = Machine(RULES, [assemble("mov.i 0, 1\ndat 0, 0", RULES), assemble("dat 0, 0", RULES)], [0, 40])
    machine.watch = events.append
    machine.play_cycle("all")
    wrote = [event for event in events if isinstance(event, Wrote)]
    assert [(event.warrior, event.address, str(event.instruction)) for event in wrote] == [(0, 1, "MOV.I $0, $1")]
    assert [event for event in events if isinstance(event, ProcessDied)] == [ProcessDied(0, 1, 40, 0)]


def test_p_space_is_shared_by_pin_except_for_the_last_result() -> None:
    writer = assemble("pin 7\nstp.ab #5, #3\nstp.ab #9, #0\njmp 0", RULES)
    reader = assemble("pin 7\nldp.ab #3, 3\nldp.ab #0, 3\njmp 0\ndat 0, 0\ndat 0, 0", RULES)
    stranger = assemble("ldp.ab #3, 3\nldp.ab #0, 3\njmp 0\ndat 0, 0\ndat 0, 0", RULES)
    machine = Machine(RULES, [writer, reader, stranger], [0, 20, 40])
    for _ in range(2):
        machine.play_cycle("all")
    assert [machine.core[at].b for at in (23, 24, 43, 44)] == [5, RULES.core_size - 1, 0, RULES.core_size - 1]
    assert machine.pspaces[0].last_result == 9
