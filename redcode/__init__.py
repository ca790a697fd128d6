"""Redcode: the language and the machine of Core War. It knows nothing of evolution.

Read the files in this order; each uses only those before it:

``errors``        every error a user can meet
``isa``           the instruction set as one table
``rules``         sizes and limits of a battle, with presets
``warrior``       an assembled warrior, an immutable value
``text``          text made fit to be shown
``lexer``         text to lines and tokens
``expressions``   integer expressions
``icws88``        what the older standard allows
``symbols``       what names stand for, and the bounds on expanding them
``diagnostics``   the errors and warnings of one text, gathered
``cursor``        where the first pass reads
``macros``        first pass: EQU, FOR and ROF, labels, assertions
``statements``    second pass: statements to instructions
``assembler``     text to a Warrior, as pMARS assembles it
``disassembler``  a Warrior back to text
``events``        what the reference interpreter tells whoever watches
``pspace``        the private memory that outlives a round
``reference``     the readable interpreter, which is the specification
``placement``     where warriors start, as pMARS draws it
``kernel``        the compiled interpreter
``result``        what came of a batch of battles, as arrays
``batch``         a batch checked and packed for the kernel
``battle``        ``fight`` and ``fight_batch``
``library``       the built-in warriors
``palette``       the colours of warriors
``grid``          the core as rows and columns
``trace``         a battle recorded step by step
``snapshot``      the core at one moment of a battle
``drawing``       pictures as SVG
``page``          self-contained pages, and that of a battle
``cli``           the ``redcode`` command; its subcommands are in ``redcode/commands``, one file each
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from redcode import reference
    from redcode.assembler import assemble, load
    from redcode.battle import BattleResult, fight, fight_batch
    from redcode.disassembler import disassemble
    from redcode.errors import AssemblyError, BattleError, RedcodeError, RulesError, SourceError
    from redcode.library import LibraryError, builtin, builtin_names, builtin_source
    from redcode.rules import ICWS88, ICWS94, NANO, PRESETS, TINY, Rules, Standard
    from redcode.warrior import Warrior

__all__ = [
    "ICWS88",
    "ICWS94",
    "NANO",
    "PRESETS",
    "TINY",
    "AssemblyError",
    "BattleError",
    "BattleResult",
    "LibraryError",
    "RedcodeError",
    "Rules",
    "RulesError",
    "SourceError",
    "Standard",
    "Warrior",
    "assemble",
    "builtin",
    "builtin_names",
    "builtin_source",
    "disassemble",
    "fight",
    "fight_batch",
    "load",
    "reference",
]

_HOMES = {
    "assembler": ("assemble", "load"),
    "battle": ("BattleResult", "fight", "fight_batch"),
    "disassembler": ("disassemble",),
    "errors": ("AssemblyError", "BattleError", "RedcodeError", "RulesError", "SourceError"),
    "library": ("LibraryError", "builtin", "builtin_names", "builtin_source"),
    "rules": ("ICWS88", "ICWS94", "NANO", "PRESETS", "TINY", "Rules", "Standard"),
    "warrior": ("Warrior",),
}
"""For each file its names. They are imported when they are asked for, so that the commands start at once."""


def __getattr__(name: str) -> Any:
    if name == "reference":
        return import_module("redcode.reference")
    for file, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"redcode.{file}"), name)
    raise AttributeError(f"module 'redcode' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
