"""Commands at random, about something that there is, mostly."""

from collections.abc import Callable
from fractions import Fraction
from typing import Protocol

from governance.commands import proposals as propose
from governance.commands import register
from governance.commands.polls import VoidPoll
from governance.ids import AmendmentId, HashText, MandateId, PollId
from governance.instants import later
from governance.value import Value
from tests.governance.effects_at_random import Draw, effect_at_random
from tests.governance.world import DAY


class Asking(Draw, Protocol):
    """What picks at random, also among what is being decided."""

    def amendment(self) -> AmendmentId: ...
    def poll(self) -> PollId: ...
    def text(self) -> HashText: ...


def _amending(s: Asking) -> Value:
    """An amendment to the effect of a proposal, mostly of its kind."""
    name = s.proposal("deliberation")
    proposal = s.world.state.proposals.get(name)
    effect = effect_at_random(s)
    for _ in range(20):
        if proposal is None or type(effect) is type(proposal.effect):
            break
        effect = effect_at_random(s)
    return propose.SuggestAmendment(proposal=name, text=s.world.text("Other."), effect=effect)


Ask = Callable[[Asking], Value]
DELIBERATING: tuple[Ask, ...] = (
    lambda s: propose.Support(proposal=s.proposal("deliberation"), role="sponsor"),
    lambda s: propose.Support(proposal=s.proposal("deliberation"), role="seconder"),
    lambda s: propose.DemandVote(proposal=s.proposal("deliberation")),
    lambda s: propose.SuggestAmendment(proposal=s.proposal("deliberation"), text=s.world.text("Other.")),
    _amending,
    lambda s: propose.AcceptAmendment(amendment=s.amendment()),
    lambda s: propose.PutAmendment(amendment=s.amendment()),
    lambda s: propose.PutAmendment(amendment=s.amendment()),
    lambda s: propose.Withdraw(proposal=s.proposal("deliberation", "between_polls")),
    lambda s: propose.Lift(proposal=s.proposal()),
    lambda s: propose.Answer(proposal=s.proposal("deliberation"), text=s.world.text("Our answer.")),
    lambda s: propose.Comment(proposal=s.proposal(), text=s.world.text("A word."), reply_to=s.next(99) or None),
)
DECIDING: tuple[Ask, ...] = (
    lambda s: propose.Lift(proposal=s.proposal()),
    lambda s: propose.Challenge(proposal=s.proposal("waiting"), reason=s.world.text("No.")),
    lambda s: propose.Challenge(proposal=s.proposal("waiting")),
    lambda s: VoidPoll(poll=s.poll(), reason=s.world.text("A mistake.")),
    lambda s: register.RecordStanding(coop=s.coop(), good=bool(s.next(3))),
    lambda s: register.RecordStanding(coop=s.coop(), good=False),
    lambda s: register.Leave(),
)
REGISTERING: tuple[Ask, ...] = (
    lambda s: register.GiveMandate(
        mandate=s.world.mandate(), role=s.pick(("delegate", "delegate", "steward")),
        ends=s.pick((None, None, later(s.world.now, 9 * DAY))),
    ),
    lambda s: register.RevokeMandate(mandate=s.pick(tuple(one.id for one in s.world.state.mandates.values()))),
    lambda s: register.DeclareNumber(
        fact=s.pick(("cooperators", "dues")), number=Fraction(s.next(30), s.pick((1, 1, 2, 3)))
    ),
    lambda s: register.ContestNumber(coop=s.coop(), fact="cooperators"),
    lambda s: register.WithdrawContest(coop=s.coop(), fact="cooperators"),
    lambda s: register.DeclareServices(services=("design",) * s.next(3)),
    lambda s: register.Leave(coop=s.pick((None, s.coop()))),
    lambda s: register.AttestSteward(coop=s.coop(), steward=s.pick((s.world.mandate(), MandateId("m-" + "7" * 32)))),
    lambda s: register.ObjectRestoration(),
    lambda s: register.RedactText(text=s.text(), reason="unlawful"),
)  # fmt: skip
THEMES = (
    DELIBERATING,
    DECIDING,
    (*DELIBERATING, *DECIDING),
    (*DECIDING, *REGISTERING),
    (*DELIBERATING, *DECIDING, *REGISTERING),
)
"""What can be asked, besides ballots and proposals, by what it is about."""
