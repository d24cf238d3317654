from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from governance.canonical import decoder_for, encode, from_text
from governance.counting.bounds import Ceiling, Floor
from governance.counting.weighting import (
    CategoryWeight,
    Cut,
    FactNegative,
    MemberTwice,
    Tier,
    Weighable,
    Weighed,
    Weighting,
    WeightingInvalid,
    WeightingUnused,
    check_weighting,
    weigh,
)

F = Fraction
ZERO = F(0)


def coops(*sizes: int | Fraction, country: str = "AR", category: str = "full") -> list[Weighable]:
    return [
        Weighable(category=category, coop=f"c{n}", country=country, facts={"cooperators": F(size)})
        for n, size in enumerate(sizes)
    ]


def weights(members: list[Weighable], weighting: Weighting) -> list[Fraction]:
    check_weighting(weighting)
    return [each.weight for each in weigh(members, weighting)]


def rule(text: str) -> Weighting:
    return msgspec.json.decode(text, type=Weighting, dec_hook=from_text)


def test_one_coop_has_one_vote_whatever_its_size() -> None:
    assert weights([*coops(3, 800), Weighable(category="full", coop="x")], Weighting()) == [1, 1, 1]


def test_linear_gives_votes_for_each_cooperator() -> None:
    assert weights(coops(3, 12, 0), Weighting(kind="linear")) == [3, 12, 0]
    assert weights(coops(3, 12), Weighting(kind="linear", votes_per=F(1, 10))) == [F(3, 10), F(6, 5)]


def test_tiers_give_the_weight_of_the_highest_tier_reached() -> None:
    tiers = (
        Tier(from_number=F(1), weight=F(1)),
        Tier(from_number=F(10), weight=F(2)),
        Tier(from_number=F(50), weight=F(7, 2)),
    )
    given_ = weights(coops(0, 1, 9, 10, 49, 50, 1000), Weighting(kind="tiers", tiers=tiers))
    assert given_ == [0, 1, 1, 2, 2, F(7, 2), F(7, 2)]


@pytest.mark.parametrize(
    ("size", "votes"),
    [(0, 0), (1, 1), (3, 1), (4, 2), (8, 2), (9, 3), (F(35, 4), 2), (10**30, 10**15), (10**30 - 1, 10**15 - 1)],
)
def test_the_integer_square_root_is_rounded_down_exactly(size: Fraction, votes: int) -> None:
    assert weights(coops(size), Weighting(kind="integer_square_root")) == [votes]


def test_categories_have_their_own_weights_and_unlisted_ones_none() -> None:
    weighting = Weighting(
        kind="by_category",
        categories=(CategoryWeight(category="worker", weight=F(3)), CategoryWeight(category="user", weight=F(1))),
    )
    check_weighting(weighting)
    members = [Weighable(category=name, coop=name) for name in ("worker", "user", "friend")]
    assert [(each.weight, each.no_weight) for each in weigh(members, weighting)] == [
        (F(3), None),
        (F(1), None),
        (F(0), "category_not_listed"),
    ]


def test_a_coop_without_the_fact_has_no_vote_and_no_floor_gives_it_one() -> None:
    members = [*coops(0), Weighable(category="full", coop="x", facts={"dues": F(9)})]
    known, unknown = weigh(members, Weighting(kind="linear", floor=F(1)))
    assert known == Weighed(coop="c0", cuts=(Cut(after=F(1), before=ZERO, reason="floor"),), raw=ZERO, weight=F(1))
    assert unknown == Weighed(coop="x", no_weight="fact_missing", raw=ZERO, weight=ZERO)


def test_another_fact_can_be_weighed() -> None:
    assert weights(
        [Weighable(category="full", coop="x", facts={"dues": F(9, 2)})], Weighting(kind="linear", fact="dues")
    ) == [F(9, 2)]


def test_floor_and_cap_bound_each_coop() -> None:
    assert weights(coops(1, 5, 80), Weighting(kind="linear", floor=F(2), cap=F(10))) == [2, 5, 10]


def test_a_cap_as_a_share_is_of_the_uncapped_total() -> None:
    # 10 + 10 + 80 = 100, a quarter is 25: of the capped total of 45 it is more than half, which the rule accepts.
    assert weights(coops(10, 10, 80), Weighting(kind="linear", cap_share=F(1, 4))) == [10, 10, 25]
    assert weights(coops(10, 10, 80), Weighting(kind="linear", cap=F(30), cap_share=F(1, 4))) == [10, 10, 25]
    assert weights(coops(0, 10, 80), Weighting(kind="linear", floor=F(10), cap_share=F(1, 4))) == [10, 10, 25]


def test_a_country_is_cut_pro_rata_after_its_coops() -> None:
    members = [
        *coops(10, 30, 60),
        Weighable(category="full", coop="es", country="ES", facts={"cooperators": F(100)}),
        Weighable(category="full", coop="none", facts={"cooperators": F(200)}),
    ]
    # Of 400, a coop has at most 80 and a country 100; the coop without a country is in no country's cap.
    weighting = Weighting(kind="linear", cap_share=F(1, 5), country_cap_share=F(1, 5))
    assert weights(members, weighting) == [8, 24, 48, 80, 80]
    first = weigh(members, weighting)[0]
    assert first.cuts == (Cut(after=F(8), before=F(10), reason="country_cap_share"),)


def test_a_country_at_its_cap_exactly_is_not_cut() -> None:
    members = [*coops(1, 1), Weighable(category="full", coop="es", country="ES", facts={"cooperators": F(2)})]
    assert weights(members, Weighting(kind="linear", country_cap_share=F(1, 2))) == [1, 1, 2]


def test_one_coop_one_vote_can_still_be_capped_by_country() -> None:
    members = [Weighable(category="full", coop=f"a{n}", country="AR") for n in range(6)]
    members += [Weighable(category="full", coop=f"e{n}", country="ES") for n in range(2)]
    assert weights(members, Weighting(country_cap_share=F(1, 2))) == [F(2, 3)] * 6 + [1, 1]


def test_every_change_of_a_weight_is_told_in_order() -> None:
    members = [
        Weighable(category="full", coop="big", country="AR", facts={"cooperators": F(100)}),
        Weighable(category="observer", coop="eye", country="ES", facts={"cooperators": F(60)}),
    ]
    weighting = Weighting(
        kind="linear",
        cap=F(50),
        cap_share=F(1, 4),
        country_cap_share=F(1, 5),
        ceilings=(Ceiling(categories=("observer",), at_most=F(1, 3)),),
    )
    big, eye = weigh(members, weighting)
    assert [(cut.reason, cut.before, cut.after) for cut in big.cuts] == [
        ("cap", F(100), F(50)),
        ("cap_share", F(50), F(40)),
        ("country_cap_share", F(40), F(32)),
    ]
    assert [(cut.reason, cut.after) for cut in eye.cuts] == [
        ("cap", F(50)),
        ("cap_share", F(40)),
        ("country_cap_share", F(32)),
        ("category_bound", F(16)),
    ]
    assert (big.raw, big.weight, eye.raw, eye.weight) == (F(100), F(32), F(60), F(16))


def test_a_coop_listed_twice_is_refused() -> None:
    with pytest.raises(MemberTwice, match="A coop is listed twice"):
        weigh([*coops(1), *coops(2)], Weighting())


def test_a_negative_fact_is_refused() -> None:
    with pytest.raises(FactNegative, match="-1 cooperators"):
        weigh(coops(-1), Weighting(kind="linear"))


numbers = st.builds(F, st.integers(0, 40), st.integers(1, 3))
shares = st.sampled_from([F(1, 10), F(1, 4), F(1, 3), F(1, 2), F(2, 3), F(9, 10)])


@st.composite
def memberships(draw: st.DrawFn) -> list[Weighable]:
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(("full", "associate", "observer", "friend")),
                st.sampled_from(("AR", "ES", None)),
                st.none() | numbers,
            ),
            max_size=8,
        )
    )
    return [
        Weighable(category=category, coop=f"c{n}", country=country, facts={} if fact is None else {"cooperators": fact})
        for n, (category, country, fact) in enumerate(rows)
    ]


@st.composite
def weightings(draw: st.DrawFn) -> Weighting:
    kind: Any = draw(st.sampled_from(("one_coop_one_vote", "linear", "tiers", "integer_square_root", "by_category")))
    fields: dict[str, Any] = {"kind": kind, "country_cap_share": draw(st.none() | shares)}
    if kind in ("linear", "tiers", "integer_square_root"):
        fields["floor"] = draw(st.none() | st.sampled_from([F(1, 2), F(1)]))
        fields["cap"] = draw(st.none() | st.sampled_from([F(1), F(5), F(31, 2)]))
    if kind != "one_coop_one_vote":
        fields["cap_share"] = draw(st.none() | shares)
    if kind == "tiers":
        fields["tiers"] = (Tier(from_number=ZERO, weight=F(1)), Tier(from_number=F(10), weight=F(5, 2)))
    if kind == "by_category":
        named = ("full", "associate", "observer")
        fields["categories"] = tuple(CategoryWeight(category=name, weight=draw(numbers) + 1) for name in named)
    bounds = draw(st.sampled_from(("", "c", "f", "cf", "cc", "ff")))
    groups = iter((("observer",), ("associate", "friend")))
    for bound in bounds:
        if bound == "c":
            ceiling = Ceiling(categories=next(groups), at_most=draw(shares))
            fields["ceilings"] = (*fields.get("ceilings", ()), ceiling)
        else:
            floor = Floor(categories=next(groups), at_least=draw(shares))
            fields["floors"] = (*fields.get("floors", ()), floor)
    assume(sum((floor.at_least for floor in fields.get("floors", ())), ZERO) <= 1)
    return Weighting(**fields)


@given(memberships(), weightings(), st.randoms(use_true_random=False))
def test_no_weight_depends_on_the_order_of_members(members: list[Weighable], weighting: Weighting, random: Any) -> None:
    check_weighting(weighting)
    shuffled = list(members)
    random.shuffle(shuffled)
    assert {each.coop: each for each in weigh(members, weighting)} == {
        each.coop: each for each in weigh(shuffled, weighting)
    }
    assert [each.coop for each in weigh(members, weighting)] == [member.coop for member in members]


@given(memberships(), weightings())
def test_no_cap_is_ever_exceeded_and_no_weight_negative(members: list[Weighable], weighting: Weighting) -> None:
    weighed = weigh(members, weighting)
    uncapped = ZERO
    for each in weighed:
        counted = each.no_weight is None
        uncapped += max(each.raw, weighting.floor or ZERO) if counted else ZERO
    for each in weighed:
        assert 0 <= each.weight <= (each.weight if weighting.cap is None else weighting.cap)
        if weighting.cap_share is not None:
            assert each.weight <= weighting.cap_share * uncapped
    if weighting.country_cap_share is not None:
        for country in ("AR", "ES"):
            held = sum((w.weight for w, m in zip(weighed, members, strict=True) if m.country == country), ZERO)
            assert held <= weighting.country_cap_share * uncapped


@given(memberships(), weightings())
def test_categories_keep_their_bounds_of_the_resulting_total(members: list[Weighable], weighting: Weighting) -> None:
    weighed = weigh(members, weighting)
    total = sum((each.weight for each in weighed), ZERO)
    for ceiling in weighting.ceilings:
        held = sum((w.weight for w, m in zip(weighed, members, strict=True) if m.category in ceiling.categories), ZERO)
        assert held <= ceiling.at_most * total
    for floor in weighting.floors:
        held = sum((w.weight for w, m in zip(weighed, members, strict=True) if m.category in floor.categories), ZERO)
        assert held == 0 or held >= floor.at_least * total


@given(memberships(), weightings())
def test_a_weight_is_its_raw_weight_with_all_its_cuts(members: list[Weighable], weighting: Weighting) -> None:
    for each in weigh(members, weighting):
        weight = each.raw
        for cut in each.cuts:
            assert cut.before == weight != cut.after
            weight = cut.after
        assert weight == each.weight
        assert decoder_for(Weighed)(encode(each)) == each


@given(weightings())
def test_a_weighting_is_written_and_read_back(weighting: Weighting) -> None:
    assert decoder_for(Weighting)(encode(weighting)) == weighting
    assert encode(rule(encode(weighting).decode())) == encode(weighting)


def test_a_spelled_out_default_is_written_like_the_default() -> None:
    assert encode(rule('{"fact":"cooperators","kind":"one_coop_one_vote"}')) == encode(Weighting()) == b"{}"


GOOD = [
    "{}",
    '{"country_cap_share":"1/4"}',
    '{"kind":"linear","votes_per":"1/10","floor":"1","cap":"1","cap_share":"1/10"}',
    '{"kind":"tiers","tiers":[{"from_number":"0","weight":"0"},{"from_number":"10","weight":"1/2"}],"cap":"1/3"}',
    '{"kind":"integer_square_root","fact":"dues","floor":"1/2"}',
    '{"kind":"by_category","categories":[{"category":"full","weight":"3"}],"cap_share":"1/3"}',
    '{"ceilings":[{"categories":["a","b"],"at_most":"1/3"}],"floors":[{"categories":["c"],"at_least":"1/2"}]}',
    '{"floors":[{"categories":["a"],"at_least":"1/2"},{"categories":["c"],"at_least":"1/2"}]}',
]


@pytest.mark.parametrize("text", GOOD)
def test_a_sensible_weighting_passes(text: str) -> None:
    check_weighting(rule(text))


BAD = [
    ('{"votes_per":"1/10"}', WeightingUnused, "votes_per"),
    ('{"fact":"dues"}', WeightingUnused, "fact"),
    ('{"floor":"1"}', WeightingUnused, "floor"),
    ('{"cap":"1"}', WeightingUnused, "cap has"),
    ('{"cap_share":"1/2"}', WeightingUnused, "cap_share"),
    ('{"tiers":[{"from_number":"0","weight":"1"}]}', WeightingUnused, "tiers"),
    ('{"categories":[{"category":"full","weight":"1"}]}', WeightingUnused, "categories"),
    ('{"kind":"linear","tiers":[{"from_number":"0","weight":"1"}]}', WeightingUnused, "tiers"),
    ('{"kind":"linear","categories":[{"category":"full","weight":"1"}]}', WeightingUnused, "categories"),
    ('{"kind":"integer_square_root","votes_per":"2"}', WeightingUnused, "votes_per"),
    ('{"kind":"by_category","categories":[{"category":"full","weight":"1"}],"fact":"dues"}', WeightingUnused, "fact"),
    ('{"kind":"by_category","categories":[{"category":"full","weight":"1"}],"floor":"1"}', WeightingUnused, "floor"),
    ('{"kind":"by_category","categories":[{"category":"full","weight":"1"}],"cap":"1"}', WeightingUnused, "cap"),
    ('{"kind":"linear","fact":""}', WeightingInvalid, "Name the fact"),
    ('{"kind":"linear","votes_per":"0"}', WeightingInvalid, "above 0"),
    ('{"kind":"linear","votes_per":"-1"}', WeightingInvalid, "above 0"),
    ('{"kind":"linear","floor":"0"}', WeightingInvalid, "least weight"),
    ('{"kind":"linear","floor":"2","cap":"1"}', WeightingInvalid, "least weight"),
    ('{"kind":"linear","cap":"0"}', WeightingInvalid, "cap is above 0"),
    ('{"kind":"linear","cap":"-1"}', WeightingInvalid, "cap is above 0"),
    ('{"kind":"linear","cap_share":"0"}', WeightingInvalid, "share"),
    ('{"kind":"linear","cap_share":"1"}', WeightingInvalid, "share"),
    ('{"country_cap_share":"-1/2"}', WeightingInvalid, "share"),
    ('{"country_cap_share":"1"}', WeightingInvalid, "share"),
    ('{"kind":"tiers"}', WeightingInvalid, "at least one"),
    ('{"kind":"tiers","tiers":[{"from_number":"-1","weight":"1"}]}', WeightingInvalid, "lowest first"),
    (
        '{"kind":"tiers","tiers":[{"from_number":"5","weight":"1"},{"from_number":"2","weight":"2"}]}',
        WeightingInvalid,
        "lowest first",
    ),
    (
        '{"kind":"tiers","tiers":[{"from_number":"5","weight":"1"},{"from_number":"5","weight":"2"}]}',
        WeightingInvalid,
        "different",
    ),
    ('{"kind":"tiers","tiers":[{"from_number":"0","weight":"-1"}]}', WeightingInvalid, "0 or more"),
    (
        '{"kind":"tiers","tiers":[{"from_number":"0","weight":"-1"},{"from_number":"2","weight":"2"}]}',
        WeightingInvalid,
        "0 or more",
    ),
    ('{"kind":"tiers","tiers":[{"from_number":"0","weight":"0"}]}', WeightingInvalid, "at least one is above 0"),
    ('{"kind":"by_category"}', WeightingInvalid, "at least one is above 0"),
    ('{"kind":"by_category","categories":[{"category":"full","weight":"0"}]}', WeightingInvalid, "at least one"),
    (
        '{"kind":"by_category","categories":[{"category":"a","weight":"1"},{"category":"a","weight":"2"}]}',
        WeightingInvalid,
        "two weights",
    ),
    ('{"ceilings":[{"categories":["a"],"at_most":"1"}]}', WeightingInvalid, "share"),
    ('{"ceilings":[{"categories":["a"],"at_most":"0"}]}', WeightingInvalid, "share"),
    ('{"floors":[{"categories":["a"],"at_least":"1"}]}', WeightingInvalid, "share"),
    ('{"floors":[{"categories":["a"],"at_least":"0"}]}', WeightingInvalid, "share"),
    ('{"ceilings":[{"categories":[],"at_most":"1/2"}]}', WeightingInvalid, "names its categories"),
    ('{"floors":[{"categories":[],"at_least":"1/2"}]}', WeightingInvalid, "names its categories"),
    ('{"ceilings":[{"categories":["a","a"],"at_most":"1/2"}]}', WeightingInvalid, "one of them at most"),
    (
        '{"ceilings":[{"categories":["a"],"at_most":"1/2"}],"floors":[{"categories":["a"],"at_least":"1/3"}]}',
        WeightingInvalid,
        "one of them at most",
    ),
    (
        '{"floors":[{"categories":["a"],"at_least":"2/3"},{"categories":["b"],"at_least":"1/2"}]}',
        WeightingInvalid,
        "more than all",
    ),
]


@pytest.mark.parametrize(("text", "refusal", "said"), BAD)
def test_a_weighting_without_sense_is_refused(text: str, refusal: type[Exception], said: str) -> None:
    with pytest.raises(refusal, match=said):
        check_weighting(rule(text))
