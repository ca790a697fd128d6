from hypothesis import given
from hypothesis import strategies as st

from redcode.text import difference, plural, printable


@given(st.text(), st.integers(0, 50))
def test_it_is_bounded_printable_and_stable(text, limit):
    shown = printable(text, limit)
    assert len(shown) <= limit + 1
    assert printable(shown, limit + 1) == shown
    assert all(character in "\n\t" or character.isprintable() or character.isspace() for character in shown)
    assert "\u2028" not in shown


def test_what_does_not_show_is_made_visible():
    assert printable("a\x00b\x1b[31m\x7f\u202e\u2028\ud800") == "a␀b␛[31m" + "\ufffd" * 4


def test_counts_agree_with_what_is_counted():
    assert [plural(count, "process") for count in (0, 1, 2)] == ["0 processes", "1 process", "2 processes"]
    assert plural(1, "warrior") == "1 warrior" and plural(3, "warrior") == "3 warriors"


def test_a_long_text_is_cut():
    assert printable("x" * 1_000_000, 5) == "xxxxx…"


def test_lines_and_tabs_stay():
    assert printable("a\n\tb") == "a\n\tb"


def test_a_difference_is_what_went_and_what_came_and_where():
    assert difference("a\nb\nc", "a\nx\nc") == "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c"
    assert difference("a\na\na\na\na", "a\na\na\nd\na\na") == "@@ -2,4 +2,5 @@\n a\n a\n+d\n a\n a"
    assert difference("a", "a") == ""
