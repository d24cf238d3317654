"""A founding tried out before anything is written: whether its coops fit its provisions, and its rules its coops."""

from collections.abc import Iterator
from fractions import Fraction

from app.founding.charter_md import FoundingCharter
from app.founding.coops_csv import FoundingCoop
from governance.applying.founding import counting_now, register_coop
from governance.charter import ArticleContent, found_article
from governance.ids import CoopId
from governance.instants import Day, Instant, start_of
from governance.poll import PinnedRule
from governance.provisions import Provisions
from governance.register import COOPERATORS, Coop
from governance.rule import Rule
from governance.rulebook import LockOut, check_can_carry
from governance.state import State


def member_since(coop: FoundingCoop, at: Instant) -> Instant:
    """From when a founding coop is a member: the start of the day that its file says, or the founding itself."""
    return at if coop.since is None else start_of(Day(coop.since.isoformat()))


def misfits(coops: tuple[FoundingCoop, ...], provisions: Provisions, at: Instant) -> Iterator[tuple[str, str, str]]:
    """Column, code and detail of each coop's value that does not fit the rest of the founding at an instant."""
    for coop in coops:
        if coop.category not in provisions.categories:
            detail = (
                f"{coop.name} has the category {coop.category!r}. Name that in the provisions, or use one of "
                f"{', '.join(provisions.categories)}."
            )
            yield "category", "category_unknown", detail
        if member_since(coop, at) > at:
            yield (
                "since",
                "date_future",
                f"{coop.name} is a member only from {coop.since}. A founding member is one by the founding: correct the day.",
            )


def lock_outs(
    rules: tuple[Rule, ...],
    provisions: Provisions,
    charter: FoundingCharter,
    coops: tuple[FoundingCoop, ...],
    at: Instant,
) -> Iterator[tuple[Rule, LockOut]]:
    """Each rule under which these coops could never carry anything at an instant, with why."""
    state = State()
    state.provisions = provisions
    for article in charter.articles:
        content = ArticleContent(heading=article.heading, text=article.text, section=article.section)
        state.charter = found_article(state.charter, article.id, content)
    for rule in rules:
        state.rules.put(rule.matter, PinnedRule(matter=rule.matter, version=1, rule=rule))
    for number, coop in enumerate(coops, 1):
        register_coop(state, _registered(CoopId(f"c{number}"), coop, at))
    for rule in rules:
        try:
            check_can_carry(state, at, {rule.matter})
        except LockOut as refusal:
            yield rule, refusal


def _registered(number: CoopId, coop: FoundingCoop, at: Instant) -> Coop:
    since = member_since(coop, at)
    numbers = {**coop.facts, COOPERATORS: Fraction(coop.cooperators)}
    return Coop(
        id=number,
        seq=0,
        at=at,
        name=coop.name,
        country=coop.country,
        category=coop.category,
        status="member",
        since=since,
        member_since=since,
        services=coop.services,
        facts={name: (counting_now(value, at),) for name, value in numbers.items()},
    )
