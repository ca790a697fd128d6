"""From a model's reply to a warrior: a pure function of the text, so that a recorded reply always gives the same.

Whatever the text is, the work is bounded and the answer is a value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from redcode import RedcodeError, Rules, assemble
from redcode.isa import MNEMONICS

MAX_SOURCE = 50_000
"""Characters of one warrior's source; 100 instructions with their comments take about 5000."""
MAX_BLOCKS = 8
"""Blocks of one reply that are tried."""
MAX_LINE = 200
"""Characters of a line that are looked at to see whether it is redcode."""

_FENCE = re.compile(r"^[ \t]*(```+|~~~+)[^\n]*$", re.MULTILINE)
_CODE_LINE = re.compile(
    rf"\s*(;|(([A-Za-z_]\w*\s*:?\s+)?({'|'.join(MNEMONICS)}|ORG|END|EQU|PIN|FOR|ROF)(\s|\.|;|$)))", re.IGNORECASE
)


@dataclass(frozen=True)
class Extract:
    """What a reply holds: a source or None, and the reason why there is none or why it does not assemble."""

    source: str | None
    error: str | None


def extract(reply: str, rules: Rules, cut_off: bool = False) -> Extract:
    """The first block of ``reply`` that assembles, or else its longest with the assembler's message.

    Blocks are what stands in fences; without fences the whole text, then its longest stretch of lines that look like
    redcode. ``cut_off`` says that the model was stopped by its token limit: its last line, begun and not ended, is left
    out.
    """
    blocks = _blocks(_clean(reply), cut_off)[:MAX_BLOCKS]
    failures: list[Extract] = []
    for block in blocks:
        if len(block) > MAX_SOURCE:
            failures.append(Extract(None, f"expected at most {MAX_SOURCE} characters of code, got {len(block)}"))
            continue
        try:
            assemble(block, rules)
        except RedcodeError as error:
            failures.append(Extract(block, str(error)))
        else:
            return Extract(block, None)
    if not failures:
        return Extract(None, "expected redcode in the reply, got none")
    return max(failures, key=lambda failure: len(failure.source or ""))


def _clean(reply: str) -> str:
    """Plain lines: control characters become spaces, and what a model thought aloud is left out."""
    text = reply.rpartition("</think>")[2]
    text = re.sub(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]", "\n", text)
    return re.sub(r"[\x00-\x09\x0e-\x1f\x7f-\x9f]|[\ud800-\udfff]", " ", text)


def _blocks(text: str, cut_off: bool) -> list[str]:
    fences = list(_FENCE.finditer(text))
    ends = [fence.start() for fence in fences[1::2]]
    open_ended = len(fences) % 2 == 1 or not fences
    if cut_off and open_ended:
        text = text.rpartition("\n")[0]
    ends += [len(text)] * (len(fences) % 2)
    blocks = [text[fence.end() + 1 : end] for fence, end in zip(fences[::2], ends, strict=True)] if fences else [text]
    if not fences:
        blocks.append(_longest_stretch(text))
    return [block for block in dict.fromkeys(blocks) if any(map(_is_code, block.split("\n")))]


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
