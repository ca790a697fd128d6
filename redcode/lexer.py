"""Text to lines, and lines to tokens. Comments with a meaning (``;redcode``, ``;name``, ``;assert``) are read here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from redcode.isa import MNEMONICS

Token = tuple[str, str]
"""A word, a number, ``&&``, ``||`` or any other character, and the blank after it, or ``""``."""

TOKEN = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*|[0-9]+|&&|\|\||\S)(\s?)", re.ASCII)
OPERATIONS = frozenset({*MNEMONICS, "ORG", "END", "PIN"})
LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
DIGITS = frozenset("0123456789")
WORD_START = LETTERS | {"_"}
PLAIN = re.compile(
    rf"""\s* ({"|".join(MNEMONICS)}) \s* (?:\.\s*(AB|BA|[ABFXI]))? (?![A-Z0-9_])
    \s* ([#$@<>*{{}}]?) \s* (-?[0-9]{{1,9}}) \s*, \s* ([#$@<>*{{}}]?) \s* (-?[0-9]{{1,9}}) \s*""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
).fullmatch
"""An instruction with two operands that are numbers: opcode, modifier, A mode, A, B mode, B. Both passes know it whole,
which makes them several times faster on evolved warriors and load files.
"""
_HEADER = re.compile(r"\s*;(\s*)([A-Za-z_][A-Za-z0-9_]*)\s*(.*)", re.ASCII | re.DOTALL)
_CUT = re.compile(r"[\r\0].*", re.DOTALL)
_BLANKS = " \t\v\f"
MAX_LINE = 255
"""Characters that pMARS reads of a line; comments may be longer."""


class Line:
    """A line of code, or the rest of one from token ``first`` on, or the condition of an ``;assert``."""

    __slots__ = ("_tokens", "first", "is_assert", "number", "offset", "text")

    def __init__(self, number: int, text: str, first: int = 0, *, offset: int = 0, is_assert: bool = False) -> None:
        self.number = number
        self.text = text
        self.first = first
        self.offset = offset
        self.is_assert = is_assert
        self._tokens: list[Token] | None = None

    @property
    def tokens(self) -> list[Token]:
        """The tokens from ``first`` on."""
        if self._tokens is None:
            self._tokens = TOKEN.findall(self.text, self.offset)[self.first :]
        return self._tokens

    @property
    def condition(self) -> str:
        """The text of the tokens of an assertion."""
        return self.text[self.offset :].strip(_BLANKS)

    def rest(self, index: int) -> Line:
        """The line from its token ``index`` on."""
        return Line(self.number, self.text, self.first + index, offset=self.offset)

    def column(self, index: int) -> int:
        """Column of a token, from 1; of the first character after the text where there are fewer tokens."""
        for position, match in enumerate(TOKEN.finditer(self.text, self.offset)):
            if position == self.first + index:
                return match.start(1) + 1
        return len(self.text.rstrip()) + 1

    def column_of(self, word: str, operand: int = 0) -> int:
        """Column of a word in the first or second operand, or anywhere (0).

        Where it is not, as after an EQU, the column of the operand, or of the whole line.
        """
        words = [text for text, _ in self.tokens]
        first, end = 0, len(words)
        if operand:
            names = (index for index, text in enumerate(words) if text.upper() in OPERATIONS)
            first = next(names, -1) + 1
            first += 2 * (words[first : first + 1] == ["."])
            comma = words.index(",", first) if "," in words[first:] else end
            first, end = (first, comma) if operand == 1 else (min(comma + 1, end), end)
        found = [index for index in range(first, end) if words[index] == word]
        return self.column(found[-1] if found else first)


@dataclass
class Source:
    """The lines of one warrior and what its comments say of it."""

    lines: list[Line] = field(default_factory=list)
    name: str = "Unknown"
    author: str = "Anonymous"
    strategy: list[str] = field(default_factory=list)


def read(text: str) -> Source:
    """Split a text into lines of code, with ``;redcode``, continuation lines and comments treated as pMARS does.

    Lines before the first ``;redcode`` are dropped, reading stops at the second; a backslash at the end of a line joins
    the next one to it; a carriage return or NUL ends a line.
    """
    source = Source()
    started = False
    for number, line in _logical_lines(text):
        code, semicolon, _ = line.partition(";")
        if code := code.rstrip(_BLANKS):
            source.lines.append(Line(number, code))
        elif semicolon and (header := _HEADER.match(line)):
            word = header[2].upper()
            if word == "REDCODE" and not header[1]:
                if started:
                    break
                started = True
                source.lines.clear()
            elif word == "ASSERT":
                code = line[: header.start(3)] + header[3].partition(";")[0]
                source.lines.append(Line(number, code.rstrip(_BLANKS), offset=header.end(2), is_assert=True))
            else:
                _describe(source, word, header[3])
    return source


def _describe(source: Source, word: str, rest: str) -> None:
    if word == "NAME":
        source.name = rest or "Unknown"
    elif word == "AUTHOR":
        source.author = rest or "Anonymous"
    elif word == "STRATEGY":
        source.strategy.append(rest)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    joined = ""
    first = 0
    for number, physical in enumerate(text.split("\n"), 1):
        line = _CUT.sub("", physical)
        first = first or number
        if line.endswith("\\"):
            joined += line[:-1]
            continue
        yield first, joined + line
        joined, first = "", 0
    if joined:
        yield first, joined
