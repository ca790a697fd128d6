import pytest

from redcode.language.lexer import Line, read


def texts(source):
    return [line.text for line in read(source).lines]


def test_comments_and_empty_lines_are_left_out():
    assert texts("\n mov 0, 1 ; x\n;\n \t\n; just words\n dat 0") == [" mov 0, 1", " dat 0"]


def test_lines_before_the_first_redcode_and_after_the_second_are_dropped():
    assert texts("hello\n;redcode-94\n nop 0\n;REDCODE\n dat 0") == [" nop 0"]


@pytest.mark.parametrize("header", ["; redcode", ";redcode94", ";redcodes", "x ;redcode"])
def test_what_is_no_header(header):
    assert texts(f" nop 0\n{header}\n dat 0")[0] == " nop 0"


def test_names_before_redcode_count():
    source = read(";name A b \n;AUTHOR\tme\n;strategy one\n; Strategy  two\n;redcode\n;date x")
    assert (source.name, source.author, source.strategy) == ("A b ", "me", ["one", "two"])


def test_names_have_pmars_defaults():
    source = read(";name\n;author \n")
    assert (source.name, source.author, source.strategy) == ("Unknown", "Anonymous", [])


def test_a_backslash_joins_lines_and_the_number_is_the_first_ones():
    lines = read("\n mov \\\n0, \\\n1\n dat 0\\").lines
    assert [(line.number, line.text) for line in lines] == [(2, " mov 0, 1"), (5, " dat 0")]
    assert [lines[0].place(index) for index in range(5)] == [
        *[(2, 2, " mov "), (3, 1, "0, "), (3, 2, "0, "), (4, 1, "1"), (4, 2, "1")]
    ]
    assert lines[1].place(9) == (5, 7, " dat 0")


def test_a_backslash_in_a_comment_joins_nothing():
    assert texts(" spl 1 ; \\\n spl 1\n; words \\\n mov -1, 0") == [" spl 1", " spl 1", " mov -1, 0"]
    source = read(";name A \\\n;author B \\\n;strategy C \\\n;assert 1 ; \\\n nop 0 \\")
    assert (source.name, source.author, source.strategy) == ("A \\", "B \\", ["C \\"])
    assert len(source.lines) == 2


def test_a_line_that_a_backslash_goes_on_with_a_comment_ends_there():
    first, second = read("nop 0 \\\n\\\n ; words \\\n more").lines
    assert (first.text, first.place(1), first.place(2)) == ("nop 0", (1, 5, "nop 0"), (1, 6, "nop 0"))
    assert (second.text, second.number) == (" more", 4)


def test_a_backslash_joins_lines_that_end_in_a_carriage_return_too():
    assert texts(" mov 0, \\\r\n 1\r\n jmp -1 ; \\\r\n dat 0\r\n") == [" mov 0,  1", " jmp -1", " dat 0"]


@pytest.mark.parametrize("end", ["\r", "\0"])
def test_a_carriage_return_or_nul_ends_a_line(end):
    assert texts(f" mov 0, 1{end} junk\n dat 0{end}\n") == [" mov 0, 1", " dat 0"]


def test_other_line_separators_are_no_line_ends():
    assert texts(" mov 0, 1\x0b\x0c\x1c\x85\u2028 dat 0") == [" mov 0, 1\x0b\x0c\x1c\x85\u2028 dat 0"]


def test_an_assertion_is_a_line_whose_tokens_follow_the_word():
    (line,) = read(" ; assert CORESIZE == 8000 ; really").lines
    assert line.is_assert
    assert line.condition == "CORESIZE == 8000"
    assert [word for word, _ in line.tokens] == ["CORESIZE", "=", "=", "8000"]
    assert [line.place(index).column for index in range(5)] == [11, 20, 21, 23, 27]


def test_tokens_say_whether_a_blank_follows():
    assert Line(1, "a_1&i \t12&&x||é.").tokens == [
        *[("a_1", ""), ("&", ""), ("i", " "), ("12", ""), ("&&", ""), ("x", ""), ("||", ""), ("é", ""), (".", "")]
    ]


def test_the_rest_of_a_line_keeps_its_columns():
    rest = Line(3, "lab equ  mov 1, 2").rest(2)
    assert [word for word, _ in rest.tokens] == ["mov", "1", ",", "2"]
    assert [rest.place(index)[:2] for index in (0, 3)] == [(3, 10), (3, 17)]
