"""Replay: each record decided again, on the state before it, must come out the same. That is what `legal` means."""

from collections.abc import Callable

from governance.commands.polls import TakeStep
from governance.effect import Effect, text_of
from governance.errors import Refusal, RochdaleError
from governance.facts.polls import BallotCast
from governance.facts.proposals import CharterAmended, ProposalEnacted, ProposalLapsed
from governance.federation import Federation
from governance.ids import FEDERATION, ProposalId, TextHash
from governance.instants import Instant
from governance.recall import command_of
from governance.records import Record
from governance.revealing import can_be_printed
from governance.state import State, Step

LengthOf = Callable[[TextHash], int | None]
"""The length of a text as an article (`governance.revealing.article_length`), or None of one that is missing."""


class Illegal(RochdaleError):
    """This record could not have come about under the rules."""

    code = "record_illegal"


class Replay:
    """A federation that takes in a log's records one by one, and refuses the first that is not legal."""

    def __init__(self, length_of: LengthOf) -> None:
        """Start before the first record. `length_of` tells of each text that the log names whether it is an article."""
        self.federation = Federation()
        self._length_of = length_of

    def take(self, record: Record) -> None:
        """Check a record and apply it.

        Raises:
            Illegal: it is out of order, something else was due first, its command is refused, or gives another record.
        """
        body = record.body
        try:
            if type(body) is BallotCast:
                self.federation.recast(body, record)
            else:
                self._decide_again(record)
                self.federation.apply(record)
        except Illegal:
            raise
        except RochdaleError as refusal:
            raise Illegal(f"Entry {record.seq} ({record.type}) is not legal: {refusal.detail}") from refusal

    def _decide_again(self, record: Record) -> None:
        federation = self.federation
        command = command_of(record) if record.actor != FEDERATION else self._step_of(record)
        decided = federation.decide(command, actor=record.actor, at=record.at).fact
        if decided != record.body or type(decided) is not type(record.body):
            raise Illegal(
                f"Entry {record.seq} ({record.type}) is not what the rules give: deciding it again gives another record."
            )

    def _step_of(self, record: Record) -> TakeStep:
        """The command of a step.

        A change of the charter brings its own texts, which deciding holds against what was voted on. Where one lapses because its
        texts are none, they must be there to show it.
        """
        body, step = record.body, _due(self.federation, record.at)
        if isinstance(body, ProposalLapsed) and body.reason == "text_invalid":
            self._require_unprintable(record, step)
            return TakeStep(step=step, texts=None)
        result = body.result if isinstance(body, ProposalEnacted) else None
        return TakeStep(step=step, texts=result.texts if isinstance(result, CharterAmended) else ())

    def _require_unprintable(self, record: Record, step: Step) -> None:
        state = self.federation.state
        effect = _effect_of(state, step)
        texts = tuple(map(TextHash, text_of(effect))) if effect is not None else ()
        lengths = [self._length_of(text) for text in texts]
        for text, length in zip(texts, lengths, strict=True):
            if length is None and text not in state.redacted:
                raise TextWithheld(
                    f"The text {text} of {step.subject} is missing, and was not redacted before it was to take effect."
                )
        if can_be_printed(lengths):
            raise Illegal(f"Entry {record.seq} ({record.type}) is not legal: the texts of {step.subject} are articles.")


class TextWithheld(Refusal):
    """A text that is to become part of the charter is missing."""

    code = "text_withheld"


class NothingDue(Refusal):
    """Nothing is due now."""

    code = "nothing_due"


def _due(federation: Federation, at: Instant) -> Step:
    step = federation.due(at)
    if step is None:
        raise NothingDue("Nothing was due that could have happened by itself.")
    return step


def _effect_of(state: State, step: Step) -> Effect | None:
    proposal = state.proposals.get(ProposalId(step.subject)) if step.kind == "enact" else None
    return proposal.effect if proposal is not None else None
