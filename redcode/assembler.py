"""Text to a Warrior."""

from __future__ import annotations

from pathlib import Path

from redcode.errors import RedcodeError
from redcode.expressions import evaluate
from redcode.isa import INSTRUCTION_TABLE, MNEMONICS, MODES_BY_SYMBOL, Instruction, LoneOperand, Mode, Modifier
from redcode.lexer import tokenize
from redcode.rules import ICWS94, Rules
from redcode.warrior import Warrior

_PSEUDO = {"ORG", "END", "EQU", "PIN"}


def load(path: str | Path, rules: Rules = ICWS94) -> Warrior:
    """Assemble the file at ``path``; raises RedcodeError for a bad text, OSError for a file that cannot be read."""
    return assemble(Path(path).read_bytes(), rules)


def assemble(source: str | bytes, rules: Rules = ICWS94) -> Warrior:
    """Assemble one warrior; raises RedcodeError for any bad text."""
    text = source.decode("latin-1") if isinstance(source, bytes) else source
    try:
        return _assemble(text, rules)
    except RecursionError:
        raise RedcodeError("expected a simpler expression") from None


def _assemble(text: str, rules: Rules) -> Warrior:
    head = {"name": "Unknown", "author": "Anonymous"}
    strategy: list[str] = []
    equs: dict[str, list[str]] = {
        "CORESIZE": [str(rules.core_size)],
        "MAXPROCESSES": [str(rules.max_processes)],
        "MAXCYCLES": [str(rules.max_cycles)],
        "MAXLENGTH": [str(rules.max_length)],
        "MINDISTANCE": [str(rules.min_distance)],
        "PSPACESIZE": [str(rules.pspace_cells)],
        "ROUNDS": ["1"],
        "VERSION": ["94"],
        "WARRIORS": ["2"],
    }
    labels: dict[str, int] = {}
    lines: list[tuple[int, list[str]]] = []
    asserts: list[tuple[int, list[str]]] = []
    pseudo: dict[str, tuple[int, list[str]]] = {}
    pending: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith(";"):
            key, _, value = stripped[1:].partition(" ")
            if key.lower() in head:
                head[key.lower()] = value.strip()
            elif key.lower() == "strategy":
                strategy.append(value)
            elif key.lower() == "assert":
                asserts.append((number, tokenize(value)))
            continue
        tokens = tokenize(line)
        while tokens and tokens[0].upper() not in MNEMONICS and tokens[0].upper() not in _PSEUDO:
            if not (tokens[0][0].isalpha() or tokens[0][0] == "_"):
                raise RedcodeError(f"line {number}: expected a label or an opcode, got {tokens[0]!r}")
            pending.append(tokens.pop(0))
            if tokens[:1] == [":"]:
                tokens.pop(0)
        if not tokens:
            continue
        operation = tokens[0].upper()
        if operation == "EQU":
            equs.update(dict.fromkeys(pending, tokens[1:]))
            pending = []
            continue
        labels.update(dict.fromkeys(pending, len(lines)))
        pending = []
        if operation in _PSEUDO:
            pseudo.setdefault(operation, (number, tokens[1:]))
            if operation == "END":
                break
        else:
            lines.append((number, tokens))
    code = tuple(
        _at(number, _instruction, _expand(tokens, equs), {k: v - here for k, v in labels.items()}, rules)
        for here, (number, tokens) in enumerate(lines)
    )
    for number, tokens in asserts:
        if not _at(number, evaluate, _expand(tokens, equs), labels):
            raise RedcodeError(f"line {number}: expected the assertion to hold, got 0")
    values = {k: _at(n, evaluate, _expand(t, equs), labels) for k, (n, t) in pseudo.items() if t}
    start = values.get("ORG", values.get("END", 0)) % rules.core_size
    if not code or len(code) > rules.max_length or start >= len(code):
        raise RedcodeError(f"expected 1 to {rules.max_length} instructions and a start inside, got {len(code)}, {start}")
    return Warrior(code, start, values.get("PIN"), head["name"], head["author"], "\n".join(strategy))


def _at(number, function, *arguments):  # type: ignore[no-untyped-def]
    try:
        return function(*arguments)
    except RedcodeError as error:
        raise RedcodeError(f"line {number}: {error}") from None


def _expand(tokens: list[str], equs: dict[str, list[str]]) -> list[str]:
    for _ in range(20):
        if not any(t in equs for t in tokens):
            return tokens
        tokens = [part for t in tokens for part in equs.get(t, [t])]
        if len(tokens) > 2000:
            break
    raise RedcodeError("expected EQU to end, got a recursive or too long one")


def _instruction(tokens: list[str], labels: dict[str, int], rules: Rules) -> Instruction:
    info = INSTRUCTION_TABLE[MNEMONICS[tokens[0].upper()]]
    tokens = tokens[1:]
    modifier = None
    if tokens[:1] == ["."]:
        try:
            modifier = Modifier[tokens[1].upper()]
        except (KeyError, IndexError):
            raise RedcodeError(f"expected a modifier, got {tokens[1:2]}") from None
        tokens = tokens[2:]
    comma = tokens.index(",") if "," in tokens else len(tokens)
    a_mode, a = _operand(tokens[:comma], labels, rules)
    if comma < len(tokens):
        b_mode, b = _operand(tokens[comma + 1 :], labels, rules)
    elif info.lone_operand is LoneOperand.IS_B:
        a_mode, a, b_mode, b = Mode.DIRECT, 0, a_mode, a
    else:
        b_mode, b = Mode.DIRECT, 0
    if modifier is None:
        modifier = info.default_modifier.choose(a_mode, b_mode)
    return Instruction(info.opcode, modifier, a_mode, a, b_mode, b)


def _operand(tokens: list[str], labels: dict[str, int], rules: Rules) -> tuple[Mode, int]:
    mode = Mode.DIRECT
    if tokens and tokens[0] in MODES_BY_SYMBOL:
        mode, tokens = MODES_BY_SYMBOL[tokens[0]], tokens[1:]
    return mode, evaluate(tokens, labels) % rules.core_size
