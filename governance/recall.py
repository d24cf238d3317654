"""From a fact back to the command that it came from, so that it can be decided again."""

from governance.ballot import BallotStatement
from governance.commands import continuing as ask_continuing
from governance.commands import founding as ask_founding
from governance.commands import polls as ask_polls
from governance.commands import proposals as ask_proposals
from governance.commands import register as ask_register
from governance.commands import rotating as ask_rotating
from governance.errors import Refusal
from governance.facts import continuing, founding, polls, proposals, register, rotating
from governance.facts.registry import NAMES
from governance.records import Record
from governance.value import Value


class NotAsked(Refusal):
    """This record can only come about by itself."""

    code = "record_not_asked"


def command_of(record: Record) -> Value:  # noqa: C901, PLR0911, PLR0912 - one case for each record type
    """The command that became this record.

    Raises:
        NotAsked: it is a step that falls due by itself.
    """
    match record.body:
        case BallotStatement() as statement:
            return ask_polls.Cast(statement=statement)
        case founding.LogGenesis() as fact:
            return ask_founding.BeginLog(origin=fact.origin, key=fact.key, protocol=fact.protocol)
        case founding.FederationNamed() as fact:
            return ask_founding.NameFederation(name=fact.name, provisions=fact.provisions)
        case founding.ArticleFounded() as fact:
            return ask_founding.FoundArticle(article=fact.article, content=fact.content)
        case founding.RuleFounded() as fact:
            return ask_founding.FoundRule(rule=fact.rule)
        case founding.OfficeFounded() as fact:
            return ask_founding.FoundOffice(office=fact.office)
        case founding.CoopFounded() as fact:
            return ask_founding.FoundCoop(
                name=fact.name,
                country=fact.country,
                category=fact.category,
                cooperators=fact.cooperators,
                member_since=fact.member_since,
                services=fact.services,
                numbers=fact.numbers,
            )
        case founding.FoundingClosed():
            return ask_founding.CloseFounding()
        case register.MandateGiven() as fact:
            return ask_register.GiveMandate(
                mandate=fact.mandate,
                role=fact.role,
                coop=fact.coop,
                office=fact.office,
                starts=fact.starts,
                ends=fact.ends,
            )
        case register.MandateRevoked(mandate=mandate):
            return ask_register.RevokeMandate(mandate=mandate)
        case register.NumberDeclared() as fact:
            return ask_register.DeclareNumber(fact=fact.fact, number=fact.number)
        case register.NumberContested() as fact:
            return ask_register.ContestNumber(coop=fact.coop, fact=fact.fact, reason=fact.reason)
        case register.ContestWithdrawn() as fact:
            return ask_register.WithdrawContest(coop=fact.coop, fact=fact.fact)
        case register.ServicesDeclared(services=services):
            return ask_register.DeclareServices(services=services)
        case register.StandingRecorded(coop=coop, good=good):
            return ask_register.RecordStanding(coop=coop, good=good)
        case register.CoopLeft(coop=coop, office=office):
            return ask_register.Leave(coop=coop if office is not None else None)
        case register.RestorationAttested(coop=coop, steward=steward):
            return ask_register.AttestSteward(coop=coop, steward=steward)
        case register.RestorationObjected():
            return ask_register.ObjectRestoration()
        case register.TextRedacted(text=text, reason=reason):
            return ask_register.RedactText(text=text, reason=reason)
        case polls.PollVoided(poll=poll, reason=reason):
            return ask_polls.VoidPoll(poll=poll, reason=reason)
        case continuing.LogContinued(origin=origin, key=key, lost=lost):
            return ask_continuing.ContinueLog(origin=origin, key=key, lost=lost)
        case rotating.LogKeyRotated(agreed=agreed, key=key):
            return ask_rotating.RotateKey(key=key, agreed=agreed)
        case _:
            return _in_proposal(record.body)


def _in_proposal(fact: Value) -> Value:  # noqa: C901, PLR0911 - one case for each record type
    match fact:
        case proposals.ProposalSubmitted(effect=effect, text=text, language=language):
            return ask_proposals.Submit(effect=effect, text=text, language=language)
        case proposals.ProposalSupported(proposal=proposal, role=role):
            return ask_proposals.Support(proposal=proposal, role=role)
        case proposals.VoteDemanded(proposal=proposal):
            return ask_proposals.DemandVote(proposal=proposal)
        case proposals.AmendmentSuggested(proposal=proposal, text=text, effect=effect):
            return ask_proposals.SuggestAmendment(proposal=proposal, text=text, effect=effect)
        case proposals.AmendmentAccepted(amendment=amendment):
            return ask_proposals.AcceptAmendment(amendment=amendment)
        case proposals.AmendmentPut(amendment=amendment):
            return ask_proposals.PutAmendment(amendment=amendment)
        case proposals.ProposalWithdrawn(proposal=proposal):
            return ask_proposals.Withdraw(proposal=proposal)
        case proposals.ProposalLifted(proposal=proposal):
            return ask_proposals.Lift(proposal=proposal)
        case proposals.ProposalAnswered(proposal=proposal, text=text):
            return ask_proposals.Answer(proposal=proposal, text=text)
        case proposals.CommentPosted(proposal=proposal, text=text, reply_to=reply_to):
            return ask_proposals.Comment(proposal=proposal, text=text, reply_to=reply_to)
        case proposals.DecisionChallenged(proposal=proposal, reason=reason):
            return ask_proposals.Challenge(proposal=proposal, reason=reason)
        case _:
            raise NotAsked(f"Nobody asks for a {NAMES[type(fact)][0]}: it falls due, or does not happen.")
