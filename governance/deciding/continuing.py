"""Deciding whether a log may go on after a loss: only in the open, by who holds the key before."""

from governance.commands import continuing as asked
from governance.deciding.authority import NotFounded
from governance.deciding.decision import Decision
from governance.errors import Refusal
from governance.facts import continuing as fact
from governance.ids import OPERATOR, MandateId
from governance.instants import Instant
from governance.log.checkpoint import open_checkpoint
from governance.log.keys import KeyType, VerifierKey, check_type, parse_verifier_key
from governance.log.successor import successor_line
from governance.mandate import NoMandate
from governance.state import State


class ContinuationInvalid(Refusal):
    """The log cannot go on like this."""

    code = "continuation_invalid"


def continue_log(state: State, command: asked.ContinueLog, actor: MandateId, at: Instant) -> Decision:  # noqa: ARG001 - one shape for all
    """The log goes on under another origin and key.

    Raises:
        NoMandate: somebody else than the operator asks.
        NotFounded: nothing is decided yet that could be lost: begin again.
        ContinuationInvalid: the origin or the key is not a new one, the key before does not name it, or the log has more entries
            than its last checkpoint.
        NoteUnsigned, OriginWrong: the checkpoint is not one of this log.
        Other refusals: as in `parse_verifier_key` and `open_checkpoint`.
    """
    if actor != OPERATOR:
        raise NoMandate("Only the operator, who holds the log's key, lets it go on after a loss.")
    if not state.founded:
        raise NotFounded("The federation's founding is not complete, so nothing was decided yet. Found it again.")
    before = parse_verifier_key(state.key)
    after = _check_new(state, command, before)
    last = open_checkpoint(command.lost.encode(), before).checkpoint
    if last.extensions != (successor_line(after),):
        raise ContinuationInvalid("The key before does not name this key as the one after it.")
    if last.size < state.size:
        raise ContinuationInvalid(
            f"The checkpoint is of {last.size} entries and the log has {state.size}: a newer one was signed. Name that."
        )
    return Decision(fact=fact.LogContinued(key=command.key, lost=command.lost, origin=command.origin))


def _check_new(state: State, command: asked.ContinueLog, before: VerifierKey) -> VerifierKey:
    key = check_type(parse_verifier_key(command.key), KeyType.LOG)
    if key.name != command.origin:
        raise ContinuationInvalid(
            f"The log {command.origin!r} is to be signed by a key that is named {key.name!r}. Name both alike."
        )
    if command.origin in (state.origin, *(one.origin_before for one in state.continuations)):
        raise ContinuationInvalid(
            f"The log was called {command.origin!r} before, and receipts under that name would contradict it. Choose another."
        )
    if key.public_key == before.public_key:
        raise ContinuationInvalid("The log is to go on under the key that it had. Make a new one.")
    return key
