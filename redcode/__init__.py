"""Redcode: the language and the machine of Core War. It knows nothing of evolution.

Read the files in this order; each uses only those before it. What both sides speak of:

``errors``        every error a user can meet
``text``          text made fit to be shown
``isa``           the instruction set as one table
``rules``         sizes and limits of a battle, with presets
``warrior``       an assembled warrior, an immutable value

Then the wings, each with the order of its own files in its docstring:

``language``      text to a warrior and back, as pMARS assembles it; the built-in warriors
``machine``       warriors to the result of a battle: the readable interpreter and the compiled one
``pictures``      battles as traces, SVG and pages
``commands``      the ``redcode`` command, one file a subcommand
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from redcode.errors import AssemblyError, BattleError, RedcodeError, RulesError, SourceError
    from redcode.language.assembler import assemble, load
    from redcode.language.disassembler import disassemble
    from redcode.language.library import LibraryError, builtin, builtin_names, builtin_source
    from redcode.machine import reference
    from redcode.machine.battle import BattleResult, fight, fight_batch
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
    "language.assembler": ("assemble", "load"),
    "machine.battle": ("BattleResult", "fight", "fight_batch"),
    "language.disassembler": ("disassemble",),
    "errors": ("AssemblyError", "BattleError", "RedcodeError", "RulesError", "SourceError"),
    "language.library": ("LibraryError", "builtin", "builtin_names", "builtin_source"),
    "rules": ("ICWS88", "ICWS94", "NANO", "PRESETS", "TINY", "Rules", "Standard"),
    "warrior": ("Warrior",),
}
"""For each file its names. They are imported when they are asked for, so that the commands start at once."""


def __getattr__(name: str) -> Any:
    if name == "reference":
        return import_module("redcode.machine.reference")
    for file, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"redcode.{file}"), name)
    raise AttributeError(f"module 'redcode' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
