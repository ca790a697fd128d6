import pickle

import pytest

from redcode import AssemblyError, RedcodeError, SourceError, assemble, errors
from redcode.language.assembler import MAX_SOURCE
from redcode.language.diagnostics import MAX_ERRORS, Diagnostics

SOURCE = """;redcode-94
;name Broken
step equ step+1
lab mov.q 0, 1
 jmp nowhere
 djn lab
 add #2, 3/0
 dat 0, 0 ; fine
 nop\tstep
"""


def found(source, **options):
    with pytest.raises(AssemblyError) as caught:
        assemble(source, **options)
    return caught.value


def test_all_errors_of_a_text_come_at_once_in_its_order():
    error = found(SOURCE, path="broken.red")
    assert [(type(each).__name__, each.line, each.column, each.expected, each.got) for each in error.errors] == [
        ("ModifierError", 4, 9, "a modifier (A, B, AB, BA, F, X or I)", "'q'"),
        ("UndefinedSymbolError", 5, 6, "a defined name", "'nowhere'"),
        ("MissingOperandError", 6, 2, "two operands for djn", "one"),
        ("DivisionByZeroError", 7, 10, "a divisor other than 0", "0"),
        ("RecursiveEquError", 9, 6, "an EQU that does not name itself", "'step'"),
    ]
    assert all(each.path == "broken.red" for each in error.errors)
    assert error.errors[1].text == " jmp nowhere"


def test_the_text_of_an_error_points_at_the_place():
    lines = str(found(SOURCE, path="broken.red")).splitlines()
    assert lines[3:6] == [
        "broken.red:5:6: expected a defined name, got 'nowhere'",
        "     jmp nowhere",
        "         ^",
    ]
    assert lines[-3:-1] == ["broken.red:9:6: expected an EQU that does not name itself, got 'step'", "     nop step"]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("", (1, 1, "")),
        (";redcode\n;name x", (1, 1, "")),
        ("lab\n\nx equ 3 ; why", (3, 1, "x equ 3")),
        ("org 0\n end ; here\nnop 0", (2, 2, " end")),
        ("nop 0\n" * 100 + " lab nop 0\n" * 2, (101, 6, " lab nop 0")),
        ("org 1\ni for 101\n nop i\nrof\nend", (3, 2, " nop i")),
        ("m equ nop 0\n equ nop 1\n" + "nop 0\n" * 99 + " m", (102, 2, " m")),
        ("\n" * (MAX_SOURCE - 5) + " mov 0, 1", (MAX_SOURCE - 4, 6, "")),
    ],
)
def test_an_error_of_the_whole_text_has_a_place_too(source, place):
    (error,) = found(source).errors
    assert (error.line, error.column, error.text) == place


def test_an_error_without_a_source_line_shows_none():
    assert str(found("")) == "<source>:1:1: expected 1 to 100 instructions, got 0"


def test_one_error_of_a_kind_for_a_place():
    assert len(found("i for 5\n mov nowhere, 1\nrof").errors) == 1


def places(source):
    """What an error got, where: ``{'foo'@1:5}``."""
    return [f"{error.got}@{error.line}:{error.column}" for error in found(source).errors]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("mov foo, bar", ["'foo'@1:5", "'bar'@1:10"]),
        ("mov foo, foo", ["'foo'@1:5", "'foo'@1:10"]),
        ("mov a+foo*bar, (foo)", ["'foo'@1:7", "'bar'@1:11", "'foo'@1:17"]),
        ("mov 1/0, 2%0", ["0@1:5", "0@1:10"]),
        ("mov 1+2/0, #(3", ["0@1:5", "the end of the expression@1:13"]),
        ("mov.q foo, ?", ["'q'@1:5", "'foo'@1:7", "'?'@1:12"]),
        ("mov.q", ["the end of the line@1:1", "'q'@1:5"]),
        ("mov.", ["the end of the line@1:1", "the end of the line@1:4"]),
        ("mov #1 #2", ["one@1:1", "'#'@1:8"]),
        ("mov 'a', 'b'", ['"\'"@1:5', '"\'"@1:10']),
        ("x equ nowhere\nlab  add x, 2", ["'nowhere'@2:10"]),
        ("lab  add x, 2\nx equ nowhere", ["'nowhere'@1:10"]),
        ("m equ mov foo, 1\n equ mov bar, zap\n m", ["'foo'@3:2", "'bar'@3:2", "'zap'@3:2"]),
        ("mov a, b\na equ b\nb equ a", ["'a'@1:5", "'b'@1:8"]),
        ("i for 2\nl&i: mov . ab l&i, nope\nrof", ["'nope'@2:20"]),
        ("mov 0,\\\n nope", ["'nope'@2:2"]),
        ("m equ jmp\nlab m nope, \\\n\tnope", ["'nope'@2:7", "'nope'@3:2"]),
        ("mov 1 2, nope", ["'nope'@1:10"]),
        ("a jmp b\nb jmp mov\njmp nope", ["'mov'@2:7", "'nope'@3:5"]),
    ],
)
def test_every_error_is_found_and_points_at_its_token(source, expected):
    assert places(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("mvo 0, 1", ["'mvo'@1:1"]),
        ("mvo.i 0, 1", ["'mvo'@1:1"]),
        ("start: mvo 0, 1\njmp start", ["'mvo'@1:8"]),
        ("two labels mvo #0, 1", ["'mvo'@1:12"]),
        ("i for 2\nl&i mvo #0, 1\nrof", ["'mvo'@2:5"]),
        ("x equ 0, 1\nlab mvo x", ["'mvo'@2:5"]),
        ("start: 0, 1", ["'0'@1:8"]),
        ("lab\n 0, 1", ["'0'@2:2"]),
        ("lab mov 0, 1\na equ lab\na (1", ["'('@3:3"]),
    ],
)
def test_a_misspelled_operation_is_what_the_error_points_at(source, expected):
    assert places(source) == expected


@pytest.mark.parametrize(
    ("source", "warning"),
    [
        ("start: jpm start", "line 1: labels without an instruction: start, jpm, start"),
        ("mov 0 1", "line 1: '0 1' is read as one number: is a comma missing?"),
        ("a nop 0\na add 1, 2\n jmp nope", "line 2: label 'a' is defined already, so this line is ignored"),
    ],
)
def test_warnings_come_with_the_errors(source, warning):
    error = found(source, path="odd.red")
    assert error.warnings == (warning,)
    assert str(error).endswith(f"\nodd.red: warning: {warning}")


def test_there_are_no_warnings_that_only_an_error_causes():
    assert found("org 1\nlab mov 0, 1\nmov mov, 2\nlast jmp jmp").warnings == ()


def test_errors_are_bounded():
    assert len(found("mov ?\n" * 1000).errors) == MAX_ERRORS


def test_warnings_are_bounded_and_in_order():
    report = Diagnostics("x")
    for line in range(1000, 0, -1):
        report.warn(line, "odd")
    assert report.warnings[0] == "line 951: odd"
    assert len(report.warnings) == 50


def test_hostile_text_is_shown_harmlessly_and_cut():
    text = str(found(f"mov \x1b[31m\u202e, {'1' * 200}\n"))
    assert all(character.isprintable() or character == "\n" for character in text)
    error = found(" " * 240 + "mov ?, " + "x" * 10**5).errors[0]
    assert len(str(error)) < 400
    assert len(str(found("9" * 5000 + " mov 0, 1"))) < 400


def test_the_caret_stays_under_a_far_away_token():
    error = found("nop " + "0 +" * 60 + " ?").errors[0]
    _, shown, caret = str(error).splitlines()
    assert shown[caret.index("^")] == "?"
    assert error.column == 186


def test_errors_survive_pickling():
    source = SOURCE + "equ 1\n"
    error = pickle.loads(pickle.dumps(found(source)))
    assert str(error) == str(found(source))
    assert error.warnings == ("line 10: EQU without a label is ignored",)


@pytest.mark.parametrize("name", [name for name in dir(errors) if name.endswith("Error")])
def test_there_is_one_root(name):
    kind = getattr(errors, name)
    assert issubclass(kind, RedcodeError)
    assert issubclass(RedcodeError, ValueError)
    assert kind.__doc__


def test_every_kind_of_source_error_has_a_position():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, SourceError)]
    for kind in kinds:
        error = kind("x", "y", "f.red", 3, 2, "abc")
        assert str(error) == "f.red:3:2: expected x, got y\n    abc\n     ^"
    assert len(kinds) == 15


def test_an_error_tells_its_place_and_its_reason_apart():
    with pytest.raises(AssemblyError) as caught:
        assemble("nop 0\n mov", path="a.red")
    (error,) = caught.value.errors
    assert error.reason == "expected an operand for mov, got the end of the line"
    assert error.message == f"a.red:2:2: {error.reason}"
    assert str(error).startswith(f"{error.message}\n")
