"""Battles under read and write limits, as pMARS 0.9.4 fought them: ``tests/data/pmars/limits.json``.

``python -m tests.limited PMARS`` records them anew. The file holds random programs, and names of warriors of the
corpus, which must be there when it is recorded.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from redcode.isa import MODE_SYMBOLS, Modifier, Opcode

RECORDED = Path(__file__).parent / "data" / "pmars" / "limits.json"
CORPUS = Path(os.environ.get("REDCODE_CORPUS", "no corpus"))
DIVISORS = {96: (2, 4, 6, 8, 12, 16, 32, 48, 96), 81: (3, 9, 27, 81), 120: (5, 8, 12, 20, 24, 30, 40, 60, 120)}
"""Some divisors of each core size, for random programs."""
HILLS = {
    "94": ("-c 6000 -F 4000", (8, 50, 80, 250, 500, 2000, 8000)),
    "nano": ("-s 80 -c 800 -p 80 -l 5 -F 40", (2, 5, 8, 16, 20, 40, 80)),
}
"""Folders of the corpus, options for them, and limits. Fewer cycles than on the hill decide most of these battles."""


class Limited(NamedTuple):
    """A battle: the options of pMARS, the programs, and what it prints with -b and -k."""

    options: str
    programs: Sequence[str]
    """Texts, or paths in the corpus."""
    output: str

    def words(self, folder: Path) -> list[str]:
        """The words of the command line; texts are written to ``folder``."""
        files = [
            CORPUS / text if text.endswith(".red") else folder / f"{i}.red" for i, text in enumerate(self.programs)
        ]
        for file, text in zip(files, self.programs, strict=True):
            if file.parent == folder:
                file.write_text(text)
        return ["-b", "-k", *self.options.split(), *map(str, files)]


def recorded(which: str) -> list[Limited]:
    """The battles of "random" programs or of the "corpus"."""
    return [Limited(*row) for row in json.loads(RECORDED.read_text())[which]]


WIDE = " nop 0\n" * 24 + " jmp -24\n"
"""A loop that most writes into its cells end."""


def random_program(choose: random.Random) -> str:
    """A program of any instructions but DAT, every second one MOV; few of its numbers are large."""
    lines = ["nop 0"]
    for _ in range(choose.randint(3, 12)):
        operands = [f"{choose.choice(list(MODE_SYMBOLS.values()))}{choose.randint(-far, far)}" for far in (9, 50)]
        choose.shuffle(operands)
        opcode = choose.choice([Opcode.MOV, choose.choice(list(Opcode)[1:])])
        lines.append(f"{opcode.name}.{choose.choice(list(Modifier)).name} {', '.join(operands)}")
    return "".join(f" {line}\n" for line in lines)


def random_battles(count: int, choose: random.Random) -> Iterator[Limited]:
    """A random program in a small core, against another or against a wide loop."""
    for _ in range(count):
        core = choose.choice(list(DIVISORS))
        read, write = choose.choices(DIVISORS[core], k=2)
        options = f"-s {core} -c 120 -p {choose.choice((1, 3, 50))} -l 25 -F {choose.randint(25, core - 25)} -r 4"
        pair = [random_program(choose), choose.choice([WIDE, random_program(choose)])]
        yield Limited(f"{options} -R {read} -W {write}", pair, "")


def corpus_battles(count: int, choose: random.Random) -> Iterator[Limited]:
    """Two warriors of the corpus each; ``count`` battles of each hill."""
    for hill, (options, limits) in HILLS.items():
        names = sorted(path.name for path in (CORPUS / hill).glob("*.red"))
        for _ in range(count):
            read, write = choose.choices(limits, k=2)
            pair = [f"{hill}/{name}" for name in choose.sample(names, 2)]
            yield Limited(f"{options} -r 2 -R {read} -W {write}", pair, "")


def fought_by(pmars: str, battle: Limited) -> Limited:
    """The battle with what this pMARS prints; it must have limits and no display."""
    with TemporaryDirectory() as folder:
        words = [pmars, *battle.words(Path(folder))]
        return battle._replace(output=subprocess.run(words, capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    choose = random.Random(96)
    battles = {"corpus": corpus_battles(20, choose), "random": random_battles(300, choose)}
    fought = {which: [fought_by(sys.argv[1], battle) for battle in group] for which, group in battles.items()}
    RECORDED.write_text(json.dumps(fought, indent=0) + "\n")
