"""Deciding the founding: the operator writes it down, fact by fact, and closes it."""

from fractions import Fraction

from governance.charter import ArticleInvalid, check_article_id, check_content
from governance.commands import founding as asked
from governance.deciding.authority import AlreadyFounded
from governance.deciding.decision import Decision
from governance.errors import Refusal
from governance.facts import founding as fact
from governance.ids import OPERATOR, CoopId, MandateId
from governance.instants import Instant, moment
from governance.log.keys import KeyType, check_type, parse_verifier_key
from governance.mandate import MandateInvalid, NoMandate, check_office
from governance.matter import KINDS
from governance.names import check_name, skeletons
from governance.protocol import check_protocol
from governance.provisions import check_provisions
from governance.register import (
    COOPERATORS,
    CoopDuplicate,
    FactInvalid,
    check_country,
    check_fact_name,
    check_number,
    check_services,
)
from governance.rulebook import MatterUnknown, check_can_carry, check_new_rule
from governance.state import State


class FoundingIncomplete(Refusal):
    """Something is missing without which a federation cannot act."""

    code = "founding_incomplete"


def require_founding(state: State, actor: MandateId) -> None:
    """Refuse anything of the founding once it is closed, or by anybody but the operator.

    Raises:
        AlreadyFounded: the founding is closed.
        NoMandate: somebody else than the operator asks.
    """
    if state.founded:
        raise AlreadyFounded("The federation is founded. From now on it changes by vote.")
    if actor != OPERATOR:
        raise NoMandate("Only the operator writes the founding.")


def begin_log(state: State, command: asked.BeginLog, actor: MandateId, at: Instant) -> Decision:  # noqa: ARG001 - one shape for all
    """The log's first entry."""
    check_protocol(command.protocol)
    require_founding(state, actor)
    if state.size:
        raise AlreadyFounded("This log has begun. Begin another under an origin of its own.")
    key = check_type(parse_verifier_key(command.key), KeyType.LOG)
    if key.name != command.origin:
        raise FoundingIncomplete(
            f"The log {command.origin!r} is signed by a key that is named {key.name!r}. Name both alike."
        )
    return Decision(fact=fact.LogGenesis(origin=command.origin, key=command.key, protocol=command.protocol))


def name_federation(state: State, command: asked.NameFederation, actor: MandateId, at: Instant) -> Decision:  # noqa: ARG001
    """The federation's name and provisions."""
    require_founding(state, actor)
    if not state.origin:
        raise FoundingIncomplete("The log has not begun. Begin it first.")
    if state.name:
        raise AlreadyFounded("The federation has its name already.")
    if check_name(command.name) != command.name:
        raise FoundingIncomplete(f"Write the federation's name as {check_name(command.name)!r}.")
    check_provisions(command.provisions)
    return Decision(fact=fact.FederationNamed(name=command.name, provisions=command.provisions))


def found_article(state: State, command: asked.FoundArticle, actor: MandateId, at: Instant) -> Decision:  # noqa: ARG001
    """One more article of the charter."""
    _require_named(state, actor)
    check_article_id(command.article)
    check_content(command.content)
    if any(article.id == command.article for article in state.charter.articles):
        raise ArticleInvalid(f"The founding charter has two articles {command.article!r}. Give one another id.")
    return Decision(fact=fact.ArticleFounded(article=command.article, content=command.content))


def found_rule(state: State, command: asked.FoundRule, actor: MandateId, at: Instant) -> Decision:  # noqa: ARG001
    """The rule on a matter."""
    _require_named(state, actor)
    check_new_rule(state, command.rule)
    if command.rule.matter in state.rules:
        raise MatterUnknown(f"The founding rulebook has two rules on {command.rule.matter}. Keep one.")
    return Decision(fact=fact.RuleFounded(rule=command.rule))


def found_office(state: State, command: asked.FoundOffice, actor: MandateId, at: Instant) -> Decision:  # noqa: ARG001
    """An office."""
    _require_named(state, actor)
    check_office(command.office)
    if command.office.id in state.offices:
        raise MandateInvalid(f"The founding has two offices {command.office.id!r}. Give one another id.")
    return Decision(fact=fact.OfficeFounded(office=command.office))


def found_coop(state: State, command: asked.FoundCoop, actor: MandateId, at: Instant) -> Decision:
    """A founding member, under the next number of the register."""
    _require_named(state, actor)
    check_registration(state, command.name, command.country, command.category, command.services)
    numbers = dict(command.numbers)
    if COOPERATORS in numbers:
        raise FactInvalid("The number of cooperators is given twice.")
    for name, number in {**numbers, COOPERATORS: Fraction(command.cooperators)}.items():
        check_fact_name(name)
        check_number(name, number)
    moment(command.member_since)
    if command.member_since > at:
        raise FactInvalid(
            f"{command.name} cannot be a member only from {command.member_since} and found the federation now."
        )
    return Decision(
        fact=fact.CoopFounded(
            coop=next_coop(state),
            name=command.name,
            country=command.country,
            category=command.category,
            cooperators=command.cooperators,
            services=command.services,
            member_since=command.member_since,
            numbers=numbers,
        )
    )


def close_founding(state: State, command: asked.CloseFounding, actor: MandateId, at: Instant) -> Decision:  # noqa: ARG001
    """The end of the founding, if a federation founded so can act."""
    _require_named(state, actor)
    if not state.charter.articles:
        raise FoundingIncomplete("The charter has no article. Give it at least one.")
    if missing := [kind for kind in KINDS if kind not in state.rules]:
        raise FoundingIncomplete(f"The rulebook has no rule on {', '.join(missing)}. Every kind of proposal needs one.")
    for coop in state.coops.values():
        mandates = [state.mandates.get(mandate) for mandate in state.mandates_of.get(coop.id) or ()]
        if not any(one is not None and one.role == "steward" and one.in_force(at) for one in mandates):
            raise FoundingIncomplete(f"{coop.name} has no steward, so nobody could act for it. Name one.")
    check_can_carry(state, at, {pinned.matter for pinned in state.rules.values()})
    return Decision(fact=fact.FoundingClosed(digest=state.founding))


def check_registration(
    state: State, name: str, country: str, category: str, services: tuple[str, ...], again: CoopId | None = None
) -> None:
    """Refuse what cannot stand in the register, or already does. `again` is a former member that comes back.

    Raises:
        NameRefused: the name is none.
        CoopDuplicate: a coop of that name, or one that looks the same, is there.
        FactInvalid: country, category or services that there are not.
    """
    if check_name(name) != name:
        raise FactInvalid(f"Write the name as {check_name(name)!r}: without spaces around it, and composed.")
    for skeleton in skeletons(check_name(name)):
        other = state.skeletons.get(skeleton)
        if other is not None and other != again:
            present = state.coops.get(other)
            shown = present.name if present is not None else other
            raise CoopDuplicate(f"{name!r} is, or looks the same as, {shown!r}, which is in the register as {other}.")
    check_country(country)
    check_services(services)
    if category not in state.provisions.categories:
        raise FactInvalid(f"There is no category {category!r}. There are: {', '.join(state.provisions.categories)}.")


def next_coop(state: State) -> CoopId:
    """The id of the next coop to come into the register."""
    return CoopId(f"c{state.last_coop + 1}")


def _require_named(state: State, actor: MandateId) -> None:
    require_founding(state, actor)
    if not state.name:
        raise FoundingIncomplete("The federation has no name and provisions yet. Give them first.")
