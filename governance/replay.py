"""Replay: each record decided again, on the state before it, must come out the same. That is what `legal` means."""

from collections.abc import Callable

from governance.commands.polls import TakeStep
from governance.deciding.polls import check_ballot
from governance.effect import AmendCharter, text_of
from governance.errors import Refusal, RochdaleError
from governance.facts.polls import BallotCast
from governance.facts.proposals import CharterAmended, ProposalEnacted, ProposalLapsed
from governance.federation import Federation
from governance.ids import FEDERATION, ProposalId, TextHash
from governance.instants import Instant
from governance.recall import command_of
from governance.records import Record
from governance.revealing import reveal
from governance.state import Step

BlobOf = Callable[[TextHash], bytes | None]


class Illegal(RochdaleError):
    """This record could not have come about under the rules."""

    code = "record_illegal"


class Replay:
    """A federation that takes in a log's records one by one, and refuses the first that is not legal."""

    def __init__(self, blob_of: BlobOf) -> None:
        """Start before the first record. `blob_of` gives a blob of the log by its hash, or None."""
        self.federation = Federation()
        self._blob_of = blob_of

    def take(self, record: Record) -> None:
        """Check a record and apply it.

        Raises:
            Illegal: it is out of order, something else was due first, its command is refused, or gives another record.
        """
        federation, body = self.federation, record.body
        try:
            if type(body) is BallotCast:
                # Nearly all entries of a log are ballots: the same decision, without the detour over a command.
                federation.require_ready(record.at)
                check_ballot(federation.state, body, record.actor, record.at)
            else:
                self._decide_again(record)
            federation.apply(record)
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
        body = record.body
        if isinstance(body, ProposalLapsed) and body.reason == "text_invalid":
            return step_command(self.federation, record.at, self._blob_of)
        result = body.result if isinstance(body, ProposalEnacted) else None
        texts = result.texts if isinstance(result, CharterAmended) else ()
        return TakeStep(step=_due(self.federation, record.at), texts=texts)


def step_command(federation: Federation, at: Instant, blob_of: BlobOf) -> TakeStep:
    """The command for the step that is due at an instant, with the texts that it reveals.

    Raises:
        NothingDue: no step is.
        TextWithheld: a text that it needs is neither there nor redacted before.
    """
    step = _due(federation, at)
    effect = _effect_of(federation, step)
    if not isinstance(effect, AmendCharter):
        return TakeStep(step=step)
    for text in map(TextHash, text_of(effect)):
        if blob_of(text) is None and text not in federation.state.redacted:
            raise TextWithheld(
                f"The text {text} of {step.subject} is missing, and was not redacted before it was to take effect."
            )
    return TakeStep(step=step, texts=reveal(effect, blob_of))


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


def _effect_of(federation: Federation, step: Step) -> object:
    if step.kind != "enact":
        return None
    proposal = federation.state.proposals.get(ProposalId(step.subject))
    return proposal.effect if proposal is not None else None
