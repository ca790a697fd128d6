"""Random battles as pMARS 0.9.4 fought them: ``limits.json`` and ``melees.json`` in ``tests/data/pmars``.

``python -m tests.fought PMARS`` records them anew. The files hold random programs, and names of warriors of the corpus,
which must be there when the battles are recorded.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from redcode.isa import MODE_SYMBOLS, Modifier, Opcode

FOLDER = Path(__file__).parent / "data" / "pmars"
LIMITS, MELEES = FOLDER / "limits.json", FOLDER / "melees.json"
CORPUS = Path(os.environ.get("REDCODE_CORPUS", "no corpus"))
DIVISORS = {96: (2, 4, 6, 8, 12, 16, 32, 48, 96), 81: (3, 9, 27, 81), 120: (5, 8, 12, 20, 24, 30, 40, 60, 120)}
"""Some divisors of each core size, for random programs."""
HILLS = {
    "94": ("-c 6000 -F 4000", (8, 50, 80, 250, 500, 2000, 8000)),
    "nano": ("-s 80 -c 800 -p 80 -l 5 -F 40", (2, 5, 8, 16, 20, 40, 80)),
}
"""Folders of the corpus, options for them, and limits. Fewer cycles than on the hill decide most of these battles."""


class Fought(NamedTuple):
    """A battle: the options of pMARS, the programs, and what it prints with -b and -k."""

    options: str
    programs: Sequence[str]
    """Texts, or paths in the corpus."""
    output: str = ""

    def words(self, folder: Path) -> list[str]:
        """The words of the command line; texts are written to ``folder``."""
        files = [
            CORPUS / text if text.endswith(".red") else folder / f"{i}.red" for i, text in enumerate(self.programs)
        ]
        for file, text in zip(files, self.programs, strict=True):
            if file.parent == folder:
                file.write_text(text)
        return ["-b", "-k", *self.options.split(), *map(str, files)]


def under_limits(which: str) -> list[Fought]:
    """The recorded battles of "random" programs or of the "corpus" under read and write limits."""
    return [Fought(*row) for row in json.loads(LIMITS.read_text())[which]]


def recorded_melees() -> list[Fought]:
    """The recorded battles of three to eight random programs."""
    return [Fought(*row) for row in json.loads(MELEES.read_text())]


WIDE = " nop 0\n" * 24 + " jmp -24\n"
"""A loop that most writes into its cells end."""


def instructions(count: int, opcodes: Sequence[Opcode], choose: random.Random) -> str:
    """Lines with these opcodes, any modifiers and any modes; few of the numbers are large."""
    lines = []
    for _ in range(count):
        operands = [f"{choose.choice(list(MODE_SYMBOLS.values()))}{choose.randint(-far, far)}" for far in (9, 50)]
        choose.shuffle(operands)
        opcode, modifier = choose.choice(opcodes), choose.choice(list(Modifier))
        lines.append(f" {opcode.name}.{modifier.name} {', '.join(operands)}\n")
    return "".join(lines)


def lasting(choose: random.Random) -> str:
    """A program of any instructions but DAT, every second one MOV."""
    others = [opcode for opcode in Opcode if opcode is not Opcode.DAT]
    return " nop 0\n" + instructions(choose.randint(3, 12), [*others, *[Opcode.MOV] * len(others)], choose)


def random_battles(count: int, choose: random.Random) -> Iterator[Fought]:
    """A lasting program in a small core, against another or against a wide loop."""
    for _ in range(count):
        core = choose.choice(list(DIVISORS))
        read, write = choose.choices(DIVISORS[core], k=2)
        options = f"-s {core} -c 120 -p {choose.choice((1, 3, 50))} -l 25 -F {choose.randint(25, core - 25)} -r 4"
        pair = [lasting(choose), choose.choice([WIDE, lasting(choose)])]
        yield Fought(f"{options} -R {read} -W {write}", pair)


def corpus_battles(count: int, choose: random.Random) -> Iterator[Fought]:
    """Two warriors of the corpus each; ``count`` battles of each hill."""
    for hill, (options, limits) in HILLS.items():
        names = sorted(path.name for path in (CORPUS / hill).glob("*.red"))
        for _ in range(count):
            read, write = choose.choices(limits, k=2)
            pair = [f"{hill}/{name}" for name in choose.sample(names, 2)]
            yield Fought(f"{options} -r 2 -R {read} -W {write}", pair)


def random_melees(choose: random.Random) -> Iterator[Fought]:
    """Three to eight programs that die soon, by themselves or by one another, in rounds of a few cycles."""
    while True:
        count, core = choose.randint(3, 8), choose.choice((80, 97, 200, 8000))
        length, cycles = min(8, core // (2 * count)), choose.choice((1, 2, 3, 5, 8, 13, 40, 300))
        sizes = f"-s {core} -c {cycles} -p {choose.choice((1, 3, 64))} -S {choose.choice((1, 5, 40))}"
        options = f"{sizes} -l {length} -d {length}"
        programs = [choose.choice((dying, counting))(length, choose) for _ in range(count)]
        yield Fought(f"{options} -F {choose.randint(length, core - length)} -r {choose.randint(2, 9)}", programs)


def counting(length: int, choose: random.Random) -> str:
    """A program that dies after a few cycles."""
    return " nop 0\n" * choose.randrange(length) + " dat 0\n"


def dying(length: int, choose: random.Random) -> str:
    """A program of any instructions, many of them MOV, SPL or DAT, perhaps with a PIN."""
    opcodes = [*Opcode, *[Opcode.MOV, Opcode.SPL, Opcode.DAT] * 5]
    pin = choose.choice(("", "", " pin 1\n", " pin 2\n"))
    return pin + instructions(choose.randint(1, length), opcodes, choose)


def fought_by(pmars: str, battle: Fought) -> Fought | None:
    """The battle with what this pMARS prints, None if it does not end; it must have limits and no display."""
    with TemporaryDirectory() as folder:
        words = [pmars, *battle.words(Path(folder))]
        try:
            done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=5)
        except subprocess.TimeoutExpired:
            return None
    return battle._replace(output=done.stdout)


def record(pmars: str) -> None:
    """Write both files."""
    choose = random.Random(96)
    limited = {"corpus": corpus_battles(20, choose), "random": random_battles(300, choose)}
    fought = {which: [fought_by(pmars, battle) for battle in group] for which, group in limited.items()}
    LIMITS.write_text(json.dumps(fought, indent=0) + "\n")
    endings = (fought_by(pmars, battle) for battle in random_melees(random.Random(94)))
    MELEES.write_text(json.dumps([*islice(filter(None, endings), 60)], indent=0) + "\n")


if __name__ == "__main__":
    record(sys.argv[1])
