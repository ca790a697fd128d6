"""Coverage-guided fuzzing of the assembler with atheris: a Warrior or an AssemblyError comes out, whatever the text.

Run it from the root of the repository, for a minute or an hour; libFuzzer's own flags follow:

    python -m tests.fuzz.fuzz_assembler -max_total_time=60 -timeout=5

The first byte of an input chooses the rules and whether the rest is the text itself or a list of words from
``VOCABULARY``, which reaches deep into the language much sooner than bytes do.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["redcode"]):
    from redcode import ICWS88, ICWS94, NANO, AssemblyError, Rules, Warrior, assemble, disassemble
    from redcode.language.assembler import decoded
    from redcode.language.disassembler import to_load_file

RULES = (ICWS94, ICWS88, NANO, Rules(core_size=65535, max_length=1000, min_distance=1000))

_WORDS = """
mov add sub mul div mod jmp jmz jmn djn spl cmp seq sne slt dat nop ldp stp org end pin equ for rof MOV.I Spl.b .ab .f
.x .q a b lab lab: i j step &i &j i&j l&i ;assert ;name ;redcode ;redcode-94 ; CURLINE CORESIZE MAXLENGTH WARRIORS
PSPACESIZE 0 1 2 3 5 8000 7999 65535 65536 9223372036854775807 99999999999999999999 -1 # $ @ < > * { } , . & && | || ( )
+ - / % ! = == != <= >= a=3 (b=a+1) : \\ _ é ? " '
"""
_LINES = ["equ\n", "rof\n", "for 2\n", "for 0\n", "end\n", "mov 0, 1\n"]
VOCABULARY = [*_WORDS.split(), *["\n"] * 12, " ", " ", "\t", "\r", "\0", *_LINES]


def text_of(data: bytes) -> str | bytes:
    """The text that an input stands for."""
    if not data or data[0] & 4:
        return data[1:]
    words = (VOCABULARY[byte % len(VOCABULARY)] for byte in data[1:])
    return "".join(word if byte & 128 else word + " " for word, byte in zip(words, data[1:], strict=True))


def check(data: bytes) -> None:
    """Assemble one input: errors point into it, a Warrior survives the way through the disassembler, and prints."""
    rules = RULES[data[0] % 4 if data else 0]
    text = text_of(data)
    try:
        warrior = assemble(text, rules)
    except AssemblyError as error:
        lines = (text if isinstance(text, str) else decoded(text)).removeprefix("\ufeff").split("\n")
        for each in error.errors:
            assert each.line > 0
            assert lines[each.line - 1].startswith(each.text)
            assert 0 < each.column <= len(each.text) + 1
        assert str(error)
        return
    assert isinstance(warrior, Warrior)
    assert 1 <= len(warrior) <= rules.max_length
    assert assemble(disassemble(warrior, rules), rules) == warrior
    assert to_load_file(warrior, rules).endswith("       END\n")


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
