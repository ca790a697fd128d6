"""The fragments of code from which players build warriors, with the numbers left open.

A new warrior is a few of them in a row, often after some ``SPL $1`` that start several processes side by side.
A fragment is not a warrior, and most combinations are bad: selection finds the good ones.
"""

from __future__ import annotations

import numpy as np

from redcode import RedcodeError, Rules, assemble
from redcode.isa import Instruction

FRAGMENTS: dict[str, tuple[float, str]] = {
    "copy forward": (5.0, "SPL @0, {mode}{far}\nMOV }}-1, >-1"),
    "copy backward": (3.0, "MOV {{1, <1\nSPL @0, {mode}{far}"),
    "bomb": (2.0, "MOV ${near}, {mode}{far}"),
    "bomb and step": (2.0, "MOV ${near}, ${far}\nADD #{step}, $-1"),
    "step": (1.5, "ADD #{step}, $-{near}"),
    "bombing loop": (1.0, "MOV $4, @3\nADD #{step}, $2\nJMP $-2, {mode}{far}\nDAT #0, #{far}\nDAT <1, <1"),
    "stone": (1.5, "SPL #0, {mode}{far}\nMOV ${near}, ${far}\nADD #{step}, $-1\nDJN.F $-2, <{far}"),
    "clear": (1.5, "SPL #0, {mode}{far}\nMOV $2, >2\nDJN.F $-1, >1\nDAT <1, #{near}"),
    "scan": (0.7, "ADD $4, $1\nSEQ ${far}, ${far}\nMOV $2, *-1\nJMP $-3, {mode}{far}\nDAT #{step}, #{step}"),
    "imp": (1.0, "MOV.I #{far}, ${spiral}"),
    "decrement": (1.0, "DJN.F $0, <{far}"),
    "loop": (2.0, "JMP $-{near}, {mode}{far}"),
    "trap": (0.7, "SPL #{far}, {mode}{far}"),
    "branch": (1.0, "SPL ${near}, {mode}{far}"),
    "data": (1.0, "DAT {mode}{far}, {mode}{far}"),
}
"""By name: how often it is drawn, and its text. ``far`` is any address, ``near`` one to eight, ``spiral`` often the
step of an imp spiral."""

_TEXTS = [text for _, text in FRAGMENTS.values()]
_ODDS = np.array([weight for weight, _ in FRAGMENTS.values()])
_ODDS /= _ODDS.sum()


class _Numbers:
    """Draws a value every time a fragment's text asks for one."""

    def __init__(self, rng: np.random.Generator, core_size: int) -> None:
        self._rng = rng
        self._core_size = core_size

    def __getitem__(self, name: str) -> str | int:
        rng = self._rng
        match name:
            case "mode":
                return str(rng.choice(("$", "<", ">", "{", "}")))
            case "far":
                return int(rng.integers(self._core_size))
            case "near":
                return int(rng.integers(1, 9))
            case "step":
                return int(rng.integers(1, 100))
            case "spiral":
                return self._core_size // int(rng.choice((3, 5, 7, 9, 11))) + 1
            case _:
                raise KeyError(name)


def fragment(rng: np.random.Generator, rules: Rules) -> tuple[Instruction, ...]:
    """One fragment with its numbers drawn; empty if it does not assemble under these rules."""
    text = _TEXTS[int(rng.choice(len(_TEXTS), p=_ODDS))]
    try:
        return assemble(text.format_map(_Numbers(rng, rules.core_size)), rules).code
    except RedcodeError:
        return ()


def side_by_side(count: int, rules: Rules) -> tuple[Instruction, ...]:
    """``count`` times ``SPL $1``: then 2**count processes execute the same cells one after the other."""
    return assemble("SPL 1\n" * count, rules).code if 0 < count <= rules.max_length else ()
