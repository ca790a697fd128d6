"""From a model's reply to a warrior: a pure function of the text, so that a recorded reply always gives the same.

Whatever the text is, the work is bounded and the answer is a value.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from redcode import RedcodeError, Rules, Warrior, assemble
from redcode.isa import MNEMONICS

MAX_SOURCE = 50_000
"""Characters of one warrior's source; 100 instructions with their comments take about 5000."""
MAX_BLOCKS = 8
"""Blocks of one reply that are tried, the last ones."""
MAX_LINE = 200
"""Characters of a line that are looked at to see whether it is redcode."""
MAX_DEPTH = 3
"""Fences inside fences that are opened."""

_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[ \t]*([^\n`]*)$", re.MULTILINE)
_CODE_LINE = re.compile(
    rf"\s*(;|(([A-Za-z_]\w*\s*:?\s+)?({'|'.join(MNEMONICS)}|ORG|END|EQU|PIN|FOR|ROF)(\s|\.|;|$)))", re.IGNORECASE
)
_TAGS = r"(?:\w+:)?(?:think|thinking|thoughts?|reasoning)"
_MARK = re.compile(
    rf"(?P<end></{_TAGS}>|\[/THINK\]|◁/think▷|<\|end_of_thought\|>|<\|channel\|>\s*final\b(?:\s*<\|message\|>)?|<channel\|>)"
    rf"|<{_TAGS}>|\[THINK\]|◁think▷|<\|begin_of_thought\|>|<\|channel\|?>|\b(?:analysis|commentary)<\|message\|>",
    re.IGNORECASE,
)
"""Where models that think aloud begin and end a thought."""
_BLANKS = re.compile(r"[\x00-\x09\x0e-\x1f\x7f-\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]|[\ud800-\udfff]")


@dataclass(frozen=True)
class Extract:
    """What a reply holds: a source or None, its warrior, and the reason why there is none."""

    source: str | None
    error: str | None
    warrior: Warrior | None = None


def extract(reply: str, rules: Rules, parents: Collection[str] = (), cut_off: bool = False) -> Extract:
    """The last block of ``reply`` that assembles and is no parent, or else its longest with the assembler's message.

    Blocks are the texts between fences; without fences they are the whole text and its longest stretch of lines that
    look like redcode, and without code between fences this stretch alone. Thoughts are left out. ``parents`` are
    digests. ``cut_off``: the model reached its token limit, so its unfinished last line is left out.
    """
    text, thinking = _without_thoughts(_clean(reply))
    failures: list[Extract] = []
    copies: list[Extract] = []
    for block in _candidates(text, cut_off)[:MAX_BLOCKS]:
        if len(block) > MAX_SOURCE:
            failures.append(Extract(None, f"expected at most {MAX_SOURCE} characters of code, got {len(block)}"))
            continue
        try:
            warrior = assemble(block, rules)
        except RedcodeError as error:
            failures.append(Extract(block, str(error)))
            continue
        found = Extract(block, None, warrior)
        if warrior.digest not in parents:
            return found
        copies.append(found)
    if copies:
        return copies[0]
    if failures:
        return max(failures, key=lambda failure: len(failure.source or ""))
    ending = ": it ends inside a thought, so llm.max_tokens may be too low" if thinking else ""
    return Extract(None, f"expected redcode in the reply, got none{ending}")


def _clean(reply: str) -> str:
    """Plain lines: control characters and all kinds of blanks become spaces; characters without width are left out."""
    text = re.sub(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]", "\n", reply)
    text = re.sub(r"[\u200b-\u200d\u2060\ufeff]", "", text)
    return re.sub(r"<\|\w{1,40}\|>(?=\s*\Z)", "", _BLANKS.sub(" ", text))


def _without_thoughts(text: str) -> tuple[str, bool]:
    """``text`` without what the model thought aloud, and whether it ends inside a thought.

    A mark in a comment counts only as the end of a thought. Outside comments, an end mark without a begin mark ends a
    thought that the prompt began, so everything before it is left out.
    """
    kept: list[str] = []
    start, thinking = 0, False
    for mark in _MARK.finditer(text):
        line = text[text.rfind("\n", 0, mark.start()) + 1 : mark.start()]
        if not thinking and ";" in line:
            continue
        if mark["end"]:
            kept = kept if thinking else []
            start, thinking = mark.end(), False
        elif not thinking:
            kept.append(text[start : mark.start()])
            thinking = True
    return "\n".join([*kept, *([] if thinking else [text[start:]])]), thinking


def _candidates(text: str, cut_off: bool) -> list[str]:
    """What may be a warrior, the likeliest first."""
    blocks = _blocks(text, cut_off)[::-1]
    if not _FENCE.search(text):
        blocks.append(_longest_stretch(blocks[0]))
    elif not any(map(_holds_code, blocks)):  # the fence that opens the block can be in the prompt
        blocks.append(_longest_stretch(_finished(text, cut_off)))
    return list(filter(_holds_code, dict.fromkeys(blocks)))


def _blocks(text: str, cut_off: bool, depth: int = MAX_DEPTH) -> list[str]:
    """The texts between fences, in order, also of fences inside fences; without fences the whole text."""
    fences = list(_FENCE.finditer(text))
    if not fences or not depth:
        return [_finished(text, cut_off)]
    blocks: list[str] = []
    at = 0
    while at < len(fences):
        end = _closing(fences, at)
        closed = end < len(fences)
        inside = text[fences[at].end() + 1 : fences[end].start() if closed else len(text)]
        blocks += _blocks(inside, cut_off and not closed, depth - 1)
        at = end if closed and fences[end][2].strip() else end + 1
    return blocks


def _closing(fences: list[re.Match[str]], opening: int) -> int:
    """Index of the fence that ends the block, or ``len(fences)`` if there is no such fence.

    It is the next one that is at least as long, else the next one without a word: a word begins another block.
    """
    mark = fences[opening][1]
    shorter: int | None = None
    for at in range(opening + 1, len(fences)):
        if fences[at][1].startswith(mark):
            return at
        if shorter is None and fences[at][1][0] == mark[0] and not fences[at][2].strip():
            shorter = at
    return len(fences) if shorter is None else shorter


def _finished(text: str, cut_off: bool) -> str:
    """``text`` without the last line that the token limit cut off."""
    return text.rpartition("\n")[0] if cut_off else text


def _holds_code(block: str) -> bool:
    return any(map(_is_code, block.split("\n")))


def _is_code(line: str) -> bool:
    return _CODE_LINE.match(line[:MAX_LINE]) is not None


def _longest_stretch(text: str) -> str:
    """The longest run of lines that look like redcode, blank lines included."""
    best: list[str] = []
    run: list[str] = []
    for line in text.split("\n"):
        if not line.strip() or _is_code(line):
            run.append(line)
        else:
            best, run = (run if len(run) > len(best) else best), []
    return "\n".join(run if len(run) > len(best) else best).strip("\n")
