"""The compiled interpreter against the reference, after every cycle; small enough to run uncompiled as well."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from redcode import ICWS94, NANO, Rules, assemble, builtin, builtin_names, isa
from redcode.language.library import GROUPS
from redcode.machine import kernel
from redcode.machine.reference import Stop
from redcode.machine.result import alive_share
from redcode.warrior import Warrior
from tests.battles import Battle, battles, by_kernel, by_reference
from tests.strategies import instructions

INTERPRETED = os.environ.get("NUMBA_DISABLE_JIT") == "1"
EXAMPLES = 15 if INTERPRETED else 200

pytestmark = pytest.mark.usefixtures("short_overtime")


@settings(max_examples=EXAMPLES, deadline=None)
@given(battles())
def test_kernel_equals_reference_after_every_cycle(battle: Battle) -> None:
    for cycles in range(1, battle.rules.max_cycles + 1):
        expected = by_reference(battle, cycles)
        assert by_kernel(battle, cycles) == expected
        if expected.cycles < cycles:
            return


@settings(max_examples=EXAMPLES, deadline=None)
@given(battles(), st.integers(1, 300))
def test_the_first_warrior_is_measured_in_full_when_its_death_ends_the_battle(battle: Battle, cycles: int) -> None:
    for fought in (by_kernel, by_reference):
        short, full = (fought(replace(battle, stop=stop), cycles) for stop in ("first", "all"))
        for name in ("deaths", "spawned", "executed", "read", "written", "covered"):
            assert getattr(short, name)[0] == getattr(full, name)[0], name
        shares = [alive_share(np.array([outcome.deaths]), cycles)[0, 0] for outcome in (short, full)]
        assert shares[0] == shares[1]
        assert short.cycles == min(full.deaths[0] + 1, full.cycles)


COUNTS_IN_P_SPACE = """
ldp.ab #1, count
add.ab #1, count
stp.b count, #1
sne.ab #{turns}, count
dat 0
mov.ab #0, count
nop 0
nop 0
nop 0
nop 0
count jmp -10, 0
"""
"""A turn takes ten cycles, so that the core is as it was whenever the state is compared."""

LOOPS = (
    "jmp 0",
    "nop 0\njmp -1",
    "mov.i 0, 1",
    "spl 0\njmp -1",
    "add.ab #{step}, 3\nmov.i 2, @2\njmp -2\ndat 0, 0",
    "djn.b 0, #{turns}",  # dies, perhaps in the last period
    "djn.b 0, #{step}\nsub.ab #1, 2\njmn.b -2, 1\ndat 0, {turns}",
    COUNTS_IN_P_SPACE,
    "ldp.ab #1, 5\nadd.ab #1, 4\nmod.ab #{step}, 3\nstp.b 2, #1\njmp -4\ndat 0, 0",
)
"""Warriors that come back to where they were, for ever or until they have counted far enough."""


@st.composite
def loops(draw: st.DrawFn) -> tuple[Battle, int]:
    """One to three of them under a process limit, and a number of cycles, so that periods are skipped."""
    rules = replace(NANO, max_length=12, min_distance=12, max_processes=draw(st.integers(1, 7)), pspace_size=5)
    texts = draw(st.lists(st.sampled_from(LOOPS), min_size=1, max_size=3))
    numbers = st.integers(1, 79)
    fighters = tuple(assemble(text.format(step=draw(numbers), turns=draw(numbers)), rules) for text in texts)
    order = tuple(draw(st.permutations(range(len(fighters)))))
    battle = Battle(rules, fighters, (0, 25, 51)[: len(fighters)], order, draw(st.sampled_from(get_args(Stop))))
    return battle, draw(st.integers(900, 4500))


@pytest.mark.parametrize("turns", [51, 60, 79])
def test_what_p_space_alone_remembers_is_not_skipped(turns: int) -> None:
    rules = replace(NANO, max_length=12, min_distance=12)
    fighters = tuple(assemble(text, rules) for text in (COUNTS_IN_P_SPACE.format(turns=turns), "jmp 0"))
    battle = Battle(rules, fighters, (0, 40), (0, 1), "all")
    outcome = by_kernel(battle, 2001)
    assert outcome == by_reference(battle, 2001)
    assert outcome.deaths == [10 * (turns - 1) + 4, 2001]


@settings(max_examples=EXAMPLES // 2, deadline=None)
@given(loops() | st.tuples(battles(max_warriors=2, core_sizes=(80,)), st.integers(1000, 3000)))
def test_skipping_whole_periods_changes_nothing(fought: tuple[Battle, int]) -> None:
    assert by_kernel(*fought) == by_reference(*fought)


@pytest.mark.skipif(INTERPRETED, reason="full size, too slow uncompiled")
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_mutated_real_warriors_at_full_size(data: st.DataObject) -> None:
    names = [name for group in GROUPS if GROUPS[group] is ICWS94 for name in builtin_names(group)]

    def mutant() -> Warrior:
        parent = builtin(data.draw(st.sampled_from(names)))
        code = list(parent.code)
        for _ in range(data.draw(st.integers(0, 3))):
            code[data.draw(st.integers(0, len(code) - 1))] = data.draw(instructions())
        return replace(parent, code=tuple(code))

    battle = Battle(ICWS94, (mutant(), mutant()), (0, data.draw(st.integers(100, 7900))), (1, 0), "all")
    assert by_kernel(battle, 1500) == by_reference(battle, 1500)


@pytest.mark.skipif(INTERPRETED, reason="full size, too slow uncompiled")
@pytest.mark.parametrize("count", [3, 8, 21, 64])
def test_many_warriors(count: int) -> None:
    names = builtin_names("starters") + builtin_names("held_out")
    rules = Rules(core_size=65535, max_cycles=1500, max_processes=65535, max_length=100, min_distance=1000)
    fighters = tuple(builtin(names[index % len(names)], ICWS94) for index in range(count))
    starts = tuple(index * 1000 for index in range(count))
    battle = Battle(rules, fighters, starts, tuple(range(count)), "last")
    assert by_kernel(battle, rules.max_cycles) == by_reference(battle, rules.max_cycles)


def test_the_file_changes_with_the_instruction_table() -> None:
    """Numba's on-disk cache knows of changes in kernel.py only, and compiles these numbers in."""
    numbers = [{member.name: member.value for member in kind} for kind in (isa.Opcode, isa.Modifier, isa.Mode)]
    shifts = {name: value for name, value in vars(isa).items() if name.endswith(("_SHIFT", "_MASK"))}
    assert len(shifts) > 5
    assert hashlib.sha256(repr((numbers, shifts)).encode()).hexdigest()[:16] == kernel.ISA_DIGEST


@pytest.mark.skipif(INTERPRETED, reason="compiles nothing")
def test_it_runs_where_no_cache_can_be_kept() -> None:
    def double(number: int) -> int:
        return number + number

    double.__code__ = double.__code__.replace(co_filename="<nowhere>")
    with pytest.raises(RuntimeError, match="cannot cache"):
        njit(cache=True)(double)
    assert kernel.compiled(double)(2) == 4


@pytest.mark.skipif(INTERPRETED, reason="starts the uncompiled run itself")
def test_the_same_uncompiled() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", __file__]
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-3000:]
