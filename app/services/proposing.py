"""Bringing proposals, and what coops do with them until they are voted on."""

from typing import Literal

from app.ledger.asking import Answer
from app.services.accounts.addresses import address_of
from app.services.applying import contact_of, note_proposal
from app.services.asking import Asking
from app.services.contacts import Contact, remember_also
from app.services.drafting import brought
from app.services.proposed_effects import AdmitACoop, ProposedEffect, effect_of
from app.services.texts import LONGEST_TEXT, Written, write_text, write_titled
from governance.commands import proposals as ask
from governance.effect import Admit, Resolve
from governance.facts.proposals import AmendmentSuggested, ProposalSubmitted
from governance.ids import AmendmentId, ProposalId
from governance.proposal import EffectInvalid
from governance.records import read_record
from governance.value import Value


class Motion(Value):
    """A proposal: title and text in Markdown, in the language (BCP 47) that binds, and what carrying it does.

    `application` is the one that an admission is made of, `draft` the coop's draft that is not needed any more then.
    """

    title: str
    text: str
    effect: ProposedEffect
    language: str = "en"
    application: str | None = None
    draft: str | None = None


class Change(Value):
    """Another title and text for a proposal, and another effect of the same kind where that changes too."""

    title: str
    text: str
    effect: ProposedEffect | None = None


async def propose(asking: Asking, motion: Motion) -> tuple[ProposalId, Answer]:
    """Bring a proposal as a coop's delegate, or an urgent one as an office that has the power.

    The steward-to-be of a coop to be admitted is remembered by address beside the log, and invited once it is a member.

    Raises:
        TextTooLong: title or text are empty or over-long.
        EffectInvalid: an admission says nobody to write to, or something else is made of an application.
        AddressInvalid: the contact of a coop to be admitted is no e-mail address.
        ApplicationUnknown, ApplicationClosed, ApplicationForeign: as `contact_of`.
        RochdaleError: what the rules refuse, and as `Asking.record`.
    """
    service = asking.service
    contact = await _contact(asking, motion.effect, motion.application)
    text = write_titled(motion.title, motion.text, service.randomness)
    effect, texts = effect_of(motion.effect, service.randomness)
    urgent = isinstance(effect, Resolve) and effect.narrowing == "urgent"
    answer = await asking.record(
        ask.Submit(effect=effect, text=text.hash, language=motion.language),
        roles=("officer",) if urgent else ("delegate",),
        texts=(text, *texts),
    )
    body = read_record(answer.record).body
    if not isinstance(body, ProposalSubmitted):
        raise TypeError(type(body))
    await _remember(asking, contact, body.effect)
    if motion.application is not None:
        await note_proposal(service, motion.application, body.proposal)
    if motion.draft is not None and body.coop is not None:
        await brought(service, motion.draft, body.coop)
    return body.proposal, answer


async def suggest(asking: Asking, proposal: ProposalId, change: Change) -> tuple[AmendmentId, Answer]:
    """Suggest an amendment; refuses as `propose` does."""
    service = asking.service
    contact = None if change.effect is None else await _contact(asking, change.effect, None)
    text = write_titled(change.title, change.text, service.randomness)
    effect, texts = (None, ()) if change.effect is None else effect_of(change.effect, service.randomness)
    answer = await asking.record(
        ask.SuggestAmendment(proposal=proposal, text=text.hash, effect=effect),
        roles=("delegate",),
        texts=(text, *texts),
    )
    body = read_record(answer.record).body
    if not isinstance(body, AmendmentSuggested):
        raise TypeError(type(body))
    await _remember(asking, contact, body.effect)
    return body.amendment, answer


async def _contact(asking: Asking, proposed: ProposedEffect, application: str | None) -> str | None:
    """Whom to write to about a coop that is to be admitted."""
    if not isinstance(proposed, AdmitACoop):
        if application is not None:
            raise EffectInvalid("Only an admission is made of an application. Leave `application` out.")
        return None
    if application is not None:
        email = await contact_of(asking.service, application, name=proposed.name)
        if proposed.contact is None and email is not None:
            return email
    if proposed.contact is None:
        raise EffectInvalid(
            "Say in `contact` whom to write to: the e-mail address of whoever is to be the coop's steward."
        )
    return address_of(proposed.contact)


async def _remember(asking: Asking, contact: str | None, recorded: object) -> None:
    """Keep the address of a steward-to-be under the mandate that the record names: of a repeated request, the first one's."""
    if contact is not None and isinstance(recorded, Admit):
        await remember_also(asking.service.engine, Contact(mandate=recorded.steward, address=contact))


async def support(asking: Asking, proposal: ProposalId, role: Literal["sponsor", "seconder"]) -> Answer:
    """Join a proposal as a sponsor, or second it."""
    return await asking.record(ask.Support(proposal=proposal, role=role), roles=("delegate",))


async def demand_vote(asking: Asking, proposal: ProposalId) -> Answer:
    """Demand that a proposal is voted on although it lacks support."""
    return await asking.record(ask.DemandVote(proposal=proposal), roles=("delegate",))


async def accept_amendment(asking: Asking, amendment: AmendmentId) -> Answer:
    """Take over an amendment, as whoever leads the proposal."""
    return await asking.record(ask.AcceptAmendment(amendment=amendment), roles=("delegate", "officer"))


async def put_amendment(asking: Asking, amendment: AmendmentId) -> Answer:
    """Demand a vote on an amendment that another coop suggested."""
    return await asking.record(ask.PutAmendment(amendment=amendment), roles=("delegate",))


async def withdraw(asking: Asking, proposal: ProposalId) -> Answer:
    """Take a proposal back, as whoever leads it."""
    return await asking.record(ask.Withdraw(proposal=proposal), roles=("delegate", "officer"))


async def lift(asking: Asking, proposal: ProposalId) -> Answer:
    """Take a routine matter to the ordinary rule."""
    return await asking.record(ask.Lift(proposal=proposal), roles=("delegate",))


async def answer(asking: Asking, proposal: ProposalId, text: str) -> Answer:
    """Answer a proposal, as the coop concerned."""
    written = write_text(text, asking.service.randomness, longest=LONGEST_TEXT)
    return await asking.record(
        ask.Answer(proposal=proposal, text=written.hash), roles=("delegate", "steward"), texts=(written,)
    )


async def comment(asking: Asking, proposal: ProposalId, text: str, reply_to: int | None) -> Answer:
    """Comment on a proposal, or reply to the comment at a log position."""
    written = write_text(text, asking.service.randomness)
    return await asking.record(
        ask.Comment(proposal=proposal, text=written.hash, reply_to=reply_to), roles=("delegate",), texts=(written,)
    )


async def challenge(asking: Asking, proposal: ProposalId, reason: str | None) -> Answer:
    """Challenge a carried decision in its waiting period."""
    written = _reason(asking, reason)
    return await asking.record(
        ask.Challenge(proposal=proposal, reason=written[0].hash if written else None),
        roles=("delegate",),
        texts=written,
    )


def _reason(asking: Asking, reason: str | None) -> tuple[Written, ...]:
    return () if reason is None else (write_text(reason, asking.service.randomness),)
