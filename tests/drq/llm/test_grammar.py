"""Every sentence of the grammar is a warrior."""

from __future__ import annotations

import re
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drq.llm.grammar import redcode_grammar
from drq.llm.prompts import bare
from drq.llm.reply import extract
from redcode import ICWS88, ICWS94, NANO, TINY, Rules, assemble
from redcode.isa import INSTRUCTION_TABLE, Mode, Modifier, Opcode
from redcode.language.icws88 import modes

RULES = [ICWS94, TINY, NANO, ICWS88]
_TOKEN = re.compile(r'"(?:\\.|[^"])*"|\[[^\]]*\]|\{\d+,\d+\}|[\w-]+|\||\?')


def sentence(grammar: str, random: Random) -> str:
    """A random sentence of a grammar in the part of GBNF that ours uses."""
    rules = dict(line.split(" ::= ", 1) for line in grammar.splitlines())

    def expand(name: str) -> str:
        alternatives: list[list[str]] = [[]]
        for token in _TOKEN.findall(rules[name]):
            if token == "|":
                alternatives.append([])
            else:
                alternatives[-1].append(token)
        tokens = random.choice(alternatives)
        text = ""
        for i, token in enumerate(tokens):
            following = tokens[i + 1] if i + 1 < len(tokens) else ""
            repeat = re.fullmatch(r"\{(\d+),(\d+)\}", following)
            low, high = (int(repeat[1]), int(repeat[2])) if repeat else ((0, 1) if following == "?" else (1, 1))
            text += "".join(one(token) for _ in range(random.randint(low, high)))
        return text

    def one(token: str) -> str:
        if token[0] == '"':
            return token[1:-1].replace("\\n", "\n")
        if token[0] == "[":
            return chr(random.randint(ord(token[1]), ord(token[3])))
        return "" if token[0] in "{?" else expand(token)

    return expand("root")


def code(grammar: str, random: Random) -> str:
    """The lines of a random block."""
    opening, *lines, closing = sentence(grammar, random).split("\n")
    assert (opening, closing) == ("```redcode", "```")
    return "\n".join(lines)


@pytest.mark.parametrize("rules", RULES, ids=["icws94", "tiny", "nano", "icws88"])
@settings(deadline=None, max_examples=30)
@given(random=st.randoms(use_true_random=True))
def test_every_sentence_is_read_as_a_warrior(rules: Rules, random: Random) -> None:
    text = sentence(redcode_grammar(rules), random)
    warrior = extract(text, rules).warrior
    assert warrior is not None
    assert len(warrior) == text.count("\n") - 1 and warrior.start == 0


def test_the_grammar_can_say_every_instruction() -> None:
    random = Random(0)
    grammar = redcode_grammar(ICWS94)
    cells = [cell for _ in range(60) for cell in assemble(code(grammar, random), ICWS94).code]
    assert {cell.opcode for cell in cells} == set(Opcode)
    assert {cell.modifier for cell in cells} == set(Modifier)
    assert {cell.a_mode for cell in cells} == {cell.b_mode for cell in cells} == set(Mode)
    assert max(cell.a for cell in cells) > 7000


def test_the_grammar_of_the_older_standard_can_say_all_that_it_allows() -> None:
    random, grammar = Random(0), redcode_grammar(ICWS88)
    cells = [cell for _ in range(60) for cell in assemble(code(grammar, random), ICWS88).code]
    allowed = {
        (opcode, *both) for opcode in Opcode if INSTRUCTION_TABLE[opcode].in_icws88 for both in product(*modes(opcode))
    }
    assert {(cell.opcode, cell.a_mode, cell.b_mode) for cell in cells} == allowed


@pytest.mark.parametrize("rules", RULES, ids=["icws94", "tiny", "nano", "icws88"])
def test_bare_text_is_in_the_grammar_and_means_the_same(rules: Rules) -> None:
    random = Random(1)
    for _ in range(20):
        warrior = assemble(code(redcode_grammar(rules), random), rules)
        assert assemble(bare(warrior, rules), rules) == warrior


def test_bare_text_keeps_the_start() -> None:
    for rules, text in (
        (ICWS94, "DAT 0, 0\nstart JMP start\nEND start"),
        (ICWS88, "DAT #0\nstart JMP start\nEND start"),
    ):
        warrior = assemble(text, rules)
        assert warrior.start == 1 and assemble(bare(warrior, rules), rules) == warrior
