"""Rules and outcomes in plain English, made from the data alone. Wording is never logged and may always improve."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import assert_never

from governance.counting.tally import COUNTRIES, Sums
from governance.counting.weighting import Weighting
from governance.exact import exact_text
from governance.finding import Finding
from governance.outcome import Outcome, Status
from governance.requirement import HALF, HEADS, UPPER, Base, Comparison, Counted, Requirement, base_of, comparison

_COOPS: Mapping[Counted, tuple[str, str]] = {
    "yes": ("says yes", "say yes"),
    "yes+abstain": ("says yes or abstains", "say yes or abstain"),
    "no": ("says no", "say no"),
    "block": ("blocks", "block"),
    "not_yes": ("fails to say yes", "fail to say yes"),
    "ballots": ("votes", "vote"),
    "present": ("is present", "are present"),
}
_COUNTRIES: Mapping[Counted, tuple[str, str]] = {
    "yes": ("is in favour", "are in favour"),
    "yes+abstain": ("takes part and is not against", "take part and are not against"),
    "no": ("is against", "are against"),
    "block": ("blocks", "block"),
    "not_yes": ("fails to be in favour", "fail to be in favour"),
    "ballots": ("votes", "vote"),
    "present": ("is present", "are present"),
}
_BASES: Mapping[Base, str] = {
    "entitled": "the entitled {}",
    "present": "the {} present",
    "ballots": "the {} that vote",
    "yes+no": "the {} voting yes or no",
}
_STATUS: Mapping[Status, str] = {
    "carried": "Carried.",
    "rejected": "Rejected.",
    "no_quorum": "No quorum: too few took part.",
    "tied": "Tied: yes and no are equal, and a tie does not carry.",
    "voided": "Voided: this vote does not count.",
}


def quorum_words(requirements: Sequence[Requirement], entitled: Mapping[str, Fraction] | None = None) -> str:
    """A quorum as a sentence; with the entitled by measure it names the whole numbers needed."""
    if not requirements:
        return "There is a quorum whatever number takes part."
    clauses = [_clause(requirement, "ballots", entitled or {}) for requirement in requirements]
    return f"There is a quorum when {_all_of(clauses)}."


def majority_words(requirements: Sequence[Requirement], entitled: Mapping[str, Fraction] | None = None) -> str:
    """A majority as a sentence; with the entitled by measure it names the whole numbers needed."""
    clauses = [_clause(requirement, "yes", entitled or {}) for requirement in requirements]
    if not any(_needs_a_yes(requirement) for requirement in requirements):
        clauses.append("at least 1 coop says yes")
    return f"It is carried when {_all_of(clauses)}."


def outcome_words(outcome: Outcome) -> str:
    """An outcome as sentences: the decision, the numbers, and each requirement with what it came to."""
    sentences = [_STATUS[outcome.status]]
    if outcome.no_show:
        sentences.append("Had those who voted no stayed away, it would not have been carried.")
    if outcome.status == "rejected" and all(finding.held for finding in outcome.majority):
        sentences.append("Nobody said yes, and nothing is carried without a yes.")
    if "coops" in outcome.tally.measures:
        sentences.append(_cast(outcome.tally.measures["coops"]))
    sentences += [f"Quorum {_found(finding)}." for finding in outcome.quorum]
    sentences += [f"Majority {_found(finding)}." for finding in outcome.majority]
    return " ".join(sentences)


def weighting_words(weighting: Weighting) -> str:
    """A weighting as sentences."""
    sentences = [_kind_words(weighting)]
    if weighting.floor is not None:
        sentences.append(f"It has at least {_votes(weighting.floor)}.")
    if weighting.cap is not None:
        sentences.append(f"It has at most {_votes(weighting.cap)}.")
    if weighting.cap_share is not None:
        sentences.append(f"It has at most {exact_text(weighting.cap_share)} of all votes as they were before caps.")
    if weighting.country_cap_share is not None:
        sentences.append(
            f"The coops of one country together have at most {exact_text(weighting.country_cap_share)} of all votes as "
            "they were before caps; what is above is cut in proportion."
        )
    bounds = [("at most", each.at_most, each.categories) for each in weighting.ceilings]
    bounds += [("at least", each.at_least, each.categories) for each in weighting.floors]
    for bound, share, categories in bounds:
        named = f"the category {categories[0]}" if len(categories) == 1 else f"the categories {_listed(categories)}"
        sentences.append(f"The coops of {named} together have {bound} {exact_text(share)} of the votes.")
    if weighting.kind not in ("one_coop_one_vote", "by_category"):
        sentences.append(f"A coop with no registered {weighting.fact} has no vote.")
    return " ".join(sentences)


def whole_number(name: Comparison, bound: Fraction) -> int:
    """The number of heads that a bound comes to: the fewest that are enough, at least one, or the most that are allowed."""
    match name:
        case "at_least" | "at_least_number" | "all_but":
            return max(ceil(bound), 1)
        case "more_than" | "more_than_number":
            return floor(bound) + 1
        case "at_most" | "at_most_number":
            return floor(bound)
        case "fewer_than" | "fewer_than_number":
            return ceil(bound) - 1
        case _:
            assert_never(name)


def _clause(requirement: Requirement, default: Counted, entitled: Mapping[str, Fraction]) -> str:
    if requirement.any_of:
        return f"either {', or '.join(_clause(each, default, entitled) for each in requirement.any_of)}"
    name, bound = comparison(requirement)
    of, measure = base_of(requirement), requirement.measure
    singular, plural = (_COUNTRIES if measure == COUNTRIES else _COOPS)[requirement.counts or default]
    if of is None:
        return _number_clause(name, bound, measure, singular, plural)
    who = "countries" if measure == COUNTRIES else "coops"
    base = "the countries that take a side" if measure == COUNTRIES and of == "yes+no" else _BASES[of].format(who)
    share = _share(name, bound, measure)
    if measure not in ("coops", COUNTRIES):
        return f"coops that {plural} together have {share} of the {_noun(measure)} of {base}"
    clause = f"{share} of {base} {plural}"
    if of != "entitled" or measure not in entitled:
        return clause
    most = entitled[measure]
    number = whole_number(name, max(most - bound, Fraction(0)) if name == "all_but" else bound * most)
    return f"{clause} ({'at most ' if name in UPPER else ''}{number} of {exact_text(most)})"


def _number_clause(name: Comparison, bound: Fraction, measure: str, singular: str, plural: str) -> str:
    nobody = (name == "at_most_number" and bound == 0) or (
        name == "fewer_than_number" and bound == 1 and measure in HEADS
    )
    if measure in ("coops", COUNTRIES):
        one = "country" if measure == COUNTRIES else "coop"
        if nobody:
            return f"no {one} {singular}"
        many = "countries" if measure == COUNTRIES else "coops"
        return f"{_how(name, measure)} {exact_text(bound)} " + (
            f"{one} {singular}" if bound == 1 else f"{many} {plural}"
        )
    if nobody:
        return f"no coop with any {_noun(measure)} {singular}"
    how = f"{_how(name, measure)} {exact_text(bound)}"
    return f"coops that {plural} together have " + (
        f"{how} {measure}" if measure in HEADS else f"a {_noun(measure)} of {how}"
    )


def _share(name: Comparison, bound: Fraction, measure: str) -> str:
    if name == "all_but":
        return f"all but {exact_text(bound)}" if bound else "all"
    if bound == 1:
        return "all" if name == "at_least" else f"{_how(name, measure)} all"
    return f"{_how(name, measure)} {'half' if bound == HALF else exact_text(bound)}"


def _how(name: Comparison, measure: str) -> str:
    how = name.removesuffix("_number").replace("_", " ")
    return how if measure in HEADS else how.replace("fewer", "less")


def _noun(measure: str) -> str:
    return measure if measure in ("weight", "cooperators") else f"{measure} measure"


def _needs_a_yes(requirement: Requirement) -> bool:
    if requirement.any_of:
        return all(_needs_a_yes(each) for each in requirement.any_of)
    return (requirement.counts or "yes") == "yes" and comparison(requirement)[0] not in UPPER


def _all_of(clauses: Sequence[str]) -> str:
    return "; and ".join(clauses)


def _cast(sums: Sums) -> str:
    blocks = f" ({exact_text(sums.block)} of them with a block)" if sums.block else ""
    return (
        f"{_heads(sums.yes)} said yes, {exact_text(sums.no)} no{blocks}, {exact_text(sums.abstain)} abstained; "
        f"{exact_text(sums.ballots)} of {exact_text(sums.entitled)} voted."
    )


def _found(finding: Finding) -> str:
    held = "met" if finding.held else "not met"
    if finding.alternatives:
        return f"{held}, one of these is enough: {'; '.join(_found(each) for each in finding.alternatives)}"
    value, needed, counts = finding.value, finding.needed, finding.counts
    if value is None or needed is None or counts is None:
        raise ValueError("a finding on a plain requirement has a value, a bound and what is counted")
    name, _ = comparison(finding.requirement)
    measure = finding.requirement.measure
    base = "" if finding.base is None else f" of {exact_text(finding.base)}"
    if finding.base == 0 and name not in UPPER:
        bound = "which is never enough"
    elif measure in HEADS:
        number = whole_number(name, needed)
        bound = f"at most {number} allowed" if name in UPPER else f"{number} needed"
    elif needed == 0 and name not in UPPER:
        bound = "more than 0 needed"
    else:
        bound = f"{_how(name, measure)} {exact_text(needed)} {'allowed' if name in UPPER else 'needed'}"
        bound = bound.replace("all but", "at least")
    return f"{held}: {_clause(finding.requirement, counts, {})} ({exact_text(value)}{base}, {bound})"


def _kind_words(weighting: Weighting) -> str:
    fact = weighting.fact
    heads = fact == "cooperators"
    quantity = f"number of {fact}" if heads else fact
    match weighting.kind:
        case "one_coop_one_vote":
            return "Every coop has one vote."
        case "linear":
            per = weighting.votes_per or Fraction(1)
            many = per.denominator
            each = "each" if many == 1 else f"every {many}"
            unit = f"{each} of its" if heads else f"{each} {'unit' if many == 1 else 'units'} of its"
            exactly = "" if many == 1 else ", in exact fractions"
            return f"A coop has {_votes(Fraction(per.numerator))} for {unit} {fact}{exactly}."
        case "tiers":
            tiers = [f"{_votes(tier.weight)} from {exact_text(tier.from_number)}" for tier in weighting.tiers]
            first = weighting.tiers[0].from_number
            below = f", none below {exact_text(first)}" if first else ""
            return f"A coop's votes go by its {quantity}: {_listed(tiers)}{below}."
        case "integer_square_root":
            return f"A coop has as many votes as the square root of its {quantity}, rounded down."
        case "by_category":
            listed = [f"{_votes(each.weight)} for the category {each.category}" for each in weighting.categories]
            return f"A coop's votes go by its category: {_listed(listed)}, none for others."
        case _:
            assert_never(weighting.kind)


def _heads(number: Fraction) -> str:
    return "1 coop" if number == 1 else f"{exact_text(number)} coops"


def _votes(number: Fraction) -> str:
    if 0 < number < 1:
        return f"{exact_text(number)} of a vote"
    return "one vote" if number == 1 else f"{exact_text(number)} votes"


def _listed(items: Iterable[str]) -> str:
    *most, last = items
    return f"{', '.join(most)} and {last}" if most else last
