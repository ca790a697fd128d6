"""Text to lines, lines to tokens, and the comments with a meaning: ``;redcode``, ``;name``, ``;assert`` and others."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from redcode.isa import MNEMONICS

Token = tuple[str, str]
"""A word, a number, ``&&``, ``||`` or another character; and the blank after it, or ``""``."""

TOKEN = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*|[0-9]+|&&|\|\||\S)(\s?)", re.ASCII)
OPERATIONS = frozenset({*MNEMONICS, "ORG", "END", "PIN"})
LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
DIGITS = frozenset("0123456789")
WORD_START = LETTERS | {"_"}
PLAIN = re.compile(
    rf"""\s* ({"|".join(MNEMONICS)}) (?:\.(AB|BA|[ABFXI]))? (?![A-Z0-9_])
    \s* ([#$@<>*{{}}]?) \s* (-?[0-9]{{1,9}}) \s*, \s* ([#$@<>*{{}}]?) \s* (-?[0-9]{{1,9}}) \s*""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
).fullmatch
"""An instruction whose two operands are numbers: opcode, modifier, A mode, A, B mode, B. Both passes match it whole, so
they are several times faster on evolved warriors and load files. A blank before the modifier does not match, because
the word after it may be the name of an EQU or a label.
"""
_HEADER = re.compile(r"\s*;(\s*)([A-Za-z_][A-Za-z0-9_]*)\s*(.*)", re.ASCII | re.DOTALL)
_CUT = re.compile(r"[\r\0].*", re.DOTALL)
_BLANKS = " \t\v\f"
MAX_LINE = 255
"""Most characters of a line of code, as in pMARS; comments may be longer."""


class Place(NamedTuple):
    """The place of an error in the source."""

    line: int
    """From 1."""
    column: int
    """From 1."""
    text: str
    """The source line, without its comment."""


@dataclass(slots=True, eq=False)
class Line:
    """A line of code, or its rest from token ``first`` on, or the condition of an ``;assert``."""

    number: int
    text: str
    first: int = 0
    joints: tuple[int, ...] = ()
    """Positions in ``text`` where further lines of the source begin, which backslashes joined to this one."""
    offset: int = 0
    """Position in ``text`` where the tokens begin."""
    is_assert: bool = False
    _tokens: list[Token] | None = field(default=None, init=False, repr=False)

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
        return Line(self.number, self.text, self.first + index, joints=self.joints, offset=self.offset)

    def place(self, index: int) -> Place:
        """The place of a token; the end of the text if there are fewer tokens."""
        matches = islice(TOKEN.finditer(self.text, self.offset), self.first + index, None)
        match = next(matches, None)
        position = match.start(1) if match else len(self.text.rstrip())
        joint = bisect_right(self.joints, position)
        start = self.joints[joint - 1] if joint else 0
        end = self.joints[joint] if joint < len(self.joints) else None
        return Place(self.number + joint, position - start + 1, self.text[start:end])


@dataclass
class Source:
    """The lines of one warrior, and its description in comments."""

    lines: list[Line] = field(default_factory=list)
    name: str = "Unknown"
    author: str = "Anonymous"
    strategy: list[str] = field(default_factory=list)


def read(text: str) -> Source:
    """Split a text into lines of code as pMARS does.

    Only the lines between the first and the second ``;redcode`` count. A backslash at the end of a line of code joins
    the next line to it. A carriage return or NUL ends a line.
    """
    source = Source()
    started = False
    for number, line, joints in _logical_lines(text):
        code, semicolon, _ = line.partition(";")
        if code := code.rstrip(_BLANKS):
            source.lines.append(Line(number, code, joints=joints))
        elif semicolon and (header := _HEADER.match(line)):
            word = header[2].upper()
            if word == "REDCODE" and not header[1]:
                if started:
                    break
                started = True
                source.lines.clear()
            elif word == "ASSERT":
                code = line[: header.start(3)] + header[3].partition(";")[0]
                code = code.rstrip(_BLANKS)
                source.lines.append(Line(number, code, joints=joints, offset=header.end(2), is_assert=True))
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


def _logical_lines(text: str) -> Iterator[tuple[int, str, tuple[int, ...]]]:
    """The lines after joining: number of the first one, text, and the positions in it where the others begin."""
    joined = ""
    joints: list[int] = []
    number = 0
    for number, physical in enumerate(text.split("\n"), 1):
        line = _CUT.sub("", physical)
        if line.endswith("\\") and ";" not in line:
            joined += line[:-1]
            joints.append(len(joined))
            continue
        yield number - len(joints), joined + line, tuple(joints)
        joined, joints = "", []
    if joined:
        yield number + 1 - len(joints), joined, tuple(joints[:-1])
