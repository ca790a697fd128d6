"""P-space: the private memory that a warrior keeps from round to round, as in pMARS."""

from __future__ import annotations

from collections.abc import Sequence

from redcode.warrior import Warrior


class PSpace:
    """The p-space of one warrior.

    Cell 0 holds the result of the last round and belongs to the warrior alone, even if a PIN shares the other cells.
    """

    def __init__(self, cells: list[int], last_result: int) -> None:
        """``cells``: (pspace_cells,) values that warriors with the same PIN share; element 0 is unused."""
        self.cells = cells
        self.last_result = last_result

    def load(self, address: int) -> int:
        """Value at ``address`` modulo the size."""
        cell = address % len(self.cells)
        return self.cells[cell] if cell else self.last_result

    def store(self, address: int, value: int) -> None:
        """Set the value at ``address`` modulo the size."""
        cell = address % len(self.cells)
        if cell:
            self.cells[cell] = value
        else:
            self.last_result = value


def bank_of(warriors: Sequence[Warrior]) -> list[int]:
    """For each warrior the index of the one whose p-space it uses: the first with the same PIN, or itself.

    As in pMARS, a warrior without a PIN also shares the p-space of an earlier one whose PIN is 0.
    """
    return [
        next(first for first, other in enumerate(warriors) if first == index or other.pin == (pin or 0))
        for index, pin in enumerate(warrior.pin for warrior in warriors)
    ]


def new_pspaces(warriors: Sequence[Warrior], cells: int, core_size: int) -> list[PSpace]:
    """P-space of each warrior before the first round: zeros, and -1 (core_size - 1) as the last result."""
    banks: dict[int, list[int]] = {}
    return [PSpace(banks.setdefault(bank, [0] * cells), core_size - 1) for bank in bank_of(warriors)]
