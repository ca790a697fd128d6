"""Variants of a warrior in which a few numbers of its code differ, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from math import gcd
from typing import Literal

import numpy as np

from drq.operators.numbers import modular
from redcode.isa import Instruction
from redcode.machine.unused import without_unused
from redcode.rules import Rules
from redcode.warrior import Warrior

Field = Literal["a", "b"]
FIELDS: tuple[Field, ...] = ("a", "b")
Place = tuple[int, Field]
"""The index of an instruction, and one of its fields."""
MOST_CHANGES = 3
SMALL = 10
"""Small steps, and the divisors of the core, go up to this."""


def tunable(warrior: Warrior, rules: Rules) -> list[Place]:
    """The numbers that their own instruction uses when it is executed; what is only data for others does not count."""
    return [
        (index, field)
        for index, cell in enumerate(warrior.code)
        for field in FIELDS
        if _uses(cell, field, (getattr(cell, field) + 1) % rules.core_size)
    ]


def variants(warrior: Warrior, count: int, rules: Rules, rng: np.random.Generator) -> list[Warrior]:
    """At most ``count`` different variants; fewer where there are hardly so many, none where nothing is tunable.

    In each, one of the :func:`tunable` numbers is moved as :func:`moved` says, in half of them two or three.
    """
    places = tunable(warrior, rules)
    found: dict[str, Warrior] = {}
    for _ in range(10 * count if places else 0):
        if len(found) == count:
            break
        code = list(warrior.code)
        changes = min(int(rng.geometric(0.5)), MOST_CHANGES)
        chosen = [places[i] for i in rng.permutation(len(places))[:changes]]
        for index, field in chosen:
            code[index] = _with(code[index], field, moved(getattr(code[index], field), rules.core_size, rng))
        if all(
            _uses(warrior.code[index], field, getattr(code[index], field))
            and _uses(code[index], field, getattr(warrior.code[index], field))
            for index, field in chosen
        ):
            variant = replace(warrior, code=tuple(code))
            found[variant.digest] = variant
    return list(found.values())


def moved(number: int, size: int, rng: np.random.Generator) -> int:
    """Another number of a core of ``size`` cells in place of ``number``, both from 0 to ``size`` - 1.

    In equal shares: 1 more or less; a small step; twice what :func:`drq.operators.numbers.modular` makes of it, a
    multiple, a part, or a step by a part of the core; a number whose multiples visit every d-th cell of the core, for a
    divisor d; any number.
    """
    sign, small, drawn = int(rng.choice((1, -1))), int(rng.integers(2, SMALL, endpoint=True)), int(rng.integers(size))
    moves = (
        number + sign,
        number + sign * small,
        modular(number, size, rng),
        modular(number, size, rng),
        _visiting(drawn, small, size),
        drawn,
    )
    return moves[rng.integers(len(moves))] % size


def _visiting(start: int, most: int, size: int) -> int:
    """The first step from ``start`` up that visits every d-th cell, where d is the largest divisor up to ``most``."""
    divisor = next(d for d in range(min(most, size), 0, -1) if size % d == 0)
    return next(step for step in range(start, start + size) if gcd(step, size) == divisor)


def _uses(cell: Instruction, field: Field, number: int) -> bool:
    """Whether it matters to the instruction that ``number`` takes the place of one of its own."""
    return without_unused(cell) != without_unused(_with(cell, field, number))


def _with(cell: Instruction, field: Field, number: int) -> Instruction:
    return cell._replace(a=number) if field == "a" else cell._replace(b=number)
