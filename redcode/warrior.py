"""An assembled warrior: an immutable value with a digest of its code."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from redcode.errors import RedcodeError
from redcode.isa import Instruction, pack


@dataclass(frozen=True)
class Warrior:
    """An assembled warrior.

    Two warriors are equal if code, start and PIN are equal; names and comments do not count. Raises RedcodeError if the
    PIN has more than 64 bits.
    """

    code: tuple[Instruction, ...]
    start: int = 0
    """Index in ``code`` of the first instruction to execute."""
    pin: int | None = None
    """P-space identification number: warriors with the same PIN share their p-space, except cell 0."""
    name: str = field(default="Unknown", compare=False)
    author: str = field(default="Anonymous", compare=False)
    strategy: str = field(default="", compare=False)
    """The text of the ``;strategy`` lines, joined by newlines."""
    spelled_cmp: frozenset[int] = field(default=frozenset(), repr=False, compare=False)
    """Indices in ``code`` of each SEQ that the text spells CMP. It is the same instruction, but pMARS prints it as CMP
    and gives it another number."""
    warnings: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """Warnings of the assembler, each ``line N: …``."""

    def __post_init__(self) -> None:
        """Check the range of the PIN."""
        if self.pin is not None and not -(2**63) <= self.pin < 2**63:
            raise RedcodeError(f"expected a PIN of 64 bits, got one of {self.pin.bit_length() + 1}")

    @cached_property
    def words(self) -> NDArray[np.uint64]:
        """The packed code for the kernel: (length,) uint64, read-only."""
        words = np.array([pack(instruction) for instruction in self.code], dtype=np.uint64)
        words.flags.writeable = False
        return words

    @cached_property
    def digest(self) -> str:
        """SHA-256 over start, code and PIN, in hexadecimal."""
        head = struct.pack("<qq", self.start, -1)  # the -1 keeps the digests of older records
        pin = b"" if self.pin is None else b"PIN" + struct.pack("<q", self.pin)
        return hashlib.sha256(head + self.words.astype("<u8").tobytes() + pin).hexdigest()

    def __len__(self) -> int:
        """Number of instructions."""
        return len(self.code)

    def _repr_svg_(self) -> str:
        """The listing as a picture, for notebooks."""
        from redcode.pictures.drawing import warrior_svg  # drawing imports this file

        return warrior_svg(self)
