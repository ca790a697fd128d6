"""What the model is told: the templates of ``prompts/`` filled in.

The description of the language is made from the instruction table. The examples are the warriors of
``prompts/examples`` that assemble under the rules. A whole request without opponents stays under 1500 tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files

from redcode import RedcodeError, Rules, Standard, Warrior, assemble
from redcode.isa import INSTRUCTION_TABLE, MODE_MEANINGS, MODIFIER_MEANINGS
from redcode.language.disassembler import code_text
from redcode.language.icws88 import MODES, spelling

MAX_SHOWN = 6000
"""Characters of opponents' code in one request; the latest opponents that fit are shown."""
MAX_ERROR = 600
"""Characters of the assembler's messages in a request to repair."""


class Show(StrEnum):
    """What a request says of the battles to come (Kumar 2026 shows nothing)."""

    NOTHING = "nothing"
    OPPONENTS = "opponents"
    """The opponents' code."""
    STANDING = "standing"
    """The parent's score, and its opponents' scores in the same battles."""
    BOTH = "both"


@dataclass(frozen=True)
class Shown:
    """A warrior as a prompt shows it."""

    name: str
    code: str


@dataclass(frozen=True)
class Standing:
    """A parent's results: mean alive shares, where 1 is an even share of the battle (Kumar 2026 §4)."""

    score: float
    opponents: Sequence[tuple[str, float]]
    """Name and share of each opponent in the same battles."""


@cache
def system_prompt(rules: Rules, grammar: bool) -> str:
    """The game, the language, examples, and how to answer; ``grammar``: the answer is bare instructions."""
    shown = [bare(assemble(text, rules), rules) if grammar else text for text in examples(rules)]
    sample = "MOV $0, $1" if rules.standard is Standard.ICWS88 else "MOV.I $0, $1"
    return _fill(
        "system.md",
        core_size=str(rules.core_size),
        max_cycles=str(rules.max_cycles),
        max_length=str(rules.max_length),
        max_processes=str(rules.max_processes),
        card=_card88() if rules.standard is Standard.ICWS88 else _card94(),
        examples="\n\n".join(map(_block, shown)),
        answer=_fill("answer_grammar.md" if grammar else "answer_free.md", sample=sample),
    )


def _card94() -> str:
    return _fill(
        "card94.md",
        opcodes=_list((row.opcode.name, row.meaning) for row in INSTRUCTION_TABLE.values()),
        modifiers=_list((modifier.name, meaning) for modifier, meaning in MODIFIER_MEANINGS.items()),
        modes=_list((mode.symbol, meaning) for mode, meaning in MODE_MEANINGS.items()),
    )


def _card88() -> str:
    rows = [row for row in INSTRUCTION_TABLE.values() if row.in_icws88]
    return _fill(
        "card88.md",
        opcodes=_list((spelling(row.opcode), row.meaning) for row in rows),
        modes=_list((mode.symbol, MODE_MEANINGS[mode]) for mode in MODES),
    )


def examples(rules: Rules) -> list[str]:
    """The example warriors that assemble under ``rules``."""
    folder = files("drq.llm") / "prompts" / "examples"
    texts = [path.read_text() for path in sorted(folder.iterdir(), key=lambda path: path.name)]
    return [text for text in texts if _assembles(text, rules)]


def bare(warrior: Warrior, rules: Rules) -> str:
    """The warrior as the grammar spells it: all parts written out, no labels, addresses as signed distances."""
    plain = replace(warrior, pin=None, spelled_cmp=frozenset())
    return "\n".join(line for line in code_text(plain, rules).splitlines() if line not in ("ORG 0", "END", "END 0"))


def new(opponents: str = "") -> str:
    """Ask for a warrior without a parent."""
    return _fill("new.md", opponents=opponents)


def mutate(parent: str, standing: Standing | None = None, opponents: str = "", better: bool = True) -> str:
    """Ask for a change of ``parent``, a source text; ``better``: for one that is likely to do better."""
    return _fill(
        "mutate.md",
        parent=_quoted(parent),
        standing=_standing(standing),
        opponents=opponents,
        aim=" so that it is likely to do better in battle" if better else "",
    )


def crossover(
    parents: tuple[str, str],
    standings: tuple[Standing | None, Standing | None] = (None, None),
    opponents: str = "",
    better: bool = True,
) -> str:
    """Ask for a mixture of two source texts; ``better``: of what is strong in each."""
    return _fill(
        "crossover.md",
        parent=_quoted(parents[0]),
        standing=_standing(standings[0]),
        other=_quoted(parents[1]),
        other_standing=_standing(standings[1]),
        opponents=opponents,
        aim="what is strong in each" if better else "parts of each",
    )


def attempts(shown: Sequence[tuple[float, str]], most: int, opponents: str = "", better: bool = True) -> str:
    """Ask for a warrior after those that were written before.

    ``shown``: score and source text of one or more, the best first; those that fit into ``MAX_SHOWN`` characters are
    shown, the first in any case. ``most`` is the number of warriors in a battle.
    """
    blocks: list[str] = []
    room = MAX_SHOWN
    for score, code in shown:
        room -= len(code)
        if room < 0 and blocks:
            break
        blocks.append(f"Score {score:.2f}:\n\n{_block(code)}")
    return _fill(
        "attempts.md",
        opponents=opponents,
        attempts="\n\n".join(blocks),
        scale=_scale(most),
        aim="is likely to do better than these" if better else "differs from these",
    )


def _scale(most: int) -> str:
    return f"where 1 is an even share and {most} is all"


def repair(error: str) -> str:
    """Ask again, after a reply that did not assemble."""
    return _fill("repair.md", error=_quoted(error[:MAX_ERROR]))


def opponents(shown: Sequence[Shown]) -> str:
    """The opponents' code, the latest that fit into ``MAX_SHOWN`` characters; ends with a blank line."""
    blocks: list[str] = []
    room = MAX_SHOWN
    for opponent in reversed(shown):
        room -= len(opponent.code)
        if room < 0:
            break
        blocks.append(_block(opponent.code))
    left_out = len(shown) - len(blocks)
    more = f" (and {left_out} older ones, not shown)" if left_out else ""
    return "\n\n".join([f"It will meet these warriors, all in one core{more}:", *reversed(blocks), ""])


def _standing(standing: Standing | None) -> str:
    if standing is None:
        return ""
    others = ", ".join(f"{_line(name)} {share:.2f}" for name, share in standing.opponents)
    scale = _scale(len(standing.opponents) + 1)
    return f"\nIt scores {standing.score:.2f} {scale}; in the same battles: {others}.\n"


def _assembles(text: str, rules: Rules) -> bool:
    try:
        assemble(text, rules)
    except RedcodeError:
        return False
    return True


def _list(rows: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{name} {meaning}" for name, meaning in rows)


def _block(code: str) -> str:
    return f"```redcode\n{_quoted(code)}\n```"


def _quoted(code: str) -> str:
    """Code without fences, so that it cannot end the block around it."""
    return code.replace("```", "'''").strip("\n")


def _line(text: str) -> str:
    """Foreign text as one short line."""
    return " ".join(text.split())[:200]


def _fill(template: str, **values: str) -> str:
    text = (files("drq.llm") / "prompts" / template).read_text().rstrip("\n")
    return re.sub(r"\[\[(\w+)\]\]", lambda match: values[match[1]], text)
