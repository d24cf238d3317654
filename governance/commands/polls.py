"""Commands on polls, and the step that a timer asks for."""

from governance.ballot import BallotStatement
from governance.facts.proposals import RevealedText
from governance.ids import HashText, PollId
from governance.state import Step
from governance.value import Value


class Cast(Value):
    """Cast one's coop's ballot."""

    statement: BallotStatement


class VoidPoll(Value):
    """As an office: void an open poll."""

    poll: PollId
    reason: HashText


class TakeStep(Value):
    """Take the step that is due.

    `texts` are the charter texts that an enactment reveals, in the order of its operations, or None where a blob is gone or holds
    no article (`governance.revealing.reveal`).
    """

    step: Step
    texts: tuple[RevealedText, ...] | None = ()
