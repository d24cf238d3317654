"""What a decision changes when it takes effect."""

from collections.abc import Mapping
from fractions import Fraction

from msgspec.structs import replace

from governance.applying.founding import counting_now, register_coop
from governance.applying.proposals import end, get
from governance.applying.register import add_declaration, add_mandate, end_mandate, end_membership, registered, restate
from governance.charter import ArticleContent, amended
from governance.effect import (
    Admit,
    AmendCharter,
    ChangeRules,
    CorrectCountry,
    CorrectName,
    CorrectNumber,
    Expel,
    Ratify,
    Recategorise,
    Reinstate,
    Resolve,
    Suspend,
    text_of,
)
from governance.facts import proposals as fact
from governance.ids import CoopId, TextHash
from governance.instants import start_of
from governance.mandate import Mandate
from governance.names import Name, skeletons
from governance.proposal import Proposal
from governance.records import Record
from governance.register import COOPERATORS, Coop, following, restated
from governance.rulebook import apply_changes
from governance.state import State


def enacted(state: State, body: fact.ProposalEnacted, record: Record) -> None:  # noqa: C901, PLR0912 - one case for each effect
    """A decision is in force, and its effect has taken place."""
    proposal = get(state, body.proposal)
    result = body.result
    end(state, replace(proposal, stage="in_force", number=getattr(result, "number", None)))
    match proposal.effect, result:
        case Resolve() as effect, fact.ResolutionInForce():
            _resolve(state, proposal, effect)
        case Ratify(), fact.FoundingRatified():
            state.ratified_by = proposal.id
        case Admit() as effect, fact.CoopAdmitted(coop=coop):
            _admit(state, effect, coop, record)
        case AmendCharter(base=base, operations=operations) as effect, fact.CharterAmended(texts=texts):
            state.charter = amended(state.charter, base, operations, _contents(effect, texts))
        case ChangeRules() as effect, fact.RulesChanged():
            apply_changes(state, effect)
        case Suspend(coop=coop), _:
            restate(state, coop, record, status="suspended", since=record.at)
        case Reinstate(coop=coop), _:
            restate(state, coop, record, status="member", since=record.at)
        case Expel(coop=coop), _:
            end_membership(state, coop, record)
        case Recategorise(coop=coop, category=category), _:
            restate(state, coop, record, category=category)
        case CorrectNumber(coop=coop, fact=name, number=value), _:
            add_declaration(state, coop, name, counting_now(value, record.at))
        case CorrectName(coop=coop, name=name), _:
            _rename(state, registered(state, coop), name, record)
        case CorrectCountry(coop=coop, country=country), _:
            restate(state, coop, record, country=country)
        case _:
            raise TypeError(f"{type(result).__name__} is no result of {type(proposal.effect).__name__}.")


def _resolve(state: State, proposal: Proposal, effect: Resolve) -> None:
    state.last_resolution += 1
    for other in effect.supersedes:
        superseded = get(state, other)
        if superseded.stage == "in_force":
            state.proposals.put(other, replace(superseded, stage="superseded"))
            state.cancel("review", other)
    if effect.review is not None:
        state.plan("review", proposal.id, start_of(effect.review))


def _admit(state: State, effect: Admit, coop: CoopId, record: Record) -> None:
    for mandate in state.mandates_of.get(coop) or ():
        end_mandate(state, mandate, record.at)
    admitted = Coop(
        id=coop,
        seq=record.seq,
        at=record.at,
        name=effect.name,
        country=effect.country,
        category=effect.category,
        status="member",
        since=record.at,
        member_since=record.at,
        services=effect.services,
    )
    before = state.coops.get(coop)
    if before is not None:
        _forget_name(state, before)
        admitted = following(before, admitted)
    register_coop(state, admitted)
    add_declaration(state, coop, COOPERATORS, counting_now(Fraction(effect.cooperators), record.at))
    add_mandate(state, Mandate(id=effect.steward, role="steward", starts=record.at, coop=coop), record.at)


def _rename(state: State, coop: Coop, name: str, record: Record) -> None:
    _forget_name(state, coop)
    register_coop(state, restated(coop, record.seq, record.at, name=name))


def _forget_name(state: State, coop: Coop) -> None:
    for skeleton in skeletons(Name(coop.name)):
        state.skeletons.remove(skeleton)


def _contents(effect: AmendCharter, texts: tuple[fact.RevealedText, ...]) -> Mapping[TextHash, ArticleContent]:
    return {TextHash(hashed): text.content for hashed, text in zip(text_of(effect), texts, strict=True)}
