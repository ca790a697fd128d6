"""Changes of a number that keep something of it, counted round the core.

A bomber's step, a scanner's distance or an imp spiral's size works because of how it goes into the core: what its
multiples meet. A small step loses that; a multiple, a part, or a step by a part of the core may keep it.
"""

from __future__ import annotations

from enum import StrEnum
from math import gcd

import numpy as np

from redcode.isa import signed

FACTORS = (2, 3, 4, 5, 7, -1)
PARTS = tuple(range(2, 13))


class Numbers(StrEnum):
    """How a mutation changes a number."""

    NEAR = "near"
    """By a little, to another number of the code, or to a new one."""
    MODULAR = "modular"
    """Half of the time so, else by multiplication, division, or a step by a part of the core."""


def modular(value: int, core_size: int, rng: np.random.Generator) -> int:
    """``value`` multiplied, divided, or moved by a part of the core; 0 to ``core_size`` - 1."""
    way, sign = int(rng.integers(3)), 1 if rng.random() < 0.5 else -1
    if way == 0:
        return signed(value, core_size) * int(rng.choice(FACTORS)) % core_size
    if way == 1:
        return divided(value, int(rng.choice(FACTORS)), core_size)
    return (value + sign * (core_size // int(rng.choice(PARTS)))) % core_size


def divided(value: int, divisor: int, core_size: int) -> int:
    """The number that gives ``value`` when it is multiplied by ``divisor`` round the core.

    Where there is none, or more than one, it is the signed quotient, rounded towards 0.
    """
    if gcd(divisor, core_size) == 1:
        return value * pow(divisor, -1, core_size) % core_size
    distance = signed(value, core_size)
    return (abs(distance) // abs(divisor)) * (1 if distance * divisor > 0 else -1) % core_size
