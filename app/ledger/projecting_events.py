"""Projections of what happened to a proposal, entry by entry, and of what is said beside it."""

from collections.abc import Callable
from typing import Any, Final

from app.store.changes import Cell, Change, Put
from app.store.tables import Comment, ProposalEvent, Redaction
from governance.facts import polls, proposals
from governance.facts.register import TextRedacted
from governance.records import Record
from governance.state import State
from governance.value import Value

_COLUMNS: Final = ("coop", "office", "poll", "amendment", "text", "detail", "closes", "due")
_SAYS: Final[dict[type[Value], Callable[[Any], dict[str, Cell]]]] = {
    proposals.ProposalSubmitted: lambda body: {"coop": body.coop, "office": body.office, "text": body.text},
    proposals.ProposalSupported: lambda body: {"coop": body.coop, "detail": body.role},
    proposals.VoteDemanded: lambda body: {"coop": body.coop, "detail": _met(body.met)},
    proposals.AmendmentSuggested: lambda body: {
        "coop": body.coop,
        "amendment": body.amendment,
        "text": body.text,
    },
    proposals.AmendmentAccepted: lambda body: {"amendment": body.amendment},
    proposals.AmendmentPut: lambda body: {"coop": body.coop, "amendment": body.amendment},
    proposals.ProposalWithdrawn: lambda _: {},
    proposals.ProposalLifted: lambda body: {"coop": body.coop, "detail": body.matter},
    proposals.ProposalAnswered: lambda body: {"coop": body.coop, "text": body.text},
    proposals.DecisionChallenged: lambda body: {"coop": body.coop, "text": body.reason, "detail": _met(body.met)},
    proposals.ProposalLapsed: lambda body: {"detail": body.reason, "due": body.due},
    proposals.ProposalEnacted: lambda body: {"detail": _RESULTS[type(body.result)], "due": body.due},
    proposals.ReviewDue: lambda body: {"due": body.due},
    polls.PollOpened: lambda body: {
        "poll": body.poll,
        "amendment": body.amendment,
        "detail": body.purpose,
        "closes": body.closes,
        "due": body.due,
    },
    polls.PollExtended: lambda body: {"poll": body.poll, "closes": body.closes, "due": body.due},
    polls.PollClosed: lambda body: {"poll": body.poll, "detail": body.status, "due": body.due},
    polls.PollVoided: lambda body: {"poll": body.poll, "office": body.office, "text": body.reason},
}
_RESULTS: Final[dict[type[Value], str]] = {
    proposals.ResolutionInForce: "resolution",
    proposals.FoundingRatified: "ratified",
    proposals.CoopAdmitted: "admitted",
    proposals.RegisterChanged: "register",
    proposals.CharterAmended: "charter",
    proposals.RulesChanged: "rules",
}


def event_rows(record: Record) -> list[Change]:
    """What a record says happened to a proposal; nothing where it is about something else."""
    says = _SAYS.get(type(record.body))
    if says is None:
        return []
    said: dict[str, Cell] = says(record.body)
    proposal = getattr(record.body, "proposal", None) or str(said["poll"]).partition(".")[0]
    row: dict[str, Cell] = {
        "seq": record.seq,
        "proposal": proposal,
        "type": record.type,
        "at": record.at,
        "actor": record.actor,
        **{name: said.get(name) for name in _COLUMNS},
    }
    return [Put(table=ProposalEvent, row=row)]


def comment_posted(state: State, body: proposals.CommentPosted, record: Record) -> list[Change]:
    """A comment."""
    del state
    row: dict[str, Cell] = {
        "seq": record.seq,
        "proposal": body.proposal,
        "coop": body.coop,
        "actor": record.actor,
        "text": body.text,
        "reply_to": body.reply_to,
        "at": record.at,
    }
    return [Put(table=Comment, row=row)]


def text_redacted(state: State, body: TextRedacted, record: Record) -> list[Change]:
    """A text that is gone."""
    del state
    row: dict[str, Cell] = {
        "text": body.text,
        "seq": record.seq,
        "office": body.office,
        "reason": body.reason,
        "at": record.at,
    }
    return [Put(table=Redaction, row=row)]


def _met(met: bool) -> str | None:  # noqa: FBT001 - a plain fact
    return "met" if met else None
