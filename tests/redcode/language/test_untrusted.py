"""Warrior text is untrusted: nothing but RedcodeError escapes, nothing is run, time and memory are bounded."""

import ast
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import redcode
from redcode import ICWS88, ICWS94, AssemblyError, RedcodeError, Warrior, assemble
from redcode.language.assembler import MAX_SOURCE, decoded
from tests.strategies import sources, words

PACKAGES = [Path(redcode.__file__).parent, Path(redcode.__file__).parent.parent / "drq"]


def assemble_or_refuse(text):
    for rules in (ICWS94, ICWS88):
        try:
            assert isinstance(assemble(text, rules), Warrior)
        except AssemblyError as error:
            source = text if isinstance(text, str) else decoded(text)
            assert error.errors
            assert all(is_in(source, each) for each in error.errors)


def is_in(source, error):
    """Whether an error points at a place in the source, and shows its line."""
    line = source.removeprefix("\ufeff").split("\n")[error.line - 1]
    return error.line > 0 and line.startswith(error.text) and 0 < error.column <= len(error.text) + 1


@given(st.text() | words() | sources())
def test_any_text_assembles_or_is_refused(text):
    assemble_or_refuse(text)


@given(st.binary() | words().map(lambda text: text.encode("latin-1")))
def test_any_bytes_assemble_or_are_refused(data):
    assemble_or_refuse(data)


def test_lone_surrogates_are_text_too():
    assemble_or_refuse("mov \ud800, 1\n;name \udfff\nnop 0")


@pytest.mark.parametrize(
    "python",
    [
        "__import__('os').system('exit 1')",
        "open('x')",
        "exit()",
        "print(1)",
        "lambda: 0",
        "[1][0]",
        "1 if 1 else 2",
        "f'{1}'",
        "(x := 1)",
        "abs(-1)",
        "1 ** 2",
        "7 // 2",
        "0x10",
        "1.5",
        "1_000",
        "not 1",
        "True",
        "None",
    ],
)
@pytest.mark.parametrize(
    "source",
    ["mov {}, 1", "mov 1, {}", "x equ {}\nmov x, 1", "mov x, 1\nx equ {}", "for {}\nrof\nmov 0, 1", "org {}\nmov 0, 1"],
)
def test_python_is_a_syntax_error(source, python):
    with pytest.raises(AssemblyError):
        assemble(source.format(python))


@pytest.mark.parametrize(
    "python",
    ["__import__('os').system('exit 1')", "open('x')", "exit()", "lambda: 0", "[1][0]", "f'{1}'", "(x := 1)", "1.5"],
)
def test_python_in_an_assertion_is_a_syntax_error(python):
    with pytest.raises(AssemblyError):
        assemble(f";assert {python}\nmov 0, 1")


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_no_file_evaluates_text(package):
    files = sorted(package.rglob("*.py"))
    assert files
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Name):
                assert node.id not in ("eval", "exec", "compile", "__import__"), f"{file}:{node.lineno}"


DOUBLING = ["a0 equ", *(f"a{i} equ a{i - 1} a{i - 1}" for i in range(1, 60))]
LONG = MAX_SOURCE - 100
WORST = {
    "newlines": "\n" * LONG,
    "comments": ";\n" * (LONG // 2),
    "colons": ":" * LONG,
    "blanks": "nop 0" + " " * (LONG - 10) + "x",
    "blank assertion": ";assert" + " " * LONG,
    "blank comment": ";" + " " * LONG,
    "joined lines": "a\\\n" * (LONG // 3),
    "carriage returns": "\r" * LONG,
    "labels": "a\n" * (LONG // 2),
    "instructions": "mov 0,1\n" * (LONG // 8),
    "modifiers": "mov.i #0,$1\n" * (LONG // 12),
    "registers": "mov a,b\n" * (LONG // 8),
    "undefined names": "mov abc,b\n" * (LONG // 10),
    "repeated labels": "a mov 0,1\n" * (LONG // 10),
    "one long equ": "m equ mov 0,1\n" + " equ mov 0,1\n" * (LONG // 14) + "m",
    "many equs": "m equ\n" * (LONG // 6),
    "empty fors": "for 65535\nrof\n" * 100,
    "small fors": "for 65535\nfor !a=a+1\nrof\nrof\n" * 100,
    "nested fors": "for 65535\n" * 90 + "mov 0,1\n" + "rof\n" * 90,
    "instructions in a for": "for 65535\nmov 0,1\nmov 0,1\nrof",
    "labels in a for": "x for 65535\nl&x mov l&x, 1\nrof",
    "a long line skipped in a for": f"for 60000\nfor 0\n{'a ' * (LONG // 2 - 100)}\nrof\nrof",
    "an assertion in a for": f"for 65535\n;assert {'1+' * 100}1\nrof",
    "doubling equs": "\n".join([*DOUBLING, "mov a59, 1"]),
    "doubling equs further down": "\n".join(["mov a59, 1", *DOUBLING]),
    "parentheses": f"mov {'(' * 110}1{')' * 110},1\n" * 2000,
    "signs": f"mov {'-' * 240}a,1\n" * 2000,
    "products": f"mov {'9999999999*' * 20}1, 1\n" * 2000,
    "end": "end\n" * (LONG // 4),
    "strategy": ";strategy x\n" * (LONG // 12),
    "too long": "x" * 10 * MAX_SOURCE,
}


def seconds(act):
    """Processor time of one call."""
    start = time.process_time()
    act()
    return time.process_time() - start


def try_to_assemble(text):
    with suppress(RedcodeError):
        assemble(text)


@pytest.mark.parametrize("name", WORST)
def test_the_worst_texts_stay_bounded(name):
    yardstick = seconds(lambda: sum(range(5_000_000)))
    assert seconds(lambda: try_to_assemble(WORST[name])) < 60 * yardstick  # each takes five to fifteen


def test_the_worst_texts_stay_within_100_megabytes():
    script = """
from resource import RUSAGE_SELF, getrusage
from redcode import RedcodeError, assemble
from tests.redcode.language.test_untrusted import WORST
before = getrusage(RUSAGE_SELF).ru_maxrss
for text in WORST.values():
    try:
        assemble(text)
    except RedcodeError:
        pass
print(getrusage(RUSAGE_SELF).ru_maxrss - before)
"""
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 100 * 1024


def test_a_file_without_end_is_refused_soon():
    if not Path("/dev/zero").exists():
        pytest.skip("this system has no /dev/zero")
    script = """
from resource import RUSAGE_SELF, getrusage
from redcode import AssemblyError, load
before = getrusage(RUSAGE_SELF).ru_maxrss
try:
    load("/dev/zero")
except AssemblyError as error:
    assert "at most" in str(error)
    print(getrusage(RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert int(done.stdout) < 100 * 1024


def test_a_nearly_full_stack_is_a_limit_and_no_crash():
    def descend(depth):
        return assemble("x equ 1\nnop x") if depth == 0 else descend(depth - 1)

    refused = 0
    for depth in range(600, 1000):
        try:
            descend(depth)
        except AssemblyError as error:
            assert "stack" in str(error)
            refused += 1
        except RecursionError:
            break
    assert refused


def test_an_equ_that_ends_in_nothing_is_no_crash():
    for text in ("_ equ equ\nequ\n_\nmov 0, 1", "_ equ b equ 1\n equ\n equ\n_\nmov 0, 1"):
        with suppress(RedcodeError):
            assert len(assemble(text)) == 1
