import pickle

import pytest

from redcode import AssemblyError, RedcodeError, SourceError, assemble, errors
from redcode.diagnostics import MAX_ERRORS, Report

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


def test_an_error_of_the_whole_text_has_no_line():
    assert str(found("")) == "<source>:0:0: expected 1 to 100 instructions, got 0"


def test_one_error_of_a_kind_for_a_place():
    assert len(found("i for 5\n mov nowhere, 1\nrof").errors) == 1


def test_errors_are_bounded():
    assert len(found("mov ?\n" * 1000).errors) == MAX_ERRORS


def test_warnings_are_bounded_and_in_order():
    report = Report("x")
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
    error = pickle.loads(pickle.dumps(found(SOURCE)))
    assert str(error) == str(found(SOURCE))


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
