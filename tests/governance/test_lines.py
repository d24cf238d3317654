import pytest

from governance.lines import problem_of_line, problem_of_text


@pytest.mark.parametrize(
    "line", ["Solidarity", "Educación", "می‌خواهم", "👩‍👩‍👧 family", "אבג\u200f", "𞤀", "\U0001fae9"]
)
def test_lines_that_people_write_are_fine_even_with_characters_newer_than_this_python(line: str) -> None:
    assert problem_of_line(line, 40) is None


@pytest.mark.parametrize("line", ["", " ", "\t", "\u00a0\u2003", "\u200d\u200f", "\u2800", "\u3164"])
def test_a_line_in_which_nothing_can_be_seen_is_empty(line: str) -> None:
    assert problem_of_line(line, 40) == "is empty"


@pytest.mark.parametrize(
    "sign",
    ["\n", "\t", "\r", "\x00", "\x1f", "\x7f", "\x85", "\u2028", "\u2029", "\u202e", "\u2066", "\u200b", "\ufeff"],
)
def test_a_line_has_no_break_and_nothing_that_turns_or_hides_text(sign: str) -> None:
    assert (
        problem_of_line(f"a{sign}b", 40) == f"has the character U+{ord(sign):04X}, which is invisible or a line break"
    )


def test_a_line_has_a_longest_length_that_still_fits() -> None:
    assert problem_of_line("a" * 40, 40) is None
    assert problem_of_line("a" * 41, 40) == "has 41 characters, and at most 40 are allowed"


def test_a_text_has_tabs_and_line_feeds_and_is_as_long_as_it_likes() -> None:
    assert problem_of_text("One.\n\n\tTwo. \u202b and what turns\n" * 1000) is None


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\r", "\x1b", "\x9f", "\ud800"])
def test_a_text_has_no_control_characters_that_a_database_might_refuse(sign: str) -> None:
    assert problem_of_text(f"a{sign}b") == f"has the character U+{ord(sign):04X}, which is invisible or a line break"


def test_a_text_of_blanks_is_empty() -> None:
    assert problem_of_text("\n \t\n") == "is empty"
