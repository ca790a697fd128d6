"""Self-contained HTML pages: styles, scripts and data are inline, and untrusted text stays text.

Three rules ensure that: text reaches the page only HTML-escaped or as JSON without ``<``; the scripts insert it as text
nodes; the content security policy runs only the page's own script, which it names by hash.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from string import Template
from typing import Any

from redcode.isa import B_MODE_SHIFT, MODE_SYMBOLS, Modifier, Opcode
from redcode.pictures import palette
from redcode.pictures.grid import columns_for
from redcode.pictures.trace import Trace
from redcode.text import printable
from redcode.warrior import Warrior

STRATEGY_LENGTH = 1000
VIEWER_STYLES = ("page.css", "viewer.css")
VIEWER_SCRIPTS = ("page.js", "battle.js", "board.js", "strip.js", "cards.js", "inspector.js", "viewer.js")


def asset(package: str, name: str) -> str:
    """Text of a file in a package of this project."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def viewer_assets(names: Iterable[str]) -> str:
    """Files of the battle viewer, joined to one text."""
    return "\n".join(asset("redcode.pictures", f"viewer/{name}") for name in names)


def build_page(title: str, body: str, style: str, script: str, data: Mapping[str, Any]) -> str:
    """The whole page. ``body`` is trusted HTML; ``title`` and ``data`` may hold untrusted text."""
    isa = {
        "opcodes": [opcode.name for opcode in Opcode],
        "modifiers": [modifier.name for modifier in Modifier],
        "modes": "".join(MODE_SYMBOLS.values()),
    }
    colours = {
        "light": {"warriors": palette.LIGHT, "empty": palette.EMPTY_LIGHT},
        "dark": {"warriors": palette.DARK, "empty": palette.EMPTY_DARK},
    }
    policy = f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}"
    return Template(asset("redcode.pictures", "viewer/page.html")).substitute(
        policy=f"{policy}; base-uri 'none'; form-action 'none'",
        title=html.escape(title),
        body=body,
        style=style,
        script=script,
        data=embedded_json({**data, "isa": isa, "palette": colours}),
    )


def embedded_json(data: Mapping[str, Any]) -> str:
    """JSON for a script element: ASCII only, without ``<``."""
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def battle_data(trace: Trace) -> dict[str, Any]:
    """The data of a battle that the viewer needs."""
    return {
        "coreSize": trace.rules.core_size,
        "columns": columns_for(trace.rules.core_size),
        "maxProcesses": trace.rules.max_processes,
        "cycles": trace.cycles,
        "ended": trace.ended,
        "warriors": [
            {
                "name": printable(warrior.name),
                "author": printable(warrior.author),
                "strategy": printable(warrior.strategy, STRATEGY_LENGTH),
                "load": start,
                "start": warrior.start,
                "code": code_numbers(warrior),
            }
            for warrior, start in zip(trace.warriors, trace.starts, strict=True)
        ],
        "counts": {
            "reads": len(trace.reads),
            "joined": len(trace.joined),
            "writes": trace.writes.shape[1],
            "steps": len(trace.steps),
        },
        "trace": trace.packed(),
    }


def code_numbers(warrior: Warrior) -> list[int]:
    """Three numbers per instruction: opcode with modifier and modes, as in the packed word, then A, then B."""
    words = zip(warrior.words.tolist(), warrior.code, strict=True)
    return [number for word, cell in words for number in (word >> B_MODE_SHIFT, cell.a, cell.b)]


def battle_page(trace: Trace, *, processes: bool = True) -> str:
    """The page of ``redcode watch``; ``processes`` names the limit of processes, which no trace file tells."""
    names = [printable(warrior.name) for warrior in trace.warriors]
    title = " against ".join(names) if len(names) <= 3 else f"{names[0]} and {len(names) - 1} others"
    rules = trace.rules
    about = f"Core of {rules.core_size}, at most {rules.max_cycles} cycles"
    if processes:
        about += f" and {rules.max_processes} processes a warrior"
    body = Template(asset("redcode.pictures", "viewer/watch.html")).substitute(title=html.escape(title), about=about)
    script = viewer_assets([*VIEWER_SCRIPTS, "watch.js"])
    return build_page(title, body, viewer_assets(VIEWER_STYLES), script, {"battle": battle_data(trace)})
