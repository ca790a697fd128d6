"""Redcode: the language and the machine of Core War, independent of evolution.

Read the files in this order; each uses only those before it. First the common values:

``errors``        every error that a user can meet
``text``          text for people: safe to show, counts, differences
``isa``           the instruction set as one table
``rules``         sizes and limits of a battle, with presets
``warrior``       an assembled warrior, an immutable value

Then the wings; the docstring of each gives the order of its files:

``language``      text to a warrior and back, as pMARS assembles it; the built-in warriors
``machine``       warriors to the result of a battle: the readable interpreter and the compiled one
``pictures``      battles as traces, SVG and pages
``commands``      the ``redcode`` command, one file per subcommand
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from redcode.errors import AssemblyError, BattleError, RedcodeError, RulesError, SourceError
    from redcode.language.assembler import assemble, load
    from redcode.language.disassembler import disassemble, to_load_file
    from redcode.language.library import LibraryError, builtin, builtin_names, builtin_source
    from redcode.machine import reference
    from redcode.machine.battle import BattleResult, Stop, fight, fight_batch
    from redcode.machine.placement import alternating, seed_from_integer, seed_from_position, series
    from redcode.pictures.drawing import core_svg, result_svg, warrior_svg
    from redcode.pictures.page import battle_page
    from redcode.pictures.snapshot import Snapshot, snapshot
    from redcode.pictures.trace import Trace, record
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
    "Snapshot",
    "SourceError",
    "Standard",
    "Stop",
    "Trace",
    "Warrior",
    "alternating",
    "assemble",
    "battle_page",
    "builtin",
    "builtin_names",
    "builtin_source",
    "core_svg",
    "disassemble",
    "fight",
    "fight_batch",
    "load",
    "record",
    "reference",
    "result_svg",
    "seed_from_integer",
    "seed_from_position",
    "series",
    "snapshot",
    "to_load_file",
    "warrior_svg",
]

_HOMES = {
    "language.assembler": ("assemble", "load"),
    "language.disassembler": ("disassemble", "to_load_file"),
    "machine.battle": ("BattleResult", "Stop", "fight", "fight_batch"),
    "machine.placement": ("alternating", "seed_from_integer", "seed_from_position", "series"),
    "pictures.drawing": ("core_svg", "result_svg", "warrior_svg"),
    "pictures.page": ("battle_page",),
    "pictures.snapshot": ("Snapshot", "snapshot"),
    "pictures.trace": ("Trace", "record"),
    "errors": ("AssemblyError", "BattleError", "RedcodeError", "RulesError", "SourceError"),
    "language.library": ("LibraryError", "builtin", "builtin_names", "builtin_source"),
    "rules": ("ICWS88", "ICWS94", "NANO", "PRESETS", "TINY", "Rules", "Standard"),
    "warrior": ("Warrior",),
}
"""The names of each file. They are imported on first use, so that the commands start at once."""


def __getattr__(name: str) -> Any:
    if name == "reference":
        return import_module("redcode.machine.reference")
    for file, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"redcode.{file}"), name)
    raise AttributeError(f"module 'redcode' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
