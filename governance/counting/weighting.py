"""What a coop's vote weighs: a rule over registered facts, in exact fractions, never typed in for one poll.

The order is that of decision 22: raw weight, floor, cap, cap as a share, cap per country, then collective bounds of
categories. Shares in caps are of the uncapped total (raw weights and floor), so that no ballot and no other coop's cap
moves them. Bounds of categories are true of the *resulting* total. All excess is cut pro rata.

A coop whose fact is missing, or whose category the rule does not list, weighs nothing: its vote waits for the fact. The
floor lifts known weights only. A coop without a country belongs to no country's cap.
"""

import sys
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import isqrt
from typing import Literal, assert_never

import msgspec

from governance.counting.bounds import Ceiling, Floor, bound_categories
from governance.errors import Refusal

Kind = Literal["one_coop_one_vote", "linear", "tiers", "integer_square_root", "by_category"]
CutReason = Literal["floor", "cap", "cap_share", "country_cap_share", "category_bound"]
NoWeight = Literal["fact_missing", "category_not_listed"]

_ZERO = Fraction(0)
_ONE = Fraction(1)


class WeightingInvalid(Refusal):
    """This weighting contradicts itself."""

    code = "weighting_invalid"


class WeightingUnused(Refusal):
    """This weighting sets something that it does not use."""

    code = "weighting_unused"


class MemberTwice(Refusal):
    """A coop is weighed twice."""

    code = "member_twice"


class FactNegative(Refusal):
    """A fact that weights are taken from is negative."""

    code = "fact_negative"


class Tier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From this number of the fact on, this weight."""

    from_number: Fraction
    weight: Fraction


class CategoryWeight(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What each coop of a category weighs."""

    category: str
    weight: Fraction


class Weighting(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How votes weigh.

    `fact` is the registered number that `linear`, `tiers` and `integer_square_root` go by. `linear` gives `votes_per`
    votes for each unit of it (one if unset; 1/10 is one vote for ten cooperators). `tiers` gives the weight of the
    highest tier reached, nothing below the first; `by_category` the weight listed in `categories`. `floor` and `cap`
    are weights; `cap_share` and `country_cap_share` are shares of the uncapped total, for one coop and for all coops of
    one country. `ceilings` and `floors` bound what categories hold together.
    """

    cap: Fraction | None = None
    cap_share: Fraction | None = None
    categories: tuple[CategoryWeight, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()
    country_cap_share: Fraction | None = None
    fact: str = "cooperators"
    floor: Fraction | None = None
    floors: tuple[Floor, ...] = ()
    kind: Kind = "one_coop_one_vote"
    tiers: tuple[Tier, ...] = ()
    votes_per: Fraction | None = None

    def __post_init__(self) -> None:
        # msgspec omits a default only if it is the same object; the bytes must not depend on where a string came from.
        msgspec.structs.force_setattr(self, "fact", sys.intern(self.fact))
        msgspec.structs.force_setattr(self, "kind", sys.intern(self.kind))


class Weighable(msgspec.Struct, frozen=True, kw_only=True):
    """A coop, as far as its weight depends on it."""

    category: str
    coop: str
    country: str | None = None
    facts: Mapping[str, Fraction] = {}


class Cut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One change of a weight, and why."""

    after: Fraction
    before: Fraction
    reason: CutReason


class Weighed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A coop's weight, the raw weight that it came from, and each change in between.

    A weight of 0 is a coop without a vote; `no_weight` says why where the register, not the rule's arithmetic, is the
    reason.
    """

    coop: str
    cuts: tuple[Cut, ...] = ()
    no_weight: NoWeight | None = None
    raw: Fraction
    weight: Fraction


def weigh(members: Sequence[Weighable], weighting: Weighting) -> tuple[Weighed, ...]:
    """The weight of each member, in the order given. No member's weight depends on that order.

    Raises:
        MemberTwice: a coop is listed twice.
        FactNegative: the fact weighed is below 0.
    """
    by_id = {member.coop: member for member in members}
    if len(by_id) != len(members):
        raise MemberTwice("A coop is listed twice among those to be weighed. One coop has one weight: list it once.")
    raw = {coop: raw_weight(member, weighting) for coop, member in by_id.items()}
    weights = {coop: weight for coop, weight in raw.items() if isinstance(weight, Fraction)}
    steps: list[tuple[CutReason, dict[str, Fraction]]] = []
    if weighting.floor is not None:
        weights = {coop: max(weight, weighting.floor) for coop, weight in weights.items()}
        steps.append(("floor", weights))
    uncapped = sum(weights.values(), _ZERO)
    if weighting.cap is not None:
        weights = {coop: min(weight, weighting.cap) for coop, weight in weights.items()}
        steps.append(("cap", weights))
    if weighting.cap_share is not None:
        most = weighting.cap_share * uncapped
        weights = {coop: min(weight, most) for coop, weight in weights.items()}
        steps.append(("cap_share", weights))
    if weighting.country_cap_share is not None:
        weights = _cap_countries(weights, by_id, weighting.country_cap_share * uncapped)
        steps.append(("country_cap_share", weights))
    category = {coop: by_id[coop].category for coop in weights}
    steps.append(("category_bound", bound_categories(weights, category, weighting.ceilings, weighting.floors)))
    return tuple(_weighed(member.coop, raw[member.coop], steps) for member in members)


def _weighed(coop: str, raw: Fraction | NoWeight, steps: Sequence[tuple[CutReason, Mapping[str, Fraction]]]) -> Weighed:
    if not isinstance(raw, Fraction):
        return Weighed(coop=coop, no_weight=raw, raw=_ZERO, weight=_ZERO)
    weight, cuts = raw, []
    for reason, weights in steps:
        if weights[coop] != weight:
            cuts.append(Cut(after=weights[coop], before=weight, reason=reason))
            weight = weights[coop]
    return Weighed(coop=coop, cuts=tuple(cuts), raw=raw, weight=weight)


def raw_weight(member: Weighable, weighting: Weighting) -> Fraction | NoWeight:
    """The weight of a member before floor, caps and bounds, or why it has none.

    Raises:
        FactNegative: the fact weighed is below 0.
    """
    kind = weighting.kind
    if kind == "one_coop_one_vote":
        return _ONE
    if kind == "by_category":
        listed = {each.category: each.weight for each in weighting.categories}
        return listed.get(member.category, "category_not_listed")
    fact = member.facts.get(weighting.fact)
    if fact is None:
        return "fact_missing"
    if fact < 0:
        raise FactNegative(
            f"{member.coop} has {fact} {weighting.fact}. A number below 0 cannot be weighed: correct it."
        )
    match kind:
        case "linear":
            return fact * (_ONE if weighting.votes_per is None else weighting.votes_per)
        case "tiers":
            reached = [tier.weight for tier in weighting.tiers if fact >= tier.from_number]
            return reached[-1] if reached else _ZERO
        case "integer_square_root":
            return Fraction(isqrt(fact.numerator // fact.denominator))
        case _:
            assert_never(kind)


def _cap_countries(
    weights: Mapping[str, Fraction], by_id: Mapping[str, Weighable], most: Fraction
) -> dict[str, Fraction]:
    held: dict[str | None, Fraction] = {}
    for coop, weight in weights.items():
        country = by_id[coop].country
        held[country] = held.get(country, _ZERO) + weight
    kept = {country: most / sum_ if country is not None and sum_ > most else _ONE for country, sum_ in held.items()}
    return {coop: weight * kept[by_id[coop].country] for coop, weight in weights.items()}


def check_weighting(weighting: Weighting) -> None:
    """Refuse a weighting that contradicts itself, or that sets what its kind does not use.

    Raises:
        WeightingUnused: a parameter of another kind.
        WeightingInvalid: weights, shares, tiers or categories that cannot work.
    """
    _check_use(weighting)
    _check_kind(weighting)
    if weighting.floor is not None and not 0 < weighting.floor <= (weighting.cap or weighting.floor):
        raise WeightingInvalid("The least weight of a coop is above 0 and not above the cap. Change one of them.")
    if weighting.cap is not None and weighting.cap <= 0:
        raise WeightingInvalid("A cap is above 0: at 0 nobody would have a vote.")
    bounds = [*(ceiling.at_most for ceiling in weighting.ceilings), *(floor.at_least for floor in weighting.floors)]
    for share in (weighting.cap_share, weighting.country_cap_share, *bounds):
        if share is not None and not 0 < share < 1:
            raise WeightingInvalid(
                "A share of the votes is above 0 and below 1, such as 1/4. Correct it, or leave it out."
            )
    if sum((floor.at_least for floor in weighting.floors), _ZERO) > 1:
        raise WeightingInvalid("The categories are promised more than all the votes together. Lower their shares.")
    groups = [
        *(ceiling.categories for ceiling in weighting.ceilings),
        *(floor.categories for floor in weighting.floors),
    ]
    named = [category for group in groups for category in group]
    if len(set(named)) != len(named) or not all(groups):
        raise WeightingInvalid(
            "Each collective ceiling or floor names its categories, and a category belongs to one of them at most."
        )


def _check_use(weighting: Weighting) -> None:
    by_fact = weighting.kind not in ("one_coop_one_vote", "by_category")
    used = {
        "cap": by_fact,
        "cap_share": weighting.kind != "one_coop_one_vote",
        "categories": weighting.kind == "by_category",
        "fact": by_fact,
        "floor": by_fact,
        "tiers": weighting.kind == "tiers",
        "votes_per": weighting.kind == "linear",
    }
    plain = Weighting()
    for name, is_used in used.items():
        if not is_used and getattr(weighting, name) != getattr(plain, name):
            raise WeightingUnused(
                f"{name} has no meaning for the weighting {weighting.kind}, so it is refused rather than ignored. "
                "Leave it out."
            )


def _check_kind(weighting: Weighting) -> None:
    if not weighting.fact:
        raise WeightingInvalid("Name the fact that weights are taken from, such as cooperators.")
    if weighting.votes_per is not None and weighting.votes_per <= 0:
        raise WeightingInvalid("The votes for each unit are above 0, such as 1/10 for one vote for ten.")
    if weighting.kind == "tiers":
        steps = [tier.from_number for tier in weighting.tiers]
        if not steps or steps[0] < 0 or steps != sorted(set(steps)):
            raise WeightingInvalid(
                "Tiers begin at different numbers, 0 or more, lowest first, and there is at least one."
            )
        _check_weights([tier.weight for tier in weighting.tiers])
    if weighting.kind == "by_category":
        categories = [each.category for each in weighting.categories]
        if len(set(categories)) != len(categories):
            raise WeightingInvalid("A category has two weights. Leave it one.")
        _check_weights([each.weight for each in weighting.categories])


def _check_weights(weights: Sequence[Fraction]) -> None:
    if min(weights, default=_ZERO) < 0 or max(weights, default=_ZERO) <= 0:
        raise WeightingInvalid("Weights are 0 or more, and at least one is above 0.")
