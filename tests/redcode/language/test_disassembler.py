import pytest
from hypothesis import given

from redcode import ICWS88, ICWS94, NANO, RedcodeError, Rules, Warrior, assemble, disassemble
from redcode.isa import Instruction, Mode, Modifier, Opcode
from redcode.language.disassembler import code_text, to_load_file
from tests.strategies import sources, warriors

BIG = Rules(core_size=65535, max_length=1000, min_distance=1000)


@pytest.mark.parametrize("rules", [ICWS94, ICWS88, NANO, BIG], ids=["94", "88", "nano", "big"])
def test_any_warrior_comes_back_equal(rules):
    @given(warriors(rules))
    def check(warrior):
        again = assemble(disassemble(warrior, rules), rules)
        assert again == warrior
        assert again.warnings == ()

    check()


@given(sources())
def test_any_program_comes_back_equal(source):
    try:
        warrior = assemble(source)
    except RedcodeError:
        return
    assert assemble(disassemble(warrior)) == warrior


@given(warriors())
def test_a_load_file_is_redcode(warrior):
    assert assemble(to_load_file(warrior)) == warrior


@pytest.mark.parametrize("pin", [-(2**63), 1 - 2**63, -1, 0, 2**63 - 1])
def test_any_pin_comes_back(pin):
    warrior = Warrior(assemble("nop 0").code, pin=pin)
    assert assemble(disassemble(warrior)) == assemble(to_load_file(warrior)) == warrior


def test_names_survive_and_are_one_line():
    warrior = assemble(";name A; b\n;author C\\D\n;strategy one\n;strategy two\nnop 0")
    again = assemble(disassemble(warrior))
    assert (again.name, again.author, again.strategy) == ("A; b", "C\\D", "one\ntwo")
    hostile = Warrior(warrior.code, name="x\nend\r", author="y\\", strategy="s\0\\\n;redcode\nend\\")
    assert assemble(disassemble(hostile)) == hostile
    assert disassemble(hostile).splitlines()[1:6] == [
        *[";name x end ", ";author y ", ";strategy s  ", ";strategy ;redcode", ";strategy end "]
    ]


def test_a_name_of_a_megabyte_is_cut():
    warrior = Warrior(assemble("nop 0").code, name="x" * 10**6, strategy="y\n" * 10**6)
    assert len(disassemble(warrior)) < 10_000
    assert assemble(disassemble(warrior)) == warrior


def test_the_text_is_plain():
    text = disassemble(assemble(";name Dwarf\n;author A. K. D.\n pin 7\n dat 0\nx add #4, x-1\n cmp <x, {7999\n end x"))
    assert text.splitlines() == [
        ";redcode-94",
        ";name Dwarf",
        ";author A. K. D.",
        "PIN 7",
        "ORG 1",
        "DAT.F #0, $0",
        "ADD.AB #4, $-1",
        "CMP.I <-1, {-1",
        "END",
    ]


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        (Instruction(Opcode.MUL, Modifier.F, Mode.DIRECT, 0, Mode.DIRECT, 0), "an instruction of ICWS'88"),
        (Instruction(Opcode.MOV, Modifier.X, Mode.DIRECT, 0, Mode.DIRECT, 0), "no modifier"),
        (Instruction(Opcode.MOV, Modifier.B, Mode.DIRECT, 0, Mode.IMMEDIATE, 0), "one of"),
    ],
)
def test_what_icws88_cannot_write_is_refused(cell, wrong):
    with pytest.raises(RedcodeError, match=wrong):
        disassemble(Warrior((cell,)), ICWS88)
    assert assemble(disassemble(Warrior((cell,)))).code == (cell,)


def test_icws88_has_no_pin():
    with pytest.raises(RedcodeError, match="PIN"):
        disassemble(assemble("pin 1\njmp 0"), ICWS88)


def test_the_load_file_has_pmars_layout():
    warrior = assemble("pin 12345\norg x\ncmp #-1, <4000\nx seq.ba {4001, }7999\n")
    assert to_load_file(warrior).split("\n") == [
        "       ORG          1",
        "       CMP.AB #    -1, <  4000     ",
        "       SEQ.BA { -3999, }    -1     ",
        "       PIN      12345",
        "       END",
        "",
    ]


def test_the_load_file_of_icws88():
    warrior = assemble("dat #0, <1\nx cmp #-1, <4\nend x", ICWS88)
    assert to_load_file(warrior, ICWS88).split("\n") == [
        "       ORG          1",
        "       DAT    #     0, <     1     ",
        "       CMP    #    -1, <     4     ",
        "       END      START",
        "       END",
        "",
    ]


def test_the_canonical_text_is_the_code_alone():
    text = code_text(assemble(";name Secret\n;strategy none\n pin 7\nx cmp x-1, <0 ; words\n end x"))
    assert text == "PIN 7\nORG 0\nCMP.I $-1, <0\nEND"
    assert code_text(assemble("jmp 1\n dat #1\n end 1", ICWS88), ICWS88) == "JMP $1, $0\nDAT #0, #1\nEND 1"
