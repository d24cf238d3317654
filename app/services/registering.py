"""What coops and offices record about coops: numbers, services, standing, departures."""

from fractions import Fraction

from app.ledger.asking import Answer
from app.services.asking import Asking
from app.services.texts import write_text
from governance.commands import register as ask
from governance.commands.polls import VoidPoll
from governance.facts.register import RedactionReason
from governance.ids import CoopId, HashText, PollId


async def declare_number(asking: Asking, coop: CoopId, fact: str, number: Fraction) -> Answer:
    """Declare a number of one's coop, as its steward."""
    return await asking.record(ask.DeclareNumber(fact=fact, number=number), roles=("steward",), coop=coop)


async def declare_services(asking: Asking, coop: CoopId, services: tuple[str, ...]) -> Answer:
    """Declare the services that one's coop offers, as its steward."""
    return await asking.record(ask.DeclareServices(services=services), roles=("steward",), coop=coop)


async def contest_number(asking: Asking, coop: CoopId, fact: str, reason: str | None) -> Answer:
    """Contest the number that another coop declared last, as a delegate."""
    written = () if reason is None else (write_text(reason, asking.service.randomness),)
    command = ask.ContestNumber(coop=coop, fact=fact, reason=written[0].hash if written else None)
    return await asking.record(command, roles=("delegate",), texts=written)


async def withdraw_contest(asking: Asking, coop: CoopId, fact: str) -> Answer:
    """Take back one's contest of a number of another coop, as a delegate."""
    return await asking.record(ask.WithdrawContest(coop=coop, fact=fact), roles=("delegate",))


async def record_standing(asking: Asking, coop: CoopId, *, good: bool) -> Answer:
    """Record whether a coop is in good standing, as an office that has the power."""
    return await asking.record(ask.RecordStanding(coop=coop, good=good), roles=("officer",))


async def leave(asking: Asking, coop: CoopId) -> Answer:
    """Leave the federation, as the steward of one's coop. It takes effect at once and needs no vote."""
    return await asking.record(ask.Leave(), roles=("steward",), coop=coop)


async def record_departure(asking: Asking, coop: CoopId) -> Answer:
    """Record that a coop left, as an office that has the power."""
    return await asking.record(ask.Leave(coop=coop), roles=("officer",))


async def void_poll(asking: Asking, poll: PollId, reason: str) -> Answer:
    """Void an open poll, as an office that has the power."""
    written = write_text(reason, asking.service.randomness)
    return await asking.record(VoidPoll(poll=poll, reason=written.hash), roles=("officer",), texts=(written,))


async def redact_text(asking: Asking, text: HashText, reason: RedactionReason) -> Answer:
    """Have the bytes behind a hash erased, as an office that has the power."""
    return await asking.record(ask.RedactText(text=text, reason=reason), roles=("officer",))
