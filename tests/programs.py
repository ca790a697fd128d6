"""Random programs in the whole language, a third of which assemble: labels, EQU, FOR and ROF, ORG, and slips.

Every expression has one operator, or parentheses, so that the evaluator of pMARS 0.9.2 is right about them too.
"""

from __future__ import annotations

import random

from redcode.isa import MODE_SYMBOLS, Opcode
from redcode.language.icws88 import modes


class Program:
    """A random program, written line by line."""

    NAMES = ("a", "b", "lab", "x1", "foo", "bar_", "I", "k")
    OPCODES = ("mov", "ADD", "sub", "jmp", "dat", "spl", "djn", "jmz", "jmn", "cmp", "slt", "Dat", "JMP")
    NEW_OPCODES = ("seq", "sne", "nop", "ldp", "stp", "mul", "div", "mod")
    OPERATORS = ("+", "-", "*", "/", "%", "==", "<", ">", ">=", "<=", "!=", "&&", "||")
    JUNK = (
        "?",
        "5",
        "[",
        ",",
        ".",
        "&",
        "1 2",
        '"',
        "#",
        "mov",
        "for",
        "rof",
        "equ",
        ":",
        "lab",
        "a b",
        "3 lab",
        "x1(2)",
    )

    def __init__(self, choose: random.Random, icws88: bool) -> None:
        self.choose = choose
        self.icws88 = icws88
        self.defined: set[str] = set()
        self.equs: set[str] = set()
        self.counters: list[str] = []

    @classmethod
    def write(cls, choose: random.Random, icws88: bool) -> str:
        """One program."""
        program = cls(choose, icws88)
        lines = [choose.choice((";redcode-94", "; redcode", ";redcode", ";REDCODE-x", ";redcodes", ""))]
        for _ in range(choose.randint(1, 3)):
            lines += program.block(0)
        if program.chance(0.95):
            lines += [f"{name} dat #1" for name in cls.NAMES if name not in program.equs]
        if program.chance(0.5):
            lines.append(choose.choice(("end", f"end {program.expression()}", ";redcode", "end lab ; x")))
        return "\n".join(lines) + "\n"

    def chance(self, probability: float) -> bool:
        return self.choose.random() < probability

    def name(self) -> str:
        return self.choose.choice(self.NAMES)

    def fresh(self) -> str:
        """A name not defined so far, or, seldom, any."""
        free = [name for name in self.NAMES if name not in self.defined]
        if not free or self.chance(0.06):
            return self.name()
        self.defined.add(name := self.choose.choice(free))
        return name

    def blank(self) -> str:
        return self.choose.choice(("", "", " ", "\t", "  "))

    def atom(self) -> str:
        kind = self.choose.random()
        if kind < 0.45:
            return self.choose.choice(("0", "1", "2", "3", "5", "7", "10", "100", "8000", "7999"))
        if kind < 0.8:
            return self.name()
        if kind < 0.88:
            return self.choose.choice("-!") + self.atom()
        if kind < 0.92:
            return self.choose.choice(("CURLINE", "CORESIZE", "MAXLENGTH", "WARRIORS", "PSPACESIZE"))
        if kind < 0.93 and self.counters:
            return f"{self.name()}&{self.choose.choice(self.counters)}"
        if kind < 0.95:
            return f"({self.choose.choice('qr')}={self.expression()})" + self.choose.choice(("", "+q", "*r"))
        return f"({self.expression()})"

    def expression(self) -> str:
        if self.chance(0.6):
            return self.atom()
        return f"{self.atom()}{self.blank()}{self.choose.choice(self.OPERATORS)}{self.blank()}{self.atom()}"

    def operand(self, symbols: str = "$#@<>*{}") -> str:
        return self.choose.choice(("", *symbols)) + self.blank() + self.expression()

    def instruction(self) -> str:
        opcode = self.choose.choice(self.OPCODES)
        if self.icws88:
            a_modes, b_modes = modes(Opcode["SEQ" if opcode == "cmp" else opcode.upper()])
            a, b = (self.choose.choice([*map(MODE_SYMBOLS.get, sorted(which))]) for which in (a_modes, b_modes))
            return f"{opcode} {a}{self.expression()}{self.blank()},{self.blank()}{b}{self.expression()}"
        opcode = self.choose.choice((*self.OPCODES, *self.NEW_OPCODES))
        text = opcode + self.choose.choice(("", "", ".i", ".AB", ".f", " .x", ".b ")) + " " + self.operand()
        if opcode.upper() not in ("DAT", "JMP", "SPL", "NOP") or self.chance(0.7):
            text += f"{self.blank()},{self.blank()}{self.operand()}"
        return f"{text} {self.choose.choice(self.JUNK)}" if self.chance(0.02) else text

    def label(self) -> str:
        if self.chance(0.65):
            return self.blank()
        joined = f"&{self.choose.choice(self.counters)}" if self.counters and self.chance(0.7) else ""
        return self.fresh() + joined + self.choose.choice((" ", " ", ": ", ":"))

    def equ(self) -> list[str]:
        text = self.choose.choice(
            (
                self.expression,
                self.operand,
                self.instruction,
                lambda: f"{self.operand()}, {self.operand()}",
                lambda: self.choose.choice(self.OPCODES),
                lambda: "",
            )
        )
        name = self.fresh()
        self.equs.add(name)
        lines = [f"{name} equ {text()}"]
        while self.chance(0.15):
            more = self.choose.choice((self.instruction, self.name, lambda: "for 2", lambda: "rof"))
            lines.append(f" equ {more()}")
        return lines

    def block(self, depth: int) -> list[str]:
        lines: list[str] = []
        for _ in range(self.choose.randint(1, 5)):
            kind = self.choose.random()
            if kind < 0.6:
                lines.append(self.label() + self.instruction())
            elif kind < 0.75:
                lines += self.equ()
            elif kind < 0.8:
                lines.append(self.fresh() + self.choose.choice(("", "", ":", f" {self.fresh()}")))
            elif kind < 0.84:
                lines.append(f"{self.name()} {self.choose.choice(('', self.operand()))}")
            elif kind < 0.96 and depth < 3:
                lines += self.loop(depth)
            elif kind < 0.97:
                lines.append(f"{self.choose.choice(('org', 'end', 'pin'))} {self.expression()}")
            elif kind < 0.98:
                lines += [" jmp 0", f";assert {self.expression()}"]
            else:
                lines.append(self.choose.choice(self.JUNK))
        return lines

    def loop(self, depth: int) -> list[str]:
        counter = self.fresh()
        labels = self.choose.choice(("", f"{counter} ", f"{self.fresh()} {counter} "))
        count = self.choose.choice(("1", "2", "3", "0", "-1", "CURLINE", self.expression()))
        self.counters.append(counter if labels or self.chance(0.1) else "k")
        body = self.block(depth + 1)
        self.counters.pop()
        return [f"{labels}for {count}", *body, self.choose.choice(("rof", "rof", "lab rof", "rof x"))]
