"""From replies to sources: never an exception, never more work than the bounds allow."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drq.llm.reply import MAX_BLOCKS, MAX_SOURCE, Extract, extract
from redcode import ICWS94, NANO, Rules, Warrior, assemble

IMP = "MOV.I $0, $1"


@pytest.mark.parametrize(
    ("reply", "source"),
    [
        (IMP, IMP),
        (f"```\n{IMP}\n```", IMP),
        (f"```redcode\n{IMP}\n```", IMP),
        (f"~~~\n{IMP}\n~~~", IMP),
        (f"Sure!\n\n```redcode\n{IMP}\n```\nGood luck.", IMP),
        (f"  ```redcode\n{IMP}\n  ```", IMP),
        (f"```redcode\n{IMP}\n", IMP),
        (f"```redcode\r\n{IMP}\r\n```", IMP),
        (f"Here it is:\n\n{IMP}\n\nGood luck.", IMP),
        (f"Sure, here it is:\n\n{IMP}", IMP),
        (f"alone\n{IMP}\nJMP alone", f"alone\n{IMP}\nJMP alone"),
        (f"```\nMOV nonsense, 1\n```\nor rather\n```\n{IMP}\n```", IMP),
        (f"```\n{IMP}\n```\nor\n```\nJMP.B $0, $0\n```", "JMP.B $0, $0"),
        (f"```\nMOV nonsense, 1\n```\nor\n```\nMOV more.nonsense, 1\n{IMP}\n```", f"MOV more.nonsense, 1\n{IMP}"),
        (f"<think>\n```\nDAT 0, 0\n```\n</think>\n```\n{IMP}\n```", IMP),
        ("```\nMOV\x00.I $0,\t$1\n```\x1b[0m", "MOV .I $0, $1"),
        (f"```text\nno code here\n```\n```\n{IMP}\n```", IMP),
        (f"{IMP}\n```", IMP),
        (f"{IMP}\n```\nGood luck.", IMP),
        ("loop ADD #4, 3\n MOV 2, @2\n JMP loop\n DAT #0, #0", "loop ADD #4, 3\n MOV 2, @2\n JMP loop\n DAT #0, #0"),
    ],
)
def test_the_source_is_found(reply: str, source: str) -> None:
    found = extract(reply, ICWS94)
    assert found.source is not None and found.source.strip("\n") == source


def test_what_assembles_has_no_error() -> None:
    assert extract(f"```\n{IMP}\n```", ICWS94).error is None


def test_what_does_not_assemble_has_the_assemblers_message() -> None:
    found = extract("```\nMOV nonsense, 1\n```", ICWS94)
    assert found.source == "MOV nonsense, 1\n"
    assert found.error is not None and "nonsense" in found.error


@pytest.mark.parametrize(
    "reply", ["", " \n", "I'm sorry, I can't help with that.", "```\n```", "```", "no code\n```\nnone\n```"]
)
def test_nothing_is_said_to_be_nothing(reply: str) -> None:
    found = extract(reply, ICWS94)
    assert (found.source, found.error) == (None, "expected redcode in the reply, got none")


def test_a_line_cut_off_by_the_token_limit_is_left_out() -> None:
    assert extract(f"{IMP}\n{IMP}\nMOV.I $0", ICWS94, cut_off=True).source == f"{IMP}\n{IMP}"
    assert extract(f"```redcode\n{IMP}\nMOV.I $0", ICWS94, cut_off=True).source == IMP
    assert extract(f"```\n{IMP}\n```\nand as I sa", ICWS94, cut_off=True).source == f"{IMP}\n"
    assert extract(f"```\n{IMP}\n```", ICWS94, cut_off=True).source == f"{IMP}\n"
    assert extract(f"```\nHere:\n```\n{IMP}\nMOV.I $0, $1", ICWS94, cut_off=True).source == IMP
    assert extract(IMP, ICWS94, cut_off=True).error == "expected redcode in the reply, got none"


TICKS = "`" * 4


@pytest.mark.parametrize(
    ("reply", "source"),
    [
        *(
            (f"{begin}\n```\nDAT.F 0, 0\n```\n{end}\n```\n{IMP}\n```", IMP)
            for begin, end in [
                ("<think>", "</think>"),
                ("<thinking>", "</thinking>"),
                ("<seed:think>", "</seed:think>"),
                ("<reasoning>", "</reasoning>"),
                ("[THINK]", "[/THINK]"),
                ("◁think▷", "◁/think▷"),
                ("<|begin_of_thought|>", "<|end_of_thought|>"),
                ("<|channel>thought", "<channel|>"),
                ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
                ("analysis<|message|>", "<|channel|>final <|message|>"),
                ("<think>a; b", "a; b</think>"),
                ("the prompt began this", "</think>"),
            ]
        ),
        (f"<|channel|>final<|message|>{IMP}<|return|>", IMP),
        (f"```\n{IMP} ; not </think> the end\nDAT.F 0, 0\n```", f"{IMP} ; not </think> the end\nDAT.F 0, 0"),
        (f"```\n; <think> first\n{IMP}\n```", f"; <think> first\n{IMP}"),
        (f"```\n{IMP}\n```\n<think>or rather\n```\nDAT.F 0, 0\n```", IMP),
        (f"{TICKS}markdown\n```redcode\n{IMP}\n```\n{TICKS}", IMP),
        (f"{TICKS}\n```redcode\n{IMP}\n```", IMP),
        (f"~~~~\n```\n{IMP}\n```\n~~~~\nGood luck.", IMP),
        (f"{TICKS}\n{IMP}\n```\nGood luck.", IMP),
        (f"```redcode\nDAT.F 0, 0\n```redcode\n{IMP}\n```", IMP),
        ("MOV.I\u00a0$0,\u202f$1\u3000;\u200b x", "MOV.I $0, $1 ; x"),
    ],
)
def test_thoughts_fences_and_blanks(reply: str, source: str) -> None:
    found = extract(reply, ICWS94)
    assert found.source is not None and found.source.strip("\n") == source
    assert found.warrior == assemble(source, ICWS94)


@pytest.mark.parametrize(
    "begin", ["<think>", "<thinking>", "[THINK]", "◁think▷", "<|channel|>analysis<|message|>", "<|channel>thought"]
)
def test_a_thought_cut_off_by_the_limit_is_no_warrior(begin: str) -> None:
    found = extract(f"{begin}\nPerhaps\n```\n{IMP}\n```\nor", ICWS94, cut_off=True)
    assert found == Extract(
        None, "expected redcode in the reply, got none: it ends inside a thought, so llm.max_tokens may be too low"
    )


def test_the_last_block_that_is_not_the_parent_is_taken() -> None:
    parent, child, other = (f"```\n{code}\n```\n" for code in (IMP, "JMP.B $0, $0", "NOP.F $0, $0"))
    parents = {assemble(IMP, ICWS94).digest}
    for reply, source in [
        (parent + child, "JMP.B $0, $0\n"),
        (child + parent, "JMP.B $0, $0\n"),
        (child + other + parent, "NOP.F $0, $0\n"),
        (child + "```\nMOV nonsense, 1\n```", "JMP.B $0, $0\n"),
        (parent, f"{IMP}\n"),
    ]:
        assert extract(reply, ICWS94, parents).source == source


def test_the_rules_decide_what_assembles() -> None:
    reply = f"```\n{IMP}\n```\n```\n{f'{IMP}{chr(10)}' * 6}```"
    assert extract(reply, ICWS94).source == f"{IMP}\n" * 6
    assert extract(reply, NANO).source == f"{IMP}\n"


def test_a_block_may_be_too_long() -> None:
    found = extract(f"```\n{IMP}\n; {'x' * MAX_SOURCE}\n```", ICWS94)
    assert found.source is None and found.error is not None and "characters of code" in found.error


@pytest.mark.parametrize(
    "reply",
    [
        "a" + " " * 200_000 + "b",
        "`" * 200_000,
        "```\n" * 50_000,
        "~~~ x\n" * 30_000,
        " \n" * 100_000,
        "MOV 0, 1\n" * 22_000,
        "```\nMOV x, 1\n```\n" * 12_000,
        "x EQU x x\n" * 4_000 + "MOV x, x",
        "i FOR 99999\n" * 1000 + "DAT 0, 0",
        "MOV " + "(" * 40_000,
        "".join("`" * n + "\n" for n in range(600, 3, -1)),
        "".join(f"{'`' * (3 + n % 7)}a\n" for n in range(25_000)),
        "<think>x</think>" * 12_000,
        "; <think>" * 20_000,
        "<|a|> " * 33_000 + "x",
        "<aaaa" * 40_000,
        "MOV " + "-" * 40_000 + "1, 1",
    ],
)
def test_of_a_long_reply_a_few_blocks_of_bounded_length_are_assembled(
    reply: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths: list[int] = []

    def counting(text: str, rules: Rules) -> Warrior:
        lengths.append(len(text))
        return assemble(text, rules)

    monkeypatch.setattr("drq.llm.reply.assemble", counting)
    extract(reply, ICWS94)
    assert len(lengths) <= MAX_BLOCKS and max(lengths, default=0) <= MAX_SOURCE


@settings(deadline=None)
@given(st.text() | st.text(alphabet="`~\n MOVDAT.I,$01;x\r\x00\ud800"), st.booleans())
def test_any_text_gives_a_value(reply: str, cut_off: bool) -> None:
    found = extract(reply, NANO, cut_off=cut_off)
    assert (found.source is None) <= (found.error is not None)
    if found.error is None:
        assert found.source is not None and assemble(found.source, NANO)
    if found.source is not None:
        found.source.encode()
        assert all(c == "\n" or c.isprintable() or ord(c) > 0x9F for c in found.source)
    assert extract(reply, NANO, cut_off=cut_off) == found


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_give_a_value(reply: bytes) -> None:
    found = extract(reply.decode("latin-1"), NANO)
    assert found.source is not None or found.error


@settings(deadline=None)
@given(st.recursive(st.none() | st.text(), st.lists))
def test_json_is_not_code(value: object) -> None:
    assert extract(json.dumps(value), NANO) == Extract(None, "expected redcode in the reply, got none")
