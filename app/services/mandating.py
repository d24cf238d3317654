"""Giving and ending mandates, and getting a steward back for a coop that lost its own."""

from app.ledger.asking import Answer
from app.services.accounts.addresses import address_of
from app.services.accounts.inviting import Invited, MandateHeld, invite
from app.services.asking import Asking
from app.services.contacts import Contact, remember_also
from app.services.proposed_effects import Address, draw_mandate
from governance.commands import register as ask
from governance.facts.register import MandateGiven, RestorationAttested
from governance.ids import CoopId, MandateId
from governance.instants import Instant
from governance.mandate import Role
from governance.records import read_record
from governance.value import Value


class NewMandate(Value):
    """A mandate to be given: `delegate` casts the coop's ballot, `steward` keeps its facts and people.

    `address` is the e-mail address of whoever is to hold it; they are invited, and it never enters the log.
    """

    role: Role
    address: Address
    starts: Instant | None = None
    ends: Instant | None = None


async def give(asking: Asking, coop: CoopId, new: NewMandate) -> tuple[MandateId, Invited | None, Answer]:
    """Give a mandate of one's coop, as its steward, and invite whoever is to hold it.

    The invitation is None where somebody holds the mandate already: the same request came before, and was accepted since.

    Raises:
        AddressInvalid: this is no e-mail address; nothing was recorded.
        RochdaleError: what the rules refuse, and as `Asking.record`.
    """
    address = address_of(new.address)
    command = ask.GiveMandate(
        mandate=draw_mandate(asking.service.randomness), role=new.role, coop=coop, starts=new.starts, ends=new.ends
    )
    answer = await asking.record(command, roles=("steward",), coop=coop)
    body = read_record(answer.record).body
    if not isinstance(body, MandateGiven):
        raise TypeError(type(body))
    try:
        invited = await invite(asking.service.accounts, mandate=body.mandate, address=address)
    except MandateHeld:
        return body.mandate, None, answer
    return body.mandate, invited, answer


async def revoke(asking: Asking, mandate: MandateId) -> Answer:
    """End a mandate of one's coop now, as its steward."""
    return await asking.record(ask.RevokeMandate(mandate=mandate), roles=("steward",))


async def attest_steward(
    asking: Asking, coop: CoopId, *, steward: MandateId | None, address: str | None
) -> tuple[MandateId, Answer]:
    """Attest who is to be the steward of another coop that lost its own, as a delegate.

    The first to attest names an e-mail address, and a mandate is drawn for it. Whoever agrees names that mandate.

    Raises:
        AddressInvalid: this is no e-mail address; nothing was recorded.
        RochdaleError: what the rules refuse, and as `Asking.record`.
    """
    known = None if address is None else address_of(address)
    drawn = steward or draw_mandate(asking.service.randomness)
    answer = await asking.record(ask.AttestSteward(coop=coop, steward=drawn), roles=("delegate",))
    body = read_record(answer.record).body
    if not isinstance(body, RestorationAttested):
        raise TypeError(type(body))
    if known is not None:
        await remember_also(asking.service.engine, Contact(mandate=body.steward, address=known))
    return body.steward, answer


async def object_restoration(asking: Asking, coop: CoopId) -> Answer:
    """Say that one's coop has not lost its people."""
    return await asking.record(ask.ObjectRestoration(), roles=("steward", "delegate"), coop=coop)
