"""The assembler beside two others that the corpus was not made with, each skipped where it is not installed.

``pmars`` is looked for in PATH and /usr/games (Debian and Ubuntu have 0.9.2). PMARS_TS names the folder of the npm
package pmars-ts, for example node_modules/pmars-ts.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, reject, settings

from redcode import ICWS88, ICWS94, RedcodeError, Rules, Standard, assemble, builtin_names, builtin_source
from redcode.language import symbols
from redcode.language.disassembler import disassemble
from redcode.language.library import GROUPS
from tests.strategies import sources, warriors

PMARS = shutil.which("pmars", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/games"]))
PMARS_TS = Path(os.environ.get("PMARS_TS", "no pmars-ts")).resolve()
LISTING = re.compile(r"(START|     )  (\w{3})[. ](..) (.)\s*(-?\d+), (.)\s*(-?\d+)")

needs_pmars = pytest.mark.skipif(PMARS is None, reason="expected pmars in PATH or /usr/games")
needs_pmars_ts = pytest.mark.skipif(
    not (PMARS_TS / "package.json").exists() or shutil.which("node") is None,
    reason="expected node, and PMARS_TS to name the folder of pmars-ts",
)


def ours(source, rules):
    """What we make of a source: code as tuples and start, or None where it has errors."""
    try:
        warrior = assemble(source, rules)
    except RedcodeError:
        return None
    cells = [
        (each.opcode.name, each.modifier.name, each.a_mode.symbol, each.a, each.b_mode.symbol, each.b)
        for each in warrior.code
    ]
    return cells, warrior.start if warrior.start < len(cells) else None


def pmars(source, rules, folder):
    """What pmars makes of it, read from its listing."""
    path = folder / "warrior.red"
    path.write_text(source, encoding="latin-1", errors="replace")
    icws88 = rules.standard is Standard.ICWS88
    command = [PMARS, "-r", "0", "-s", str(rules.core_size), "-l", str(rules.max_length), *["-8"] * icws88, str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=0.2)  # where it ends, it takes milliseconds
    except subprocess.TimeoutExpired:
        reject()  # it counts FORs in 16 bits and reduces fields by subtraction, so large numbers take it forever
    listing, messages = done.stdout.decode("latin-1"), done.stderr.decode("latin-1")
    if "Error" in messages or not listing.startswith("Program") or "(length 0)" in listing:
        return None
    cells, start = [], None
    for match in filter(None, map(LISTING.match, listing.splitlines())):
        if match[1] == "START":
            start = len(cells)
        name = "SEQ" if match[2] == "CMP" else match[2]
        a, b = int(match[5]) % rules.core_size, int(match[7]) % rules.core_size
        cells.append((name, match[3].strip(), match[4], a, match[6], b))
    return cells, start


def without_modifiers(result):
    """The same without modifiers, which the '88 listing does not show."""
    return result and ([(name, "", *operands) for name, _, *operands in result[0]], result[1])


@needs_pmars
@pytest.mark.parametrize("rules", [ICWS94, ICWS88], ids=["94", "88"])
def test_random_programs_assemble_as_in_pmars(rules, tmp_path, monkeypatch):
    version = re.search(r"pMARS v(\d+)\.(\d+)\.(\d+)", subprocess.run([PMARS], capture_output=True, text=True).stderr)
    monkeypatch.setattr(symbols, "VERSION", int("".join(version.groups())))

    @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
    @given(sources(icws88=rules is ICWS88))
    def check(source):
        mine, theirs = ours(source, rules), pmars(source, rules, tmp_path)
        if mine and theirs and len(mine[0]) < len(theirs[0]):
            # pMARS counts an EQU of several lines in an operand as one more instruction, and never writes it
            assume("\n equ " not in source)
        if rules is ICWS88:
            mine = without_modifiers(mine)
        assert mine == theirs

    check()


@needs_pmars
@pytest.mark.parametrize(
    ("name", "rules"), [(name, rules) for group, rules in GROUPS.items() for name in builtin_names(group)]
)
def test_the_built_in_warriors_assemble_as_in_pmars(name, rules, tmp_path):
    source = builtin_source(name)
    assert ours(source, rules) == pmars(source, rules, tmp_path)


@needs_pmars
@pytest.mark.parametrize("core_size", [80, 100, 8000, 8192])
def test_the_default_p_space_is_pmars_own(core_size, tmp_path):
    rules = Rules(core_size=core_size, max_length=5, min_distance=5)
    source = "nop PSPACESIZE, 0\n"
    assert ours(source, rules) == pmars(source, rules, tmp_path)


ASSEMBLE_ALL = """
import {{ readFileSync }} from 'node:fs';
import {{ pathToFileURL }} from 'node:url';
const {{ Assembler }} = await import(pathToFileURL({module}));
const {{ disassemble }} = await import(pathToFileURL({assembler}));
const results = JSON.parse(readFileSync(0)).map(source => {{
  const result = new Assembler().assemble(source);
  if (!result.success) return null;
  return [result.warrior.instructions.map(cell => disassemble(cell, 8000)), result.warrior.startOffset];
}});
console.log(JSON.stringify(results));
"""


@needs_pmars_ts
def test_plain_warriors_assemble_as_in_pmars_ts(tmp_path):
    plain = []
    settings(max_examples=200, database=None)(given(warriors())(lambda warrior: plain.append(warrior)))()
    texts = [disassemble(warrior) for warrior in plain]  # of macros it has an idea of its own
    script = tmp_path / "assemble.mjs"
    module, assembler = (json.dumps(str(PMARS_TS / "dist/esm" / part)) for part in ("index.js", "assembler/index.js"))
    script.write_text(ASSEMBLE_ALL.format(module=module, assembler=assembler))
    done = subprocess.run(
        ["node", str(script)], input=json.dumps(texts), capture_output=True, text=True, check=True, timeout=60
    )
    for text, result in zip(texts, json.loads(done.stdout), strict=True):
        warrior = assemble(text)
        assert result == [disassemble(warrior).splitlines()[-1 - len(warrior) : -1], warrior.start]
