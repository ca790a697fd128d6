"""Where warriors start and who moves first, as pMARS draws both.

The numbers come from the minimal standard generator (Park & Miller 1988), x <- 16807 x mod (2^31 - 1). Warrior 0 always
lies at address 0; since the core is a circle this favours nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from redcode.errors import BattleError
from redcode.isa import Mode, Modifier
from redcode.rules import Rules
from redcode.warrior import Warrior

MODULUS = 2**31 - 1
MULTIPLIER = 16807
TRIES = 20
"""How often pMARS draws one position anew before it goes back to the one in conflict."""
BACKTRACKS = 4
"""How often it goes back before it falls back on ``_spread``."""
MAX_POSITION = 2**30
"""The largest position that pMARS takes with ``-F``, whatever the size of the core."""


def park_miller(x: int) -> int:
    """Next number of the minimal standard generator (Park & Miller 1988)."""
    return MULTIPLIER * x % MODULUS


def check_room(warriors: int, rules: Rules) -> None:
    """Raise BattleError unless so many warriors fit into the core at their minimum distance."""
    if warriors * rules.min_distance > rules.core_size:
        raise BattleError(
            f"expected at most {rules.core_size // rules.min_distance} warriors in a core of {rules.core_size} "
            f"at distance {rules.min_distance}, got {warriors}"
        )


def _check_count(name: str, value: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 0:
        raise BattleError(f"expected {name} to be an integer, 0 or more, got {value!r}")


def seed_from_integer(seed: int) -> int:
    """First number of a series for a seed of the user's, 1 to 2^31 - 2; near seeds give unrelated series.

    Raises BattleError for a negative seed, or one that is no integer.
    """
    _check_count("seed", seed)
    return int(np.random.SeedSequence(seed).generate_state(1)[0]) % (MODULUS - 1) + 1


def seed_from_position(position: int, rules: Rules) -> int:
    """First number that puts warrior 1 at ``position`` in the first of two-warrior rounds (``-F``).

    Positions beyond ``core_size - min_distance`` go on from ``min_distance``, as in pMARS, also those outside the core.
    Raises BattleError for one that is nearer than ``min_distance`` or beyond ``MAX_POSITION``.
    """
    if not rules.min_distance <= position <= MAX_POSITION:
        raise BattleError(
            f"expected a position from the distance {rules.min_distance} to {MAX_POSITION}, got {position}"
        )
    return position - rules.min_distance


def seed_from_code(warriors: Sequence[Warrior]) -> int:
    """First number that depends on the warriors' code alone (``-f``), computed from pMARS's own numbering."""
    checksum, place = 0, 0
    for warrior in warriors:
        for index, cell in enumerate(warrior.code):
            name = "CMP" if index in warrior.spelled_cmp else cell.opcode.name
            opcode = _PMARS_OPCODES[name] * 8 + _PMARS_MODIFIERS.index(cell.modifier)
            for value in (opcode, _PMARS_MODES[cell.a_mode], _PMARS_MODES[cell.b_mode], cell.a, cell.b):
                checksum += value ^ place
                place += 1
    return park_miller(checksum)


_PMARS_ORDER = "MOV ADD SUB MUL DIV MOD JMZ JMN DJN CMP SLT SPL DAT JMP SEQ SNE NOP LDP STP"
_PMARS_OPCODES = {name: number for number, name in enumerate(_PMARS_ORDER.split())}
_PMARS_MODIFIERS = (Modifier.A, Modifier.B, Modifier.AB, Modifier.BA, Modifier.F, Modifier.X, Modifier.I)
_PMARS_MODES = {
    Mode.IMMEDIATE: 0,
    Mode.DIRECT: 1,
    Mode.B_INDIRECT: 2,
    Mode.B_PREDECREMENT: 3,
    Mode.B_POSTINCREMENT: 4,
    Mode.A_INDIRECT: 0x82,
    Mode.A_PREDECREMENT: 0x83,
    Mode.A_POSTINCREMENT: 0x84,
}


def series(warriors: int, rules: Rules, seed: int, battles: int) -> NDArray[np.int64]:
    """Start addresses of consecutive rounds.

    Returns (battles, warriors) int64. ``seed`` is a number of the generator, see the ``seed_from_`` functions: two
    warriors use it as it is for the first round, more use the numbers after it. Raises BattleError for too many
    warriors, or for a number of battles that is negative or no integer.
    """
    check_room(warriors, rules)
    _check_count("battles", battles)
    starts = np.zeros((battles, warriors), dtype=np.int64)
    if warriors == 1:
        return starts
    x = seed
    for battle in range(battles):
        if warriors == 2:
            starts[battle, 1] = rules.min_distance + x % (rules.core_size + 1 - 2 * rules.min_distance)
            x = park_miller(x)
        else:
            positions, x = _draw(warriors, rules, x)
            if positions is None:
                positions, x = _spread(warriors, rules, x)
            starts[battle] = positions
    return starts


def _draw(warriors: int, rules: Rules, x: int) -> tuple[list[int] | None, int]:
    """Draw positions one by one, each again while it is too near an earlier one; None when that leads nowhere."""
    distance = rules.min_distance
    positions = [0]
    tries, backtracks = TRIES, BACKTRACKS
    while len(positions) < warriors:
        x = park_miller(x)
        drawn = distance + x % (rules.core_size + 1 - 2 * distance)
        conflict = next((i for i in range(1, len(positions)) if abs(drawn - positions[i]) < distance), None)
        if conflict is None:
            positions.append(drawn)
        elif not backtracks:
            return None, x
        elif not tries:
            del positions[conflict:]
            backtracks -= 1
            tries = TRIES
        else:
            tries -= 1
    return positions, x


def _spread(warriors: int, rules: Rules, x: int) -> tuple[list[int], int]:
    """Draw gaps between the warriors, then shuffle who gets which position."""
    room = rules.core_size - rules.min_distance * warriors + 1
    gaps: list[int] = []
    for _ in range(1, warriors):
        x = park_miller(x)
        gaps.append(x % room)
    positions = [0] + [gap + rules.min_distance * (i + 1) for i, gap in enumerate(sorted(gaps))]
    for i in range(1, warriors):
        x = park_miller(x)
        j = x % (warriors - i) + i
        positions[i], positions[j] = positions[j], positions[i]
    return positions, x


def permuted_series(rules: Rules, seed: int, battles: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Start addresses and order of two-warrior rounds that visit every combination once (``-P``).

    Returns two (battles, 2) int64 tables: starts, and the order in which the two move. After the last combination all
    begin anew.
    Raises BattleError where two warriors do not fit.
    """
    check_room(2, rules)
    starts = np.zeros((battles, 2), dtype=np.int64)
    order = np.zeros((battles, 2), dtype=np.int64)
    for battle, combination in zip(range(battles), _combinations(rules, seed), strict=False):
        starts[battle, 1] = rules.min_distance + combination // 2
        order[battle] = combination % 2, 1 - combination % 2
    return starts, order


def combinations(rules: Rules) -> int:
    """Number of different two-warrior rounds: every position of warrior 1, with either warrior first."""
    return 2 * (rules.core_size + 1 - 2 * rules.min_distance)


def _combinations(rules: Rules, seed: int) -> Iterator[int]:
    x = seed
    while True:
        left = list(range(combinations(rules)))
        while left:
            drawn = x % len(left)
            yield left[drawn]
            left[drawn] = left[-1]
            left.pop()
            x = park_miller(x)


def alternating(battles: int, warriors: int) -> NDArray[np.int64]:
    """The order in which the warriors move in each round: they take turns to move first.

    Returns (battles, warriors) int64.
    """
    return np.add.outer(np.arange(battles, dtype=np.int64), np.arange(warriors)) % warriors
