"""Telling what a record says in a sentence, where it is worth telling."""

from msgspec.structs import replace

from governance.course import outcome_of
from governance.facts.polls import PollClosed
from governance.facts.proposals import CharterAmended, CoopAdmitted, ProposalEnacted, ProposalLapsed, Result
from governance.ids import ProposalId
from governance.poll import Poll
from governance.records import Record
from governance.state import State
from governance.words import outcome_words


class Telling:
    """Sentences about records. The first outcome that is carried is told with its whole explanation, later ones in short."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        self.titles: dict[ProposalId, str] = {}
        self._explained = False

    def of(self, record: Record, state: State) -> str | None:
        """A record in words, on the state before it; None for one of which the story says nothing."""
        match record.body:
            case PollClosed(poll=poll, proposal=proposal):
                return f"Count of {proposal}: {self._outcome(state, state.polls.get(poll))}"
            case ProposalEnacted(proposal=proposal, result=result):
                return f"In force: {self.titles[proposal]} ({proposal}).{_result_words(result)}"
            case ProposalLapsed(proposal=proposal, reason=reason):
                return f"Lapsed: {self.titles[proposal]} ({reason})."
            case _:
                return None

    def _outcome(self, state: State, poll: Poll | None) -> str:
        outcomes = [outcome_of(state, poll, judged) for judged in poll.judged] if poll is not None else []
        if all(outcome.status == "carried" for outcome in outcomes):
            if self._explained:
                outcomes = [replace(outcome, quorum=(), majority=()) for outcome in outcomes]
            self._explained = True
        elif all(outcome.status == "no_quorum" for outcome in outcomes):
            outcomes = [replace(outcome, majority=()) for outcome in outcomes]
        # A vote that is judged under several rules, each with the same numbers, is told once.
        return " ".join(dict.fromkeys(map(outcome_words, outcomes)))


def _result_words(result: Result | None) -> str:
    match result:
        case CoopAdmitted(coop=coop):
            return f" The register has a new member, {coop}."
        case CharterAmended(version=version):
            return f" Charter version {version}."
        case _:
            return ""
