"""Text to a Warrior, exactly as pMARS 0.9.4 assembles it."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from redcode.language.diagnostics import Diagnostics
from redcode.language.lexer import Place, read
from redcode.language.macros import Expander
from redcode.language.statements import Encoder
from redcode.language.symbols import Symbols, predefined
from redcode.rules import ICWS94, Rules
from redcode.warrior import Warrior

MAX_SOURCE = 2**18
"""Most characters of a source; the longest published warriors have a thirtieth of it."""
ROUNDS = 250
"""The constant ``ROUNDS`` of a text that is assembled outside a match: hills fight 250 rounds."""
BYTE_ORDER_MARK = "\ufeff"


def load(
    path: str | Path, rules: Rules = ICWS94, *, warriors: int = 1, rounds: int = ROUNDS, first: bool = True
) -> Warrior:
    """Assemble the file at ``path``, as :func:`assemble` does; raises OSError if it cannot be read."""
    with Path(path).open("rb") as file:
        source = read_source(file)
    return assemble(source, rules, warriors=warriors, rounds=rounds, first=first, path=str(path))


def read_source(file: BinaryIO) -> str:
    """The text of an open file; of a file that is too long, only enough to detect that."""
    return decoded(file.read(4 * MAX_SOURCE + 1))


def assemble(
    source: str | bytes,
    rules: Rules = ICWS94,
    *,
    warriors: int = 1,
    rounds: int = ROUNDS,
    first: bool = True,
    path: str = "<source>",
) -> Warrior:
    """Assemble the text of one warrior.

    Bytes that are not UTF-8 are read as Latin-1. ``warriors`` and ``rounds`` are the constants ``WARRIORS`` and
    ``ROUNDS`` of the text. In the ``first`` text of a battle the registers S and W start as ``warriors``, as in pMARS;
    all other registers start as 0. Errors name the text ``path``.

    Raises AssemblyError, a RedcodeError, whose ``errors`` and ``warnings`` hold all errors and warnings of the text.
    """
    diagnostics = Diagnostics(path)
    text = source if isinstance(source, str) else decoded(source)
    if text.startswith(BYTE_ORDER_MARK):
        text = text.removeprefix(BYTE_ORDER_MARK)
        diagnostics.warn(1, "the byte-order mark before the text is ignored")
    if len(text) > MAX_SOURCE:
        before = text[:MAX_SOURCE]
        place = Place(before.count("\n") + 1, MAX_SOURCE - before.rfind("\n"), "")
        diagnostics.abort(f"at most {MAX_SOURCE} characters of source", "more", place)
    registers = {"S": warriors, "W": warriors} if first else {}  # pMARS evaluates its formula of the score before
    symbols = Symbols(predefined(rules, warriors, rounds), registers=registers)
    try:
        return _assemble(text, rules, symbols, diagnostics)
    except RecursionError:  # the caller has nearly filled the stack; the assembler's own depth is bounded
        diagnostics.abort("room on the stack to expand EQU and FOR", "too little", Place(1, 1, ""))


def decoded(source: bytes) -> str:
    """Bytes as text: UTF-8, otherwise Latin-1."""
    try:
        return source.decode()
    except UnicodeDecodeError:
        return source.decode("latin-1")


def _assemble(text: str, rules: Rules, symbols: Symbols, diagnostics: Diagnostics) -> Warrior:
    source = read(text)
    expander = Expander(source.lines, symbols, diagnostics)
    expander.run()
    encoder = Encoder(rules, symbols, diagnostics)
    encoder.run(expander.statements, expander.last)
    diagnostics.raise_errors()
    return Warrior(
        code=tuple(encoder.code),
        start=encoder.start,
        pin=encoder.pin,
        name=source.name,
        author=source.author,
        strategy="\n".join(source.strategy),
        spelled_cmp=frozenset(encoder.spelled_cmp),
        warnings=diagnostics.warnings,
    )
