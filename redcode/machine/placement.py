"""Where warriors start and who moves first, as in pMARS.

The numbers come from the minimal standard generator (Park & Miller 1988), x <- 16807 x mod (2^31 - 1). Warrior 0 always
starts at address 0, which is no advantage because the core is a circle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from redcode.errors import BattleError
from redcode.isa import Modifier
from redcode.rules import Rules
from redcode.warrior import Warrior

MODULUS = 2**31 - 1
MULTIPLIER = 16807
TRIES = 20
"""How often pMARS redraws one position before it also redraws the one in conflict and those after it."""
BACKTRACKS = 4
"""How often it does that before it uses ``_spread``."""
MAX_POSITION = 2**30
"""The largest position that pMARS takes with ``-F``, for cores of any size."""

Numbers = Callable[[int], int]
"""A generator of random numbers: from one number to the next."""


def park_miller(x: int) -> int:
    """Next number of the minimal standard generator (Park & Miller 1988)."""
    return MULTIPLIER * x % MODULUS


def check_room(warriors: int, rules: Rules) -> None:
    """Raise BattleError if the warriors do not fit into the core at their minimum distance."""
    if warriors * rules.min_distance > rules.core_size:
        raise BattleError(
            f"expected at most {rules.core_size // rules.min_distance} warriors in a core of {rules.core_size} "
            f"at distance {rules.min_distance}, got {warriors}"
        )


def _check_count(name: str, value: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 0:
        raise BattleError(f"expected {name} to be an integer, 0 or more, got {value!r}")


def seed_from_integer(seed: int) -> int:
    """First number of a series, 1 to 2^31 - 2, for a user's seed; similar seeds give unrelated series.

    Raises BattleError if the seed is negative or not an integer.
    """
    _check_count("seed", seed)
    return int(np.random.SeedSequence(seed).generate_state(1)[0]) % (MODULUS - 1) + 1


def seed_from_position(position: int, rules: Rules) -> int:
    """First number of a series that puts warrior 1 at ``position`` in the first round of two warriors (``-F``).

    Beyond ``core_size - min_distance`` counting starts again at ``min_distance``, as in pMARS. Raises BattleError for a
    position below ``min_distance`` or above ``MAX_POSITION``.
    """
    if not rules.min_distance <= position <= MAX_POSITION:
        raise BattleError(
            f"expected a position from the distance {rules.min_distance} to {MAX_POSITION}, got {position}"
        )
    return position - rules.min_distance


def seed_from_text(text: bytes, warriors: int, rules: Rules) -> int:
    """First number of a series for a text in place of a position (``-F``); ``keyed_numbers`` gives the next ones.

    pMARS reads the text as if its characters were digits, in 32 bits. Raises BattleError if two warriors would overlap.
    """
    number = 0
    for byte in text:
        number = (number * 10 + byte - ord("0") + 2**31) % 2**32 - 2**31
    if warriors == 2 and abs(number) < rules.min_distance:
        raise BattleError(
            f"expected a text that pMARS reads as {rules.min_distance} or more, got {text!r}, which is {abs(number)}: "
            "take a longer one"
        )
    return max(abs(number) - rules.min_distance, 0)


def seed_from_code(warriors: Sequence[Warrior]) -> int:
    """First number of a series that depends only on the warriors' code (``-f``), in pMARS's numbering of it."""
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
_PMARS_MODES = (1, 0, 2, 3, 4, 0x82, 0x83, 0x84)
"""pMARS's numbers of the modes, in the order of ``Mode``."""


def series(warriors: int, rules: Rules, seed: int, battles: int, following: Numbers = park_miller) -> NDArray[np.int64]:
    """Start addresses of consecutive rounds: (battles, warriors) int64.

    ``seed`` is a number of the generator, from one of the ``seed_from_`` functions. With two warriors the first round
    uses this number itself, with more it uses the numbers after it, which ``following`` gives. Raises BattleError if
    there are too many warriors, or if ``battles`` is negative or not an integer.
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
            x = following(x)
        else:
            positions, x = _draw(warriors, rules, x, following)
            if positions is None:
                positions, x = _spread(warriors, rules, x, following)
            starts[battle] = positions
    return starts


def _draw(warriors: int, rules: Rules, x: int, following: Numbers) -> tuple[list[int] | None, int]:
    """Draw positions one by one, and redraw one that is too near an earlier one; None if that fails."""
    distance = rules.min_distance
    positions = [0]
    tries, backtracks = TRIES, BACKTRACKS
    while len(positions) < warriors:
        x = following(x)
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


def _spread(warriors: int, rules: Rules, x: int, following: Numbers) -> tuple[list[int], int]:
    """Draw gaps between the positions, then shuffle the warriors."""
    room = rules.core_size - rules.min_distance * warriors + 1
    gaps: list[int] = []
    for _ in range(1, warriors):
        x = following(x)
        gaps.append(x % room)
    positions = [0] + [gap + rules.min_distance * (i + 1) for i, gap in enumerate(sorted(gaps))]
    for i in range(1, warriors):
        x = following(x)
        j = x % (warriors - i) + i
        positions[i], positions[j] = positions[j], positions[i]
    return positions, x


def permuted_series(
    rules: Rules, seed: int, battles: int, following: Numbers = park_miller
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Start addresses and order of rounds of two warriors that visit every combination once (``-P``).

    Returns two (battles, 2) int64 tables: starts, and the order in which the two move. After the last combination the
    cycle starts again. Raises BattleError if two warriors do not fit.
    """
    check_room(2, rules)
    starts = np.zeros((battles, 2), dtype=np.int64)
    order = np.zeros((battles, 2), dtype=np.int64)
    for battle, combination in zip(range(battles), _combinations(rules, seed, following), strict=False):
        starts[battle, 1] = rules.min_distance + combination // 2
        order[battle] = combination % 2, 1 - combination % 2
    return starts, order


def combinations(rules: Rules) -> int:
    """Number of different rounds of two warriors: every position of warrior 1, with either warrior first."""
    return 2 * (rules.core_size + 1 - 2 * rules.min_distance)


def _combinations(rules: Rules, seed: int, following: Numbers) -> Iterator[int]:
    x = seed
    while True:
        left = list(range(combinations(rules)))
        while left:
            drawn = x % len(left)
            yield left[drawn]
            left[drawn] = left[-1]
            left.pop()
            x = following(x)


def alternating(battles: int, warriors: int) -> NDArray[np.int64]:
    """The order of moves in each round, if the warriors take turns to move first: (battles, warriors) int64."""
    return np.add.outer(np.arange(battles, dtype=np.int64), np.arange(warriors)) % warriors
