import pytest
from hypothesis import given
from hypothesis import strategies as st

from redcode import ICWS94, NANO, AssemblyError, RedcodeError, Rules, assemble, builtin, builtin_names, load
from redcode.isa import INSTRUCTION_TABLE, MNEMONICS, LoneOperand, Mode, Modifier
from redcode.language.assembler import ROUNDS
from redcode.language.disassembler import disassemble


def code(source, rules=ICWS94):
    """The code as text, each field a signed number."""
    lines = disassemble(assemble(source, rules), rules).splitlines()
    return [line for line in lines if line[0] != ";" and line.split()[0] not in ("ORG", "END", "PIN")]


@pytest.mark.parametrize("name", MNEMONICS)
@pytest.mark.parametrize("a_mode", Mode)
@pytest.mark.parametrize("b_mode", Mode)
def test_every_opcode_gets_the_tables_modifier(name, a_mode, b_mode):
    (cell,) = assemble(f"{name.lower()} {a_mode.symbol}1, {b_mode.symbol}2").code
    info = INSTRUCTION_TABLE[MNEMONICS[name]]
    assert cell == (info.opcode, info.default_modifier.choose(a_mode, b_mode), a_mode, 1, b_mode, 2)


@pytest.mark.parametrize("modifier", Modifier)
@pytest.mark.parametrize("form", ["mov.{} 1, 2", "MOV.{}1,2", "mov .{} 1 , 2", "x: mov . {} 1, a=2"])
def test_every_modifier_in_every_spelling(modifier, form):
    for name in (modifier.name, modifier.name.lower()):
        text = form.format(name)
        if text[:4] == "MOV.":
            text = text.replace(name + "1", name + "$1")
        assert assemble(text).code[0].modifier is modifier


@pytest.mark.parametrize(
    ("source", "cell"),
    [
        ("dat 5", "DAT.F #0, $5"),
        ("dat <5", "DAT.F #0, <5"),
        ("dat.ab #5", "DAT.AB #0, #5"),
        ("jmp 5", "JMP.B $5, $0"),
        ("spl #5", "SPL.B #5, $0"),
        ("nop }5", "NOP.F }5, $0"),
        ("mov #, 1", "MOV.AB #0, $1"),
        ("mov.i $,@1", "MOV.I $0, @1"),
    ],
)
def test_operands_that_may_be_missing(source, cell):
    assert code(source) == [cell]


@pytest.mark.parametrize("row", INSTRUCTION_TABLE.values(), ids=lambda row: row.opcode.name)
def test_one_operand_follows_the_table(row):
    source = f"{row.opcode.name} @3"
    if row.lone_operand is LoneOperand.REFUSED:
        with pytest.raises(ValueError, match="expected two operands"):
            assemble(source)
    else:
        a, b = ("@3", "$0") if row.lone_operand is LoneOperand.IS_A else ("#0", "@3")
        assert code(source) == [f"{row.opcode.name}.{assemble(source).code[0].modifier.name} {a}, {b}"]


@pytest.mark.parametrize(
    "source",
    [
        "here jmp here, <there\nthere dat 0, 0",
        "here: jmp here, <there\nthere: dat 0, 0",
        "here\njmp here, <there\nthere\n\n dat 0, 0",
        "one here two: jmp one, < there\nthere three dat 0, 0",
        "HERE here jmp here, <there;dat 0, 0\nthere dat 0, 0 ; end\n",
    ],
)
def test_labels_in_all_their_places(source):
    assert code(source) == ["JMP.B $0, <1", "DAT.F $0, $0"]


def test_labels_know_case_and_opcodes_do_not():
    assert code("Lab MoV lab, Lab\nlab DAT 0, 0") == ["MOV.I $1, $0", "DAT.F $0, $0"]


@pytest.mark.parametrize(
    ("source", "start"),
    [
        ("dat 0\nstart dat 0\nend start", 1),
        ("org start\ndat 0\nstart dat 0\nend", 1),
        ("dat 0\norg start\ndat 0\nstart dat 0", 2),
        ("org 1\ndat 0\ndat 0\nend 0", 1),
        ("org 1\norg 0\ndat 0\ndat 0", 0),
        ("org -1\ndat 0\ndat 0", 7999),
        ("dat 0\ndat 0\nend 8001", 1),
    ],
)
def test_where_a_warrior_starts(source, start):
    assert assemble(source).start == start


def test_org_wins_over_end_with_a_warning():
    warrior = assemble("org 1\ndat 0\ndat 0\ndat 0\nend 2")
    assert warrior.start == 1
    assert warrior.warnings == ("line 5: END's start is ignored, as ORG gives one",)


def test_a_start_outside_is_a_warning():
    assert assemble("org 5\ndat 0").warnings == ("line 1: execution starts at 5, outside the warrior",)


def test_pin_is_any_number():
    assert assemble("pin 2*CORESIZE\npin x-3\nx dat 0").pin == -3
    assert assemble("dat 0").pin is None


def test_nothing_after_end_is_read():
    assert len(assemble("dat 0\nend\n) this is (no redcode\n;assert 0\n")) == 1


def test_predefined_constants():
    rules = Rules(800, 9000, 80, 20, 30, 40)
    values = {"CORESIZE": 800, "MAXCYCLES": 9000, "MAXPROCESSES": 80, "MAXLENGTH": 20, "MINDISTANCE": 30}
    values |= {"PSPACESIZE": 40, "VERSION": 94, "WARRIORS": 3, "ROUNDS": 7}
    text = "\n".join(f";assert {name} == {number}" for name, number in values.items())
    warrior = assemble(text + "\n nop CURLINE\n nop CURLINE, 0", rules, warriors=3, rounds=7)
    assert warrior.code[1].a == 1
    assert warrior.warnings == (), "an assertion with a name that is none is ignored with a warning"
    assert code("nop WARRIORS, ROUNDS") == [f"NOP.F $1, ${ROUNDS}"]


def test_an_assertion_for_several_rounds_holds_where_no_battle_says_how_many():
    assert len(assemble(";assert ROUNDS > 1\n mov 0, 1")) == 1
    with pytest.raises(RedcodeError):
        assemble(";assert ROUNDS > 1\n mov 0, 1", rounds=1)


def test_the_first_text_of_a_battle_finds_two_registers_set():
    text = "dat #s, #w\n dat #a, #(s=7)\n dat #s, #r"
    assert code(text) == ["DAT.F #1, #1", "DAT.F #0, #7", "DAT.F #7, #0"]
    assert assemble(text, warriors=3).code[0] == assemble("dat #3, #3").code[0]
    assert assemble(text, warriors=3, first=False).code[0] == assemble("dat #0, #0").code[0]


def test_registers_live_from_line_to_line():
    assert code("dat (a=3)+a, b=a*2\ndat a, b") == ["DAT.F $6, $6", "DAT.F $3, $6"]


def test_a_label_hides_a_register():
    assert code("nop a, b\na dat 0") == ["NOP.F $1, $0", "DAT.F #0, $0"]


def test_bytes_are_utf8_or_latin1():
    assert assemble(";name Müller\n dat 0".encode()).name == "Müller"
    assert assemble(";name Müller\n dat 0 ; ß".encode("latin-1")).name == "Müller"


@pytest.mark.parametrize("text", ["\ufeff dat 0\n mov 5", b"\xef\xbb\xbf dat 0\n mov 5"])
def test_a_byte_order_mark_is_ignored_with_a_warning(text):
    with pytest.raises(AssemblyError) as caught:
        assemble(text)
    assert [(error.line, error.column) for error in caught.value.errors] == [(2, 2)]
    warrior = assemble(text[:-6])
    assert warrior == assemble("dat 0")
    assert warrior.warnings == ("line 1: the byte-order mark before the text is ignored",)


def test_a_file_is_loaded_under_its_name(tmp_path):
    path = tmp_path / "imp.red"
    path.write_bytes(b";name Imp\r\nmov 0, 1\r\n")
    assert load(path).name == "Imp"
    path.write_bytes(b"nop WARRIORS, ROUNDS")
    assert load(path).code == assemble(f"nop 1, {ROUNDS}").code
    assert load(path, warriors=3, rounds=7).code == assemble("nop 3, 7").code
    path.write_bytes(b"mov")
    with pytest.raises(ValueError, match=f"^{path}:1:1: expected an operand for mov"):
        load(str(path))
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.red")


def test_length_limits():
    assert len(assemble("nop 0\n" * 5, NANO)) == 5
    with pytest.raises(ValueError, match="expected 1 to 5 instructions, got 6"):
        assemble("nop 0\n" * 6, NANO)
    with pytest.raises(ValueError, match="expected 1 to 5 instructions, got 0"):
        assemble(";redcode\n", NANO)


@pytest.mark.parametrize("name", builtin_names())
def test_the_built_in_warriors_assemble_without_a_warning(name):
    assert builtin(name).warnings == ()


@given(st.integers(-(10**12), 10**12), st.integers(80, 65535))
def test_fields_are_taken_modulo_the_core(number, core_size):
    rules = Rules(core_size=core_size, max_length=20, min_distance=20)
    assert assemble(f"dat {number}, ({number})", rules).code[0][3::2] == (number % core_size,) * 2
