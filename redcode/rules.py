"""The rules of a battle: one frozen, validated value, and the usual presets."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from redcode.errors import RulesError
from redcode.isa import MAX_CORE_SIZE

MIN_CORE_SIZE = 80
MAX_WARRIORS = 64


class Standard(Enum):
    """The standard that the assembler accepts; the machine is the same for both."""

    ICWS88 = "88"
    ICWS94 = "94"


@dataclass(frozen=True)
class Rules:
    """Sizes and limits of a battle.

    Raises :class:`redcode.RulesError` (a ``ValueError``) if a value is out of range or contradicts another.
    """

    core_size: int = 8000
    """Cells in the core, 80 to 65535."""
    max_cycles: int = 80000
    """Cycles until a round ends in a tie; in each cycle every living warrior executes one instruction."""
    max_processes: int = 8000
    """Most processes of a warrior, 1 to 65535."""
    max_length: int = 100
    """Most instructions of a warrior."""
    min_distance: int = 100
    """Cells between the starts of two warriors, at least ``max_length``."""
    pspace_size: int | None = None
    """Cells of p-space per warrior; None means the core size divided by its largest divisor up to 16, as in pMARS."""
    standard: Standard = Standard.ICWS94
    """ICWS94, or ICWS88 for the instructions and modes of the older standard; "94" and "88" work too."""

    def __post_init__(self) -> None:
        """Check every range, and convert each value to its plain type."""
        self._take("core_size", MIN_CORE_SIZE, MAX_CORE_SIZE)
        self._take("max_cycles", 1, 2**31 - 1)
        self._take("max_processes", 1, 65535)
        self._take("max_length", 1, self.core_size)
        self._take("min_distance", self.max_length, self.core_size)
        if self.pspace_size is not None:
            self._take("pspace_size", 1, self.core_size)
        try:
            object.__setattr__(self, "standard", Standard(self.standard))
        except ValueError:
            raise RulesError(f"expected standard to be '94' or '88', got {self.standard!r}") from None

    def _take(self, name: str, low: int, high: int) -> None:
        """Check a number and convert it, for example from numpy, to int."""
        value = getattr(self, name)
        try:
            number = None if isinstance(value, bool) else operator.index(value)
        except TypeError:
            number = None
        if number is None or not low <= number <= high:
            raise RulesError(f"expected {name} to be an integer from {low} to {high}, got {value!r}")
        object.__setattr__(self, name, number)

    @cached_property
    def pspace_cells(self) -> int:
        """Cells of p-space, with the default applied."""
        if self.pspace_size is not None:
            return self.pspace_size
        return self.core_size // next(parts for parts in range(16, 0, -1) if self.core_size % parts == 0)


ICWS94 = Rules()
ICWS88 = Rules(standard=Standard.ICWS88)
TINY = Rules(core_size=800, max_cycles=8000, max_processes=800, max_length=20, min_distance=20)
NANO = Rules(core_size=80, max_cycles=800, max_processes=80, max_length=5, min_distance=5)

PRESETS: dict[str, Rules] = {"icws94": ICWS94, "icws88": ICWS88, "tiny": TINY, "nano": NANO}
