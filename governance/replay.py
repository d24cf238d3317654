"""Replay: each record decided again, on the state before it, must come out the same. That is what `legal` means."""

from collections.abc import Callable

from governance.commands.polls import TakeStep
from governance.deciding.polls import check_ballot
from governance.effect import AmendCharter
from governance.errors import Refusal, RochdaleError
from governance.facts.polls import BallotCast
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
        command = (
            command_of(record) if record.actor != FEDERATION else step_command(federation, record.at, self._blob_of)
        )
        decided = federation.decide(command, actor=record.actor, at=record.at).fact
        if decided != record.body or type(decided) is not type(record.body):
            raise Illegal(
                f"Entry {record.seq} ({record.type}) is not what the rules give: deciding it again gives another record."
            )


def step_command(federation: Federation, at: Instant, blob_of: BlobOf) -> TakeStep:
    """The command for the step that is due at an instant, with the texts that it reveals.

    Raises:
        NothingDue: no step is.
    """
    step = federation.due(at)
    if step is None:
        raise NothingDue("Nothing was due that could have happened by itself.")
    effect = _effect_of(federation, step)
    return TakeStep(step=step, texts=reveal(effect, blob_of) if isinstance(effect, AmendCharter) else ())


class NothingDue(Refusal):
    """Nothing is due now."""

    code = "nothing_due"


def _effect_of(federation: Federation, step: Step) -> object:
    if step.kind != "enact":
        return None
    proposal = federation.state.proposals.get(ProposalId(step.subject))
    return proposal.effect if proposal is not None else None
