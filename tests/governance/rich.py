"""A federation in whose log every type of record stands, and each kind of effect."""

from fractions import Fraction
from functools import cache

from governance.ballot import BallotStatement
from governance.charter import Add, ArticleContent, Move, Replace, Strike, content_digest
from governance.commands import polls as ask_polls
from governance.commands import proposals as propose
from governance.commands import register as ask
from governance.effect import (
    Admit,
    AmendCharter,
    ChangeRules,
    CorrectCountry,
    CorrectName,
    CorrectNumber,
    Effect,
    Expel,
    Ratify,
    Recategorise,
    Reinstate,
    Resolve,
    SetOffice,
    SetProvisions,
    SetRule,
    StrikeRule,
    Suspend,
)
from governance.ids import ArticleId, CoopId, Matter, OfficeId, ProposalId
from governance.instants import Day, later
from governance.mandate import Office
from governance.provisions import Provisions
from tests.governance.world import DAY, RULES, Founded, rule

RICH_RULES = (*RULES, rule("resolution.dissolve", extension=2 * DAY, voting=4 * DAY, blocks=True, seconders=2))
PROVISIONS = Provisions(categories=("full", "associate", "observer"), census=("01-01", "07-01"))


@cache
def rich_world() -> Founded:
    """The federation with everything in its log. It is made once: look at it, and do not change it."""
    world = Founded(rules=RICH_RULES, provisions=PROVISIONS)
    _register(world)
    _ratified(world)
    _resolutions(world)
    _amended(world)
    _members(world)
    _rules(world)
    _charter(world)
    return world


def carry(world: Founded, effect: Effect, *supporters: int, by: int = 1) -> ProposalId:
    """Bring a proposal, have everybody else who can vote for it, and wait until it is in force."""
    proposal = world.submit(effect, by=by, supporters=supporters)
    poll = world.until_open(proposal)
    for coop in sorted(world.state.polls.get(poll).voters, key=lambda coop: int(coop[1:])):
        if world.state.coops.get(coop).status == "member":
            world.cast(poll, int(coop[1:]))
    world.until_closed(proposal)
    world.wait(15 * DAY)
    assert world.stage(proposal) == "in_force", world.state.proposals.get(proposal)
    return proposal


def c(number: int) -> CoopId:
    return CoopId(f"c{number}")


def _register(world: Founded) -> None:
    first, second = world.stewards[c(1)], world.stewards[c(2)]
    world.ask(ask.DeclareNumber(fact="cooperators", number=Fraction(12)), first)
    reason = world.text("Some of them left in spring.")
    world.ask(ask.ContestNumber(coop=c(1), fact="cooperators", reason=reason), world.c(2))
    world.ask(ask.WithdrawContest(coop=c(1), fact="cooperators"), world.c(2))
    world.ask(ask.DeclareServices(services=("Web sites", "Educación")), first)
    world.ask(ask.RecordStanding(coop=c(3), good=False), world.officer)
    world.ask(ask.RecordStanding(coop=c(3), good=True), world.officer)
    spare = world.mandate()
    world.ask(ask.GiveMandate(mandate=spare, role="delegate", ends=later(world.now, DAY)), first)
    world.ask(ask.RevokeMandate(mandate=spare), first)
    stranger = world.mandate()
    for number in (1, 2):
        world.ask(ask.AttestSteward(coop=c(4), steward=stranger), world.c(number))
    world.ask(ask.ObjectRestoration(), world.stewards[c(4)])
    restored = world.mandate()
    for number in (1, 2):
        world.ask(ask.AttestSteward(coop=c(5), steward=restored), world.c(number))
    world.wait(8 * DAY)
    world.stewards[c(5)] = restored
    world.ask(ask.Leave(), world.stewards[c(10)])
    world.ask(ask.GiveMandate(mandate=world.mandate(), role="delegate"), second)


def _ratified(world: Founded) -> None:
    carry(world, Ratify(digest=world.state.founding))


def _resolutions(world: Founded) -> None:
    first = carry(world, Resolve(review=Day("2026-09-01")))
    carry(world, Resolve(supersedes=(first,)))
    carry(world, Resolve(review=Day("2026-10-01")))
    routine = world.submit(Resolve(narrowing="routine"))
    world.ask(propose.Lift(proposal=routine), world.c(2))
    comment = world.text("Why?")
    world.ask(propose.Comment(proposal=routine, text=comment), world.c(3))
    world.ask(
        propose.Comment(proposal=routine, text=world.text("Because."), reply_to=len(world.records) - 1), world.c(1)
    )
    world.ask(ask.RedactText(text=comment, reason="personal_data"), world.officer)
    world.ask(propose.Withdraw(proposal=routine), world.c(1))
    urgent = propose.Submit(effect=Resolve(narrowing="urgent"), text=world.text("At once."), language="es-AR")
    world.ask(urgent, world.officer)
    world.wait(30 * DAY)
    _extended(world)


def _extended(world: Founded) -> None:
    """A vote with a demand, a seconder, a void, a block and a late quorum."""
    proposal = world.submit(Resolve(narrowing="dissolve"))
    world.ask(propose.Support(proposal=proposal, role="seconder"), world.c(2))
    world.ask(propose.DemandVote(proposal=proposal), world.c(3))
    world.ask(propose.DemandVote(proposal=proposal), world.c(4))
    poll = world.until_open(proposal)
    world.ask(ask_polls.VoidPoll(poll=poll, reason=world.text("The text was cut off.")), world.officer)
    poll = world.until_open(proposal)
    world.wait(3 * DAY)
    world.cast(poll, 1)
    world.cast(poll, 1, "abstain")
    statement: BallotStatement = world.statement(poll, 2, "block", reason=world.text("We would lose our home."))
    world.ask(ask_polls.Cast(statement=statement), world.c(2))
    world.cast(poll, 3, "no")
    world.until_closed(proposal)


def _amended(world: Founded) -> None:
    proposal = world.submit()
    for number in (2, 3):
        suggested = propose.SuggestAmendment(proposal=proposal, text=world.text("Another text."))
        amendment = world.ask(suggested, world.c(number)).amendment
        if number == 2:
            world.ask(propose.AcceptAmendment(amendment=amendment), world.c(1))
        else:
            world.ask(propose.PutAmendment(amendment=amendment), world.c(4))
    world.wait(30 * DAY)


def _members(world: Founded) -> None:
    admit = Admit(name="Coop Nueva", country="UY", category="associate", cooperators=7, steward=world.mandate())
    carry(world, admit, 2)
    about = propose.Submit(effect=Suspend(coop=c(6)), text=world.text("They do not answer."))
    proposal = world.ask(about, world.c(1)).proposal
    world.ask(propose.Answer(proposal=proposal, text=world.text("We do.")), world.c(6))
    poll = world.until_open(proposal)
    for number in (1, 2, 3, 4, 5):
        world.cast(poll, number)
    world.until_closed(proposal)
    for number in (7, 8):
        world.ask(propose.Challenge(proposal=proposal, reason=world.text("They did answer.")), world.c(number))
    poll = world.until_open(proposal)
    for number in (1, 2, 3, 4, 5):
        world.cast(poll, number)
    world.until_closed(proposal)
    world.wait(15 * DAY)
    carry(world, Reinstate(coop=c(6)))
    carry(world, Recategorise(coop=c(7), category="associate"), 2)
    carry(world, CorrectNumber(coop=c(7), fact="dues", number=Fraction(1, 4)))
    carry(world, CorrectName(coop=c(7), name="Coop Siete"))
    carry(world, CorrectCountry(coop=c(7), country="UY"))
    carry(world, Expel(coop=c(8)))
    steward = world.stewards[c(8)] = world.mandate()
    carry(world, Admit(name="Coop Ocho", country="UY", category="full", cooperators=7, steward=steward, coop=c(8)), 2)
    world.delegates[c(8)] = world.mandate()
    world.ask(ask.GiveMandate(mandate=world.delegates[c(8)], role="delegate"), steward)


def _rules(world: Founded) -> None:
    office = Office(id=OfficeId("treasurer"), title="Treasurer", powers=("record_standing",), term=366 * DAY)
    narrower = rule("rules.offices")
    carry(world, ChangeRules(changes=(SetRule(rule=narrower, base=None), SetOffice(office=office))))
    provisions = Provisions(categories=("full", "associate"), census=("07-01",))
    strike = StrikeRule(matter=Matter("rules.offices"), base=1)
    carry(world, ChangeRules(changes=(SetProvisions(provisions=provisions, base=1), strike)))


def _charter(world: Founded) -> None:
    democracy, mission = (article for article in world.state.charter.articles if article.id in ("democracy", "mission"))
    content = ArticleContent(heading="Education", text="We teach.", section=None)
    operations = (
        Add(article=ArticleId("education"), text=world.text(content), after=democracy.id),
        Replace(
            article=mission.id, base=mission.base, text=world.text(ArticleContent(heading="Mission", text="Ours."))
        ),
        Move(article=ArticleId("solidarity")),
        Strike(article=democracy.id, base=content_digest(democracy.content)),
    )
    carry(world, AmendCharter(base=1, operations=operations))
