"""Classical genetic programming on redcode: no model, no network, thousands of proposals a second.

It is the default operator and the control for a language model. It knows the instruction table, the habits of the game
(``vocabulary``) and fragments of textbooks (``idioms``), but no warrior. ``fragments=False`` and ``vocabulary=uniform``
take that knowledge away: the instruction table alone is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drq.candidate import Kind
from drq.config import RunConfig
from drq.errors import ConfigError
from drq.llm.calls import CallLog
from drq.operators.base import Proposal, Request
from drq.operators.code import Code, Line
from drq.operators.idioms import fragment, side_by_side
from drq.operators.numbers import Numbers
from drq.operators.rates import BEGINS, Rates
from drq.operators.vocabulary import Odds, Vocabulary
from drq.plain import check_at_least, from_mapping
from redcode import RedcodeError, Rules, Warrior, disassemble
from redcode.machine.unused import used_code

AUTHOR = "drq genetic"
MAX_DRAWS = 50


@dataclass(frozen=True)
class Settings:
    """``operator=genetic``."""

    name: str
    in_flight: int = 1
    """The lag L of the pipeline; 1 makes every proposal see every earlier result."""
    new_length: float = 8.0
    """Mean length, in instructions, of a new warrior that is not made of fragments."""
    edits: float = 1.5
    """Mean number of edits in a mutation, at least 1."""
    fragments: bool = True
    """Whether new code may be made of the fragments of ``idioms``; without them it is single instructions."""
    vocabulary: Odds = Odds.PLAYERS
    """The odds of opcodes, modes, modifiers and numbers in new code."""
    numbers: Numbers = Numbers.NEAR
    """How a mutation changes a number."""
    borrow: float = 0.0
    """Probability that a mutation puts in a block of an opponent's code, and that a crossover puts a block of the other
    parent's code into the first parent instead of joining head and tail."""
    learn: bool = False
    """Whether the rates of the edits are learnt from what the archive takes (``rates``)."""
    effective: bool = False
    """Whether a child is drawn again while it differs from its parents only in what its instructions do not use."""

    def __post_init__(self) -> None:
        """Check every range."""
        for name in ("in_flight", "new_length", "edits"):
            check_at_least(f"operator.{name}", getattr(self, name), 1)
        if not 0 <= self.borrow <= 1:
            raise ConfigError(f"expected operator.borrow to be a probability, got {self.borrow}")


def build(config: RunConfig, log: CallLog) -> GeneticOperator:
    """The operator that ``config.operator`` describes; it makes no calls."""
    return GeneticOperator(from_mapping(Settings, config.operator, "operator"))


class GeneticOperator:
    """New warriors, mutation and crossover, all drawn from the request's own generator."""

    name = "genetic"
    usage = None

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._rates = Rates(dict(zip((edit.__name__[1:] for edit in _EDITS), _WEIGHTS, strict=True)))
        self.in_flight = settings.in_flight

    async def propose(self, request: Request) -> Proposal:
        """Write a warrior; draw again while it is a copy that ``effective`` refuses, or ICWS'88 forbids its modes."""
        name = f"{request.kind} {request.round}.{request.iteration}"
        refused = [used_code(parent.warrior) for parent in request.parents] if self._settings.effective else []
        odds = self._rates.learnt(request.round, request.attempts) if self._settings.learn else _WEIGHTS
        proposal = Proposal(self.name, None)
        for _ in range(MAX_DRAWS):
            code, edits = self._code(request, odds)
            author = BEGINS + ", ".join(edits) if edits and self._settings.learn else self.name
            warrior = Warrior(code.instructions, code.start, name=name, author=AUTHOR)
            try:
                proposal = Proposal(author, disassemble(warrior, request.rules), warrior=warrior)
            except RedcodeError as error:
                proposal = Proposal(author, None, str(error))
            if proposal.warrior and not (refused and used_code(warrior) in refused):
                break
        return proposal

    async def close(self) -> None:
        """Nothing to release."""

    def _code(self, request: Request, odds: Sequence[float]) -> tuple[Code, list[str]]:
        """A child, and the names of a mutation's edits."""
        rng, rules = request.rng, request.rules
        settings = self._settings
        vocabulary = Vocabulary(rng, rules, settings.vocabulary, settings.fragments, settings.numbers)
        parents = [Code.of(parent.warrior) for parent in request.parents]
        if request.kind is Kind.NEW:
            return new(vocabulary, settings.new_length), []
        borrows = settings.borrow > 0 and rng.random() < settings.borrow
        if request.kind is Kind.CROSSOVER:
            join = graft if borrows else crossover
            child = join(parents[0], parents[1], rng, rules)
            return child if rng.random() < 0.5 else mutate(child, vocabulary, 1.0)[0], []
        if borrows and request.opponents:
            lender = request.opponents[int(rng.integers(len(request.opponents)))]
            return graft(parents[0], Code.of(lender.warrior), rng, rules), []
        return mutate(parents[0], vocabulary, settings.edits, odds)


def new(vocabulary: Vocabulary, mean_length: float) -> Code:
    """A new warrior: fragments in a row two times out of three, if there are any, else single instructions."""
    in_a_row = vocabulary.fragments and vocabulary.rng.random() < 0.67
    return assembled_of_fragments(vocabulary) if in_a_row else random_code(vocabulary, mean_length)


def random_code(vocabulary: Vocabulary, mean_length: float) -> Code:
    """Single instructions, at least 2 where the rules allow; the length is geometrically distributed."""
    rng, rules = vocabulary.rng, vocabulary.rules
    length = min(1 + int(rng.geometric(1 / mean_length)), rules.max_length)
    return Code(tuple(vocabulary.instruction(index, length) for index in range(length)), int(rng.integers(length)))


def assembled_of_fragments(vocabulary: Vocabulary) -> Code:
    """Up to four ``SPL $1``, then two to five of the fragments of ``idioms``."""
    rng, rules = vocabulary.rng, vocabulary.rules
    code = side_by_side(int(rng.integers(5)), rules)
    for _ in range(int(rng.integers(2, 6))):
        code += fragment(rng, rules)
    return Code(code[: rules.max_length], 0) if code else random_code(vocabulary, 2.0)


def mutate(
    code: Code, vocabulary: Vocabulary, mean_edits: float, odds: Sequence[float] | None = None
) -> tuple[Code, list[str]]:
    """``code`` after one edit or more, and their names; their number is geometric with the given mean.

    ``odds`` are those of the edits.
    """
    before, edits = code, []
    for _ in range(int(vocabulary.rng.geometric(1 / mean_edits))):
        edit = _EDITS[int(vocabulary.rng.choice(len(_EDITS), p=odds or _WEIGHTS))]
        code = edit(code, vocabulary)
        edits.append(edit.__name__[1:])
    while code == before:
        code = _change(code, vocabulary)
    return code, edits


def crossover(one: Code, other: Code, rng: np.random.Generator, rules: Rules) -> Code:
    """The head of ``one`` and the tail of ``other``, each cut at random; half the time at the same place."""
    cut = int(rng.integers(1, len(one) + 1))
    from_other = min(cut, len(other) - 1) if rng.random() < 0.5 else int(rng.integers(len(other)))
    head = one.instructions[:cut]
    return Code((head + other.instructions[from_other:])[: rules.max_length], min(one.start, cut - 1))


def graft(code: Code, other: Code, rng: np.random.Generator, rules: Rules) -> Code:
    """``code`` with a block of ``other``: put in between, or in the place of as many instructions where it is full."""
    low, high = _block(other, rng)
    block: list[Line] = [(None, instruction) for instruction in other.instructions[low:high]]
    lines, index = _lines(code), int(rng.integers(len(code) + 1))
    lines[index : index + max(0, len(code) + len(block) - rules.max_length)] = block
    return code.rearranged(lines[: rules.max_length], rules.core_size)


def _change(code: Code, vocabulary: Vocabulary) -> Code:
    """Another opcode, modifier, mode or field in one instruction."""
    index = int(vocabulary.rng.integers(len(code)))
    changed = vocabulary.changed(code.instructions, index)
    return Code((*code.instructions[:index], changed, *code.instructions[index + 1 :]), code.start)


def _insert(code: Code, vocabulary: Vocabulary) -> Code:
    """A new instruction somewhere, or now and then a fragment."""
    rng, rules = vocabulary.rng, vocabulary.rules
    index = int(rng.integers(len(code) + 1))
    whole = vocabulary.fragments and rng.random() < 0.3
    added = fragment(rng, rules) if whole else (vocabulary.instruction(index, len(code) + 1),)
    lines = _lines(code)
    lines[index:index] = [(None, instruction) for instruction in added[: rules.max_length - len(code)]]
    return code.rearranged(lines, rules.core_size)


def _delete(code: Code, vocabulary: Vocabulary) -> Code:
    """One instruction less."""
    if len(code) == 1:
        return code
    lines = _lines(code)
    del lines[int(vocabulary.rng.integers(len(code)))]
    return code.rearranged(lines, vocabulary.rules.core_size)


def _duplicate(code: Code, vocabulary: Vocabulary) -> Code:
    """A block copied to another place, its numbers unchanged."""
    rng = vocabulary.rng
    low, high = _block(code, rng)
    high = min(high, low + vocabulary.rules.max_length - len(code))
    lines = _lines(code)
    index = int(rng.integers(len(code) + 1))
    lines[index:index] = [(None, instruction) for instruction in code.instructions[low:high]]
    return code.rearranged(lines, vocabulary.rules.core_size)


def _move(code: Code, vocabulary: Vocabulary) -> Code:
    """A block moved to another place."""
    low, high = _block(code, vocabulary.rng)
    lines = _lines(code)
    block = lines[low:high]
    del lines[low:high]
    index = int(vocabulary.rng.integers(len(lines) + 1))
    lines[index:index] = block
    return code.rearranged(lines, vocabulary.rules.core_size)


def _restart(code: Code, vocabulary: Vocabulary) -> Code:
    """Execution begins at another instruction."""
    return Code(code.instructions, int(vocabulary.rng.integers(len(code))))


def _lines(code: Code) -> list[Line]:
    return list(enumerate(code.instructions))


def _block(code: Code, rng: np.random.Generator) -> tuple[int, int]:
    """Bounds of a run of instructions, mostly short."""
    low = int(rng.integers(len(code)))
    return low, min(low + int(rng.geometric(0.4)), len(code))


_EDITS = (_change, _insert, _delete, _duplicate, _move, _restart)
_WEIGHTS = (0.58, 0.14, 0.12, 0.06, 0.06, 0.04)
