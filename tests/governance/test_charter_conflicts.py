from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.charter import AmendmentOutdated, Charter, Operation, conflicts
from governance.errors import Refusal
from tests.governance.acting import refused
from tests.governance.charters import add, amend, charter, move, order, replace, said, strike

ABC = charter("a", "b", "c")


def test_untouched_articles_may_have_moved_on() -> None:
    moved_on = amend(ABC, replace("a", "n"), strike("c"))
    assert said(amend(moved_on, replace("b", "m"), base=1)) == {"a": "n", "b": "m"}


@pytest.mark.parametrize(
    ("meanwhile", "operation", "conflict"),
    [
        (replace("b", "n"), replace("b", "m"), ("b", "changed")),
        (replace("b", "n"), strike("b"), ("b", "changed")),
        (strike("b"), replace("b", "m"), ("b", "struck")),
        (strike("b"), strike("b"), ("b", "struck")),
        (strike("b"), move("b"), ("b", "struck")),
        (strike("b"), add("x", "b"), ("b", "anchor_struck")),
        (strike("b"), move("a", "b"), ("b", "anchor_struck")),
        (add("x"), add("x", "c"), ("x", "id_taken")),
        (strike("b"), add("b"), ("b", "id_taken")),
    ],
)
def test_a_change_in_the_same_place_conflicts_and_is_never_merged(
    meanwhile: Operation, operation: Operation, conflict: tuple[str, str]
) -> None:
    moved_on = amend(ABC, meanwhile)
    assert [(one.article, one.reason) for one in conflicts(moved_on, (operation,))] == [conflict]
    with pytest.raises(AmendmentOutdated, match=rf"{conflict[0]} \({conflict[1]}\)") as caught:
        amend(moved_on, operation, base=1)
    assert caught.value.code == "amendment_outdated"


def test_a_change_back_to_what_was_there_is_no_conflict() -> None:
    back = amend(amend(ABC, replace("b", "n")), replace("b", "b", "n"))
    assert said(amend(back, replace("b", "m"), base=1))["b"] == "m"


def test_moving_an_article_that_was_reworded_is_no_conflict() -> None:
    assert said(amend(amend(ABC, replace("b", "n")), move("b"), base=1)) == {"b": "n", "a": "a", "c": "c"}


def test_articles_added_at_one_anchor_stand_in_the_order_of_the_log() -> None:
    first = amend(ABC, add("x", "a"))
    second = amend(first, add("y", "a"), base=1)
    assert order(second) == "axybc"
    assert order(amend(second, add("z", "a"), base=1)) == "axyzbc"


def test_who_has_seen_what_was_added_at_an_anchor_goes_before_it() -> None:
    first = amend(ABC, add("x", "a"))
    assert order(amend(first, add("y", "a"), base=2)) == "ayxbc"
    assert order(amend(amend(first, add("y", "a"), base=1), add("z", "a"), base=2)) == "azxybc"


def test_the_start_is_an_anchor_like_any_other() -> None:
    assert order(amend(amend(ABC, add("x")), add("y"), base=1)) == "xyabc"


def test_what_was_added_behind_each_other_is_not_torn_apart() -> None:
    pair = amend(ABC, add("x", "a"), add("y", "x"))
    assert order(amend(pair, add("z", "a"), base=1)) == "axyzbc"


def test_a_moved_article_takes_its_place_like_a_new_one() -> None:
    assert order(amend(amend(ABC, move("c", "a")), add("x", "a"), base=1)) == "acxb"


def test_an_id_once_struck_is_refused_in_every_later_version() -> None:
    later = amend(amend(ABC, strike("b")), add("x"))
    with refused("amendment_outdated"):
        amend(later, add("b", "a"))


def changes(ids: str) -> st.SearchStrategy[tuple[Operation, ...]]:
    """Changes of these articles, placed anywhere."""
    article, anchor = st.sampled_from(ids), st.none() | st.sampled_from("abcdxyz")
    operations: list[st.SearchStrategy[Any]] = [
        st.builds(add, article, anchor),
        st.builds(move, article, anchor),
        st.builds(strike, article),
        st.builds(replace, article, st.sampled_from("nm")),
    ]
    return st.lists(st.one_of(operations), min_size=1, max_size=3).map(tuple)


def tried(before: Charter, change: tuple[Operation, ...], base: int) -> Charter | None:
    try:
        return amend(before, *change, base=base)
    except Refusal:
        return None


@given(st.lists(changes("abcdxyz"), min_size=1, max_size=6))
def test_no_id_is_ever_used_twice_and_no_article_gets_lost(history: list[tuple[Operation, ...]]) -> None:
    present, base = charter("a", "b", "c", "d"), 1
    ever = set("abcd")
    for change in history:
        before, present = present, tried(present, change, base) or present
        ids = [article.id for article in present.articles]
        assert len(set(ids)) == len(ids) > 0
        assert not set(ids) & set(present.struck)
        assert set(before.struck) <= set(present.struck)
        added = set(ids) - {article.id for article in before.articles}
        assert not added & set(before.struck)
        ever |= added
        assert ever == set(ids) | set(present.struck)


@given(changes("abx"), changes("cdy"))
def test_changes_without_conflict_keep_all_articles_in_either_order(
    one: tuple[Operation, ...], other: tuple[Operation, ...]
) -> None:
    both = []
    for first, second in ((one, other), (other, one)):
        halfway = tried(charter("a", "b", "c", "d"), first, 1)
        if halfway is None or (whole := tried(halfway, second, 1)) is None:
            return
        both.append((said(whole), set(whole.struck), len(whole.articles)))
    assert both[0] == both[1]
