"""Which blobs a fact names by hash: what a bundle carries before the entry, and what an auditor must find there."""

from governance.effect import text_of
from governance.facts import polls, proposals, register
from governance.ids import BlobHash
from governance.value import Value


def texts_named(fact: Value) -> tuple[BlobHash, ...]:
    """The texts that a fact brings into the log, in the order in which it names them.

    A poll names the text that it is about, but that came with the proposal or the amendment.
    """
    match fact:
        case proposals.ProposalSubmitted(text=text, effect=effect):
            return _hashes(text, *text_of(effect))
        case proposals.AmendmentSuggested(text=text, effect=effect):
            return _hashes(text, *(text_of(effect) if effect is not None else ()))
        case proposals.ProposalAnswered(text=text) | proposals.CommentPosted(text=text):
            return _hashes(text)
        case (
            polls.BallotCast(reason=reason)
            | polls.PollVoided(reason=reason)
            | proposals.DecisionChallenged(reason=reason)
            | register.NumberContested(reason=reason)
        ):
            return _hashes(reason)
        case _:
            return ()


def electorates_named(fact: Value) -> tuple[BlobHash, ...]:
    """The electorates that a fact names, each once."""
    if not isinstance(fact, polls.PollOpened):
        return ()
    return _hashes(*(roll.electorate for roll in fact.rolls))


def _hashes(*named: str | None) -> tuple[BlobHash, ...]:
    return tuple(dict.fromkeys(BlobHash(one) for one in named if one is not None))
