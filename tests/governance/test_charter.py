from typing import Any

import pytest

from governance.charter import (
    AmendmentInvalid,
    ArticleContent,
    ArticleInvalid,
    amended,
    check_article_id,
    check_content,
    conflicts,
    content_digest,
)
from governance.ids import ArticleId
from tests.governance.acting import refused
from tests.governance.charters import LETTERS, add, amend, charter, content, digest, move, order, replace, said, strike

ABC = charter("a", "b", "c")


def test_the_founding_charter_is_version_1_in_the_order_it_was_written() -> None:
    assert (ABC.version, order(ABC), ABC.struck) == (1, "abc", ())
    assert charter().version == 0


@pytest.mark.parametrize(
    ("operation", "after"),
    [
        (add("x"), "xabc"),
        (add("x", "b"), "abxc"),
        (add("x", "c"), "abcx"),
        (move("c"), "cab"),
        (move("a", "b"), "bac"),
        (move("a", "c"), "bca"),
        (move("b", "a"), "abc"),
        (strike("b"), "ac"),
        (replace("b", "n"), "abc"),
    ],
)
def test_each_operation_does_what_its_name_says(operation: Any, after: str) -> None:
    changed = amend(ABC, operation)
    assert (order(changed), changed.version) == (after, 2)


def test_replacing_changes_what_an_article_says_and_nothing_else() -> None:
    changed = amend(ABC, replace("b", "n"))
    assert said(changed) == {"a": "a", "b": "n", "c": "c"}
    assert changed.articles[1].base == digest("n") == content_digest(content("n"))
    assert (changed.articles[0], changed.articles[2]) == (ABC.articles[0], ABC.articles[2])


def test_moving_keeps_what_an_article_says() -> None:
    assert said(amend(ABC, move("a", "c"))) == said(ABC)


def test_several_operations_happen_in_their_order() -> None:
    assert order(amend(ABC, add("x", "a"), add("y", "x"), add("z", "a"), strike("b"), move("c"))) == "caxyz"
    assert said(amend(ABC, replace("a", "n"), move("a", "c"))) == {"b": "b", "c": "c", "a": "n"}


def test_an_anchor_can_be_struck_after_it_was_used() -> None:
    assert order(amend(ABC, add("x", "b"), strike("b"))) == "axc"


def test_a_struck_id_is_remembered_for_ever() -> None:
    changed = amend(amend(ABC, strike("b")), strike("a"))
    assert changed.struck == ("b", "a")


@pytest.mark.parametrize(
    ("operations", "why"),
    [
        ((), "between 1 and 100"),
        (tuple(add(f"x{number}") for number in range(101)), "between 1 and 100"),
        ((replace("a", "n"), replace("a", "m")), "changed twice"),
        ((move("a"), move("a", "b")), "changed twice"),
        ((replace("a", "n"), strike("a")), "changed twice"),
        ((strike("a"), move("a", "b")), "changed twice"),
        ((strike("a"), strike("a")), "changed twice"),
        ((add("x"), add("x")), "changed twice"),
        ((add("x"), move("x", "b")), "changed twice"),
        ((move("x", "b"), add("x")), "changed twice"),
        ((add("x"), strike("x")), "changed twice"),
        ((add("x"), replace("x", "n")), "changed twice"),
        ((add("x", "x"),), "cannot be placed after"),
        ((move("a", "a"),), "cannot be placed after"),
        ((strike("b"), add("x", "b")), "cannot be placed after"),
        ((strike("b"), move("a", "b")), "cannot be placed after"),
        ((add("x", "y"), add("y", "a")), "cannot be placed after"),
        ((strike("a"), strike("b"), strike("c")), "Nothing would be left"),
        ((add("x", "q"),), "There is and was no article 'q'"),
        ((move("q"),), "There is and was no article 'q'"),
        ((strike("q"),), "There is and was no article 'q'"),
        ((replace("q", "n"),), "There is and was no article 'q'"),
    ],
)
def test_operations_that_contradict_each_other_are_refused(operations: Any, why: str) -> None:
    with pytest.raises(AmendmentInvalid, match=why) as caught:
        amend(ABC, *operations)
    assert caught.value.code == "amendment_invalid"


def test_everything_can_be_struck_where_something_new_is_added() -> None:
    assert order(amend(ABC, strike("a"), strike("b"), strike("c"), add("x"))) == "x"


@pytest.mark.parametrize("base", [0, -1, 2])
def test_a_change_names_a_version_that_there_is(base: int) -> None:
    with refused("amendment_invalid"):
        amend(ABC, strike("a"), base=base)


@pytest.mark.parametrize("article", ["", "A", "a b", "-a", "a-", "a--b", "1a", "a" * 81, "a\n", "ä", "a.b"])
def test_the_id_of_an_article_is_a_slug(article: str) -> None:
    with pytest.raises(ArticleInvalid) as caught:
        amend(ABC, add(article))
    assert caught.value.code == "article_invalid"
    check_article_id(ArticleId("a1-b-2" + "c" * 74))


@pytest.mark.parametrize(
    "fields",
    [
        {"heading": ""},
        {"heading": "a\nb"},
        {"heading": "a" * 201},
        {"section": " "},
        {"section": "a\u2028b"},
        {"text": "\n"},
        {"text": "a\x00b"},
        {"text": "a" * 20_001},
        {"text": "é" * 10_001},
    ],
)
def test_content_that_could_not_be_printed_or_stored_is_refused(fields: dict[str, str]) -> None:
    with refused("article_invalid"):
        check_content(ArticleContent(**{"heading": "Heading", "text": "Text.", **fields}))


def test_content_up_to_its_limits_is_fine() -> None:
    check_content(ArticleContent(heading="a" * 200, text="é" * 10_000, section="b" * 200))


def test_a_change_that_was_not_checked_never_ends_in_a_crash() -> None:
    for operation in (strike("q"), replace("q", "n"), move("q"), add("x", "q")):
        assert conflicts(ABC, (operation,))
        with refused("amendment_invalid"):
            amended(ABC, 1, (operation,), LETTERS)
