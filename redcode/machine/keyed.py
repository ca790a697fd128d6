"""The numbers that a text gives in place of a position (``-F TEXT``): pMARS's second generator.

It encrypts 0, 1, 2, … under a key that is made of the text, as RC5-32/12/8 does (Rivest 1995), apart from a slip of
pMARS: where RC5 rotates a word to the left, it shifts it both to the left and to the right and joins both.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

ROUNDS, KEY_BYTES = 12, 8
WORD = 2**32
P, Q = 0xB7E15163, 0x9E3779B9
"""Rivest's magic constants, from e and the golden ratio."""


def keyed_numbers(text: bytes) -> Callable[[int], int]:
    """A generator in place of ``park_miller``: each call gives its next number, 0 to 2^31 - 1, whatever it is told."""
    key = bytearray(KEY_BYTES)
    for place, byte in enumerate(text):
        key[place % KEY_BYTES] ^= byte
    schedule = expand(bytes(key))
    counter = count()
    return lambda _: encrypt(schedule, 0, next(counter))[1] % 2**31


def expand(key: bytes) -> list[int]:
    """The words that encryption adds, from a key of 8 bytes (Rivest 1995, §4.3)."""
    words = [int.from_bytes(key[:4], "little"), int.from_bytes(key[4:], "little")]
    table = [(P + i * Q) % WORD for i in range(2 * (ROUNDS + 1))]
    a = b = 0
    for step in range(3 * len(table)):
        i, j = step % len(table), step % len(words)
        a = table[i] = _shifted(table[i] + a + b, 3)
        b = words[j] = _shifted(words[j] + a + b, a + b)
    return table


def encrypt(schedule: list[int], a: int, b: int) -> tuple[int, int]:
    """A block of two words of 32 bits, encrypted (Rivest 1995, §4.1)."""
    a, b = (a + schedule[0]) % WORD, (b + schedule[1]) % WORD
    for i in range(1, ROUNDS + 1):
        a = (_shifted(a ^ b, b) + schedule[2 * i]) % WORD
        b = (_shifted(b ^ a, a) + schedule[2 * i + 1]) % WORD
    return a, b


def _shifted(word: int, places: int) -> int:
    """32 bits, shifted to the left and to the right."""
    word, places = word % WORD, places % 32
    return (word << places | word >> places) % WORD
