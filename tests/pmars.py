"""What pMARS printed after battles, in ``tests/data/pmars``; ``python -m tests.pmars PMARS`` records it anew."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "pmars"
RESULTS = FOLDER / "results.json"
WARRIORS = {path.stem: str(path) for path in FOLDER.glob("*.red")} | {
    path.stem: str(path) for path in (Path(__file__).parents[1] / "redcode" / "warriors").glob("*/*.red")
}
"""Files by the names that a command line uses for them: warriors beside the results, and the built-in ones."""
SMALL = "-l 10 -d 10 -s 200 -c 300"

COMMAND_LINES = (
    # listings
    "-r 0 stone",
    "-r 0 every",
    "-F 4000 -r 20 imp dwarf",
    "-F 1234 -r 5 -c 3000 paper dwarf imp",
    "-F 150 -r 7 -8 older older",
    # what the text knows of the match
    "-F 4000 -r 10 counts imp",
    "-F 4000 -r 6 -c 500 imp counts dies",
    f"-P {SMALL} counts imp",
    # p-space
    "-b -F 150 -r 21 -S 10 memory memory",
    "-b -k -F 2000 -r 50 memory mice",
    # positions from -F
    "-b -k -F 300 -r 31 dwarf mice",
    f"-b -k -F 197 -r 30 {SMALL} dwarf imp",
    "-b -k -F 7777 -r 25 -d 700 stone scanner",
    "-b -k -F 543 -r 30 -s 4000 -c 9000 -p 20 -l 50 stone core_clear",
    "-b -F 500 -r 40 -s 800 -c 8000 -p 800 -l 20 dwarf core_clear",
    "-b -F 40 -r 30 -s 80 -c 800 -p 80 -l 5 imp dwarf",
    # positions from the code
    "-b -k -f -r 100 -c 3000 dwarf every",
    "-b -k -f -r 100 -c 2000 every dwarf",
    "-b -k -f -r 60 -c 3000 core_clear every",
    "-b -f -r 25 dwarf stone",
    "-b -k -f -r 40 quick_scan one_shot",
    "-b -k -f -r 20 -c 20000 train lure",
    # positions from a text
    "-b -k -F tuesday -r 40 dwarf mice",
    "-b -k -F 28.November -r 30 -c 9000 stone core_clear",
    f"-b -k -F Käse {SMALL} -r 40 dwarf imp",
    f"-b -k -F a:b/c~d.e_f-g {SMALL} -r 40 imp dwarf",
    "-b -k -F x -r 9 -c 2000 paper stone dwarf",
    f"-b -k -F tuesday {SMALL} -r 12 dwarf imp dwarf imp dwarf imp dwarf imp dwarf imp dwarf imp dwarf imp dwarf imp",
    f"-b -k -P -F sun {SMALL} dwarf imp",
    # every position of two warriors
    f"-b -P -F 15 {SMALL} dwarf imp",
    f"-b -k -P -F 15 {SMALL} -r 500 dwarf imp",
    f"-b -k -P -F 90 {SMALL} -r 150 dwarf dwarf",
    f"-b -k -P -F 33 {SMALL} -r 60 gate_bomber dwarf",
    f"-b -k -P -f {SMALL} -r 100 imp dwarf",
    f"-b -k -P -f {SMALL} -r 150 dwarf dwarf",
    # more warriors
    "-b -f -r 9 -c 2000 paper stone dwarf imp mice",
    "-b -k -f -r 9 -c 2000 paper stone dwarf",
    "-b -k -F 2222 -r 12 -c 5000 scanner dwarf stone_imp",
    "-b -k -F 4321 -r 10 -c 3000 mice vampire core_clear gate_bomber",
    "-b -k -F 600 -r 8 -c 3000 imp_ring stone hydra mice dwarf paper quick_clear sweeper",
    f"-b -k -F 20 -r 20 {SMALL} dwarf imp dwarf imp dwarf imp dwarf imp dwarf imp dwarf imp dwarf imp dwarf imp",
    # one warrior
    "-b -r 3 imp",
    "-b -k -r 3 imp",
    "-b -k -r 3 dies",
    # the highest score first
    "-b -o -F 4000 -r 10 imp dwarf",
    "-b -k -o -F 4000 -r 10 imp dwarf",
    "-b -o -F 4000 -r 10 -c 3000 imp dwarf stone imp",
    "-b -k -o -F 4000 -r 10 -c 3000 imp dwarf stone",
)
"""What follows ``redcode fight`` or ``pmars``. Sixteen warriors in 200 cells find no place by chance and are spread."""


def words(command_line: str) -> list[str]:
    """A command line as the words that a program takes: names of warriors become their files."""
    return [WARRIORS.get(word, word) for word in command_line.split()]


def recorded() -> dict[str, str]:
    """Each command line and what pMARS printed."""
    results: dict[str, str] = json.loads(RESULTS.read_text())
    return results


def output_of(program: str, command_line: str) -> str:
    """What this pMARS prints; it must be one that fights without a display (the server build)."""
    done = subprocess.run([program, *words(command_line)], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout


if __name__ == "__main__":
    outputs = {line: output_of(sys.argv[1], line) for line in COMMAND_LINES}
    RESULTS.write_text(json.dumps(outputs, indent=1) + "\n")
