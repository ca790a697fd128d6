"""The genetic operator: always a legal warrior, varied, and a function of its generator alone."""

from __future__ import annotations

import asyncio
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from drq.candidate import Elite, Evaluation, Kind
from drq.operators.base import Request
from drq.operators.code import Code
from drq.operators.genetic import GeneticOperator, Settings, crossover, graft, mutate, new
from drq.operators.idioms import FRAGMENTS, fragment
from drq.operators.vocabulary import Odds, Vocabulary
from drq.opponents.names import Opponent
from redcode import ICWS88, ICWS94, NANO, TINY, Rules, Warrior, assemble, builtin, disassemble
from redcode.isa import INSTRUCTION_TABLE, Instruction, Mode, Modifier, Opcode
from redcode.language import icws88
from redcode.machine.unused import used_code

RULES = [NANO, TINY, ICWS94, ICWS88]
SEEDS = st.integers(0, 2**32)


def request(kind: Kind, rules: Rules, seed: int, parents: tuple[Warrior, ...] = ()) -> Request:
    imp = assemble("MOV 0, 1\n", rules)
    chosen = tuple(
        Elite(i, disassemble(p, rules), p, Evaluation(1.0, 1.0, {}, ()), 1.0) for i, p in enumerate(parents, 1)
    )
    return Request(0, 5, kind, chosen, (Opponent(imp, ""),), rules, np.random.default_rng(seed))


def propose(request: Request, settings: Settings = Settings("genetic")) -> str:  # noqa: B008 - it is frozen
    """The text of a proposal, which assembles to the warrior that comes with it."""
    proposal = asyncio.run(GeneticOperator(settings).propose(request))
    assert proposal.operator == "genetic" and proposal.source is not None, proposal.error
    warrior = assemble(proposal.source, request.rules)
    written = proposal.warrior
    assert written is not None and (written.code, written.start) == (warrior.code, warrior.start)
    assert (written.name, written.digest) == (warrior.name, warrior.digest)
    return proposal.source


@settings(max_examples=60, deadline=None)
@given(
    SEEDS,
    st.sampled_from(RULES),
    st.sampled_from([Kind.NEW, Kind.MUTATE, Kind.CROSSOVER]),
    st.booleans(),
    st.sampled_from(Odds),
)
def test_every_proposal_assembles_under_its_rules(
    seed: int, rules: Rules, kind: Kind, fragments: bool, odds: Odds
) -> None:
    count = {Kind.NEW: 0, Kind.MUTATE: 1, Kind.CROSSOVER: 2}[kind]
    parents = tuple(assemble(propose(request(Kind.NEW, rules, seed + i + 1)), rules) for i in range(count))
    own = Settings("genetic", fragments=fragments, vocabulary=odds)
    warrior = assemble(propose(request(kind, rules, seed, parents), own), rules)
    assert 1 <= len(warrior) <= rules.max_length and warrior.start < len(warrior)


def test_the_same_generator_writes_the_same_text_and_another_does_not() -> None:
    assert propose(request(Kind.NEW, ICWS94, 1)) == propose(request(Kind.NEW, ICWS94, 1))
    texts = {propose(request(Kind.NEW, ICWS94, seed)) for seed in range(200)}
    assert len({assemble(text).digest for text in texts}) > 195


@pytest.mark.parametrize("kind", [Kind.MUTATE, Kind.CROSSOVER])
def test_a_proposal_is_made_of_its_parents(kind: Kind) -> None:
    parents = (builtin("scanner"), builtin("paper"))[: 1 if kind is Kind.MUTATE else 2]
    children = [assemble(propose(request(kind, ICWS94, seed, parents))) for seed in range(200)]
    codes = [Counter(parent.code) for parent in parents]
    shares = [np.mean([(Counter(child.code) & code).total() / len(child) for child in children]) for code in codes]
    assert sum(shares) > 0.7 and min(shares) > 0.2


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.sampled_from(["dwarf", "paper", "scanner"]))
def test_a_mutation_changes_something(seed: int, name: str) -> None:
    parent = Code.of(builtin(name))
    assert mutate(parent, Vocabulary(np.random.default_rng(seed), ICWS94), 1.0)[0] != parent


def test_a_mutation_keeps_most_of_its_parent() -> None:
    parent = Code.of(builtin("scanner"))
    children = [mutate(parent, Vocabulary(np.random.default_rng(seed), ICWS94), 1.0)[0] for seed in range(200)]
    kept = [(Counter(child.instructions) & Counter(parent.instructions)).total() / len(parent) for child in children]
    assert np.mean(kept) > 0.7
    assert np.median([abs(len(child) - len(parent)) for child in children]) <= 1


def test_every_edit_keeps_to_the_longest_warrior_allowed() -> None:
    rng = np.random.default_rng(0)
    full = Code(assemble("NOP.F $0, $0\n" * NANO.max_length, NANO).code, 0)
    for _ in range(300):
        assert 1 <= len(mutate(full, Vocabulary(rng, NANO), 3.0)[0]) <= NANO.max_length
        assert 1 <= len(crossover(full, full, rng, NANO)) <= NANO.max_length


def test_no_edit_leaves_nothing() -> None:
    one = Code.of(assemble("MOV 0, 1\n"))
    assert min(len(mutate(one, Vocabulary(np.random.default_rng(seed), ICWS94), 1.0)[0]) for seed in range(200)) == 1


def test_half_of_the_crossovers_are_aligned() -> None:
    rng, code = np.random.default_rng(0), Code.of(assemble("NOP 0, 0\n" * 50))
    assert 0.45 < np.mean([len(crossover(code, code, rng, ICWS94)) == 50 for _ in range(1000)]) < 0.55


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_a_crossover_is_a_head_and_a_tail(seed: int) -> None:
    one, other = Code.of(builtin("dwarf")), Code.of(builtin("paper"))
    child = crossover(one, other, np.random.default_rng(seed), ICWS94).instructions
    assert any(
        child == one.instructions[:cut] + other.instructions[tail:]
        for cut in range(1, len(one) + 1)
        for tail in range(len(other))
    )


def test_new_warriors_use_the_whole_language() -> None:
    vocabulary = Vocabulary(np.random.default_rng(0), ICWS94)
    code = [cell for _ in range(2000) for cell in new(vocabulary, 8.0).instructions]
    assert {cell.opcode for cell in code} == set(Opcode)
    assert {mode for cell in code for mode in (cell.a_mode, cell.b_mode)} == set(Mode)
    counts = {opcode: sum(cell.opcode is opcode for cell in code) for opcode in Opcode}
    assert counts[Opcode.MOV] > counts[Opcode.ADD] > counts[Opcode.MUL]
    lengths = [len(new(vocabulary, 8.0)) for _ in range(500)]
    assert min(lengths) <= 3 and max(lengths) > 15


def test_two_new_warriors_in_three_are_made_of_fragments(monkeypatch: pytest.MonkeyPatch) -> None:
    single = Code.of(assemble("DAT 0, 0\n"))
    monkeypatch.setattr("drq.operators.genetic.random_code", lambda vocabulary, length: single)
    vocabulary = Vocabulary(np.random.default_rng(0), ICWS94)
    assert 0.6 < np.mean([new(vocabulary, 8.0) != single for _ in range(1000)]) < 0.74


@pytest.mark.parametrize("rules", [ICWS94, ICWS88])
def test_an_instruction_uses_what_its_standard_has_and_mostly_the_default_modifier(rules: Rules) -> None:
    vocabulary = Vocabulary(np.random.default_rng(0), rules)
    code = [vocabulary.instruction(2, 10) for _ in range(2000)]
    old = rules is ICWS88
    assert {mode for cell in code for mode in (cell.a_mode, cell.b_mode)} == set(icws88.MODES if old else Mode)
    assert {cell.opcode for cell in code} == {op for op in Opcode if not old or INSTRUCTION_TABLE[op].in_icws88}
    choose = {opcode: info.default_modifier.choose for opcode, info in INSTRUCTION_TABLE.items()}
    default = [cell.modifier is choose[cell.opcode](cell.a_mode, cell.b_mode) for cell in code]
    assert all(default) if old else 0.65 < np.mean(default) < 0.8


def test_a_number_mostly_points_into_the_warrior_or_near() -> None:
    vocabulary = Vocabulary(np.random.default_rng(0), ICWS94)
    numbers = [vocabulary.number(2, 20) for _ in range(2000)]
    assert all(0 <= number < 8000 for number in numbers)
    distances = [number - 8000 if number >= 4000 else number for number in numbers]
    assert 0.45 < np.mean([-2 <= distance < 18 for distance in distances]) < 0.75
    assert 0.2 < np.mean([not -8 <= distance < 18 for distance in distances]) < 0.3


def test_a_change_draws_one_part_anew_and_numbers_may_step_or_be_copied() -> None:
    vocabulary = Vocabulary(np.random.default_rng(0), ICWS94)
    code = assemble("MOV.I $7999, @2000\nADD.AB #3000, >4000\n").code
    changes = [vocabulary.changed(code, 0)._asdict() for _ in range(4000)]
    old = code[0]._asdict()
    parts = [{name for name, value in change.items() if value != old[name]} for change in changes]
    assert all(len(names - {"modifier"}) <= 1 for names in parts) and set().union(*parts) == set(old)
    assert all(0 <= change["a"] < 8000 for change in changes)
    numbers = [change["a"] for change in changes if change["a"] != old["a"]]
    assert 0.15 < np.mean([number in (7996, 7997, 7998) for number in numbers]) < 0.3
    assert 0.1 < np.mean([number in (2000, 3000, 4000) for number in numbers]) < 0.25


@pytest.mark.parametrize("name", FRAGMENTS)
def test_every_fragment_assembles(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drq.operators.idioms._TEXTS", [FRAGMENTS[name][1]])
    monkeypatch.setattr("drq.operators.idioms._ODDS", np.array([1.0]))
    rng = np.random.default_rng(0)
    lines = {len(fragment(rng, ICWS94)) for _ in range(50)}
    assert lines == {FRAGMENTS[name][1].count("\n") + 1}


def replicators(written: list[tuple[Instruction, ...]]) -> int:
    """How many of the codes hold the two instructions with which a textbook's replicator copies itself forward."""
    first, second = assemble("SPL @0, 0\nMOV }-1, >-1\n").code
    return sum(
        any(
            (a.opcode, a.a_mode, a.a) == (first.opcode, first.a_mode, first.a) and b == second
            for a, b in pairwise(code)
        )
        for code in written
    )


def test_without_fragments_none_is_written() -> None:
    found = {}
    for fragments in (True, False):
        vocabulary = Vocabulary(np.random.default_rng(0), ICWS94, fragments=fragments)
        written = [new(vocabulary, 8.0).instructions for _ in range(1500)]
        imp = Code.of(builtin("imp"))
        written += [mutate(imp, vocabulary, 3.0)[0].instructions for _ in range(1500)]
        found[fragments] = replicators(written)
    assert found[True] > 100 and found[False] == 0


@pytest.mark.parametrize("rules", [ICWS94, ICWS88])
def test_uniform_odds_are_even(rules: Rules) -> None:
    """Pearson's test, of numbers by tenths of the core; the habits of players fail it."""
    for odds in Odds:
        vocabulary = Vocabulary(np.random.default_rng(0), rules, odds)
        code = [vocabulary.instruction(2, 10) for _ in range(3000)]
        old = rules is ICWS88
        drawn: list[tuple[list[object], int]] = [
            ([cell.opcode for cell in code], sum(not old or info.in_icws88 for info in INSTRUCTION_TABLE.values())),
            ([cell.a_mode for cell in code], len(icws88.MODES) if old else len(Mode)),
            ([cell.b * 10 // rules.core_size for cell in code], 10),
        ]
        if not old:
            drawn.append(([cell.modifier for cell in code], len(Modifier)))
        for values, kinds in drawn:
            counts = list(Counter(values).values())
            p = stats.chisquare(counts + [0] * (kinds - len(counts))).pvalue
            assert p > 0.001 if odds is Odds.UNIFORM else p < 1e-6


def test_references_follow_their_instruction() -> None:
    source = "loop ADD #2, bomb\nMOV bomb, @bomb\nJMP loop\nbomb DAT #0, #5000\n"
    code = Code.of(assemble(source))
    lines = list(enumerate(code.instructions))
    added = assemble("NOP 17, 18\n").code[0]
    lines.insert(1, (None, added))
    expected = "loop ADD #2, bomb\nNOP 17, 18\nMOV bomb, @bomb\nJMP loop\nbomb DAT #0, #5000\n"
    assert code.rearranged(lines, 8000).instructions == assemble(expected).code
    swapped = [lines[3], lines[0], lines[2], lines[4]]
    expected = "JMP loop\nloop ADD #2, bomb\nMOV bomb, @bomb\nbomb DAT #0, #5000\n"
    assert code.rearranged(swapped, 8000) == Code(assemble(expected).code, 1)


def test_references_to_what_is_gone_keep_their_distance() -> None:
    code = Code.of(assemble("ADD #4, 3\nMOV 2, @2\nJMP -2\nDAT 0, 0\n"))
    left = [(i, cell) for i, cell in enumerate(code.instructions) if i != 3]
    assert code.rearranged(left, 8000).instructions == code.instructions[:3]
    start_gone = Code(code.instructions, 3).rearranged(left, 8000)
    assert start_gone.start == 2


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.sampled_from(["dwarf", "paper"]), st.sampled_from(["stone", "scanner"]))
def test_a_graft_is_all_of_one_and_a_block_of_the_other(seed: int, one: str, other: str) -> None:
    parent, lender = Code.of(builtin(one)), Code.of(builtin(other))
    child = graft(parent, lender, np.random.default_rng(seed), ICWS94).instructions
    size = len(child) - len(parent)
    assert size >= 1
    blocks = [lender.instructions[low : low + size] for low in range(len(lender) - size + 1)]
    places = [at for at in range(len(parent) + 1) if child[at : at + size] in blocks]
    assert any(
        [cell.opcode for cell in (*child[:at], *child[at + size :])] == [cell.opcode for cell in parent.instructions]
        for at in places
    )


def test_a_graft_into_a_full_warrior_takes_the_place_of_as_much() -> None:
    full = Code(assemble("NOP.F $0, $0\n" * NANO.max_length, NANO).code, 0)
    lender = Code(assemble("JMP.B $1, $0\n" * NANO.max_length, NANO).code, 0)
    rng = np.random.default_rng(0)
    children = [graft(full, lender, rng, NANO) for _ in range(200)]
    assert all(1 <= len(child) <= NANO.max_length for child in children)
    assert np.mean([len(child) == NANO.max_length for child in children]) > 0.9


def test_a_mutation_may_borrow_a_block_of_an_opponent() -> None:
    parent, shares = builtin("scanner"), {}
    for borrow in (0.0, 1.0):
        asked = [request(Kind.MUTATE, ICWS94, seed, (parent,)) for seed in range(200)]
        children = [assemble(propose(one, Settings("genetic", borrow=borrow))) for one in asked]
        lent = Counter(asked[0].opponents[0].warrior.code)
        shares[borrow] = np.mean([bool(Counter(child.code) & lent) for child in children])
    assert shares[1.0] == 1 and shares[0.0] < 0.05


def test_a_crossover_may_put_a_block_of_one_parent_into_all_of_the_other() -> None:
    parents = builtin("scanner"), builtin("paper")
    opcodes = Counter(cell.opcode for cell in parents[0].code)
    shares = {}
    for borrow in (0.0, 1.0):
        asked = [request(Kind.CROSSOVER, ICWS94, seed, parents) for seed in range(200)]
        children = [assemble(propose(one, Settings("genetic", borrow=borrow))) for one in asked]
        whole = [opcodes <= Counter(cell.opcode for cell in child.code) for child in children]
        shares[borrow] = np.mean(whole)
    assert shares[1.0] > 0.6 and shares[0.0] < 0.3


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.sampled_from(["dwarf", "imp", "gate_bomber"]), st.sampled_from([Kind.MUTATE, Kind.CROSSOVER]))
def test_an_effective_change_is_one_of_what_is_used(seed: int, name: str, kind: Kind) -> None:
    parents = (builtin(name), builtin("dwarf"))[: 1 if kind is Kind.MUTATE else 2]
    child = assemble(propose(request(kind, ICWS94, seed, parents), Settings("genetic", effective=True)))
    assert used_code(child) not in {used_code(parent) for parent in parents}


def test_without_it_some_changes_have_no_effect() -> None:
    parent = assemble("JMP 0, 0\nSPL 0, 0\nJMP -1, 0\n")
    children = [assemble(propose(request(Kind.MUTATE, ICWS94, seed, (parent,)))) for seed in range(100)]
    assert sum(used_code(child) == used_code(parent) for child in children) > 10
