"""Deciding whether another key may sign the log: only if whoever holds both says so."""

from governance.commands import rotating as asked
from governance.deciding.authority import NotFounded
from governance.deciding.decision import Decision
from governance.errors import Refusal
from governance.facts import rotating as fact
from governance.ids import OPERATOR, MandateId
from governance.instants import Instant
from governance.log.keys import KeyType, VerifierKey, check_type, parse_verifier_key
from governance.log.rotation import open_rotation
from governance.mandate import NoMandate
from governance.state import State


class RotationInvalid(Refusal):
    """The log's key cannot be replaced like this."""

    code = "rotation_invalid"


def rotate_key(state: State, command: asked.RotateKey, actor: MandateId, at: Instant) -> Decision:  # noqa: ARG001 - one shape for all
    """Another key signs the log from here on.

    Raises:
        NoMandate: somebody else than the operator asks.
        NotFounded: nothing is decided yet: begin again with the other key.
        RotationInvalid: the key is not a new one of this log, what was signed names other keys, or is of another size.
        NoteUnsigned, OriginWrong: one of the two keys has not signed.
        Other refusals: as in `parse_verifier_key` and `open_checkpoint`.
    """
    if actor != OPERATOR:
        raise NoMandate("Only the operator, who holds the log's key, replaces it.")
    if not state.founded:
        raise NotFounded("The federation's founding is not complete. Found it again, with another key.")
    after = _check_new(state, command.key)
    agreed = open_rotation(command.agreed.encode(), parse_verifier_key(state.key), after)
    if agreed is None:
        raise RotationInvalid("What was signed does not name the log's key and the one that is to follow it.")
    if agreed.size != state.size:
        raise RotationInvalid(
            f"It was signed for {agreed.size} entries, and the log has {state.size}. Sign it for those."
        )
    return Decision(fact=fact.LogKeyRotated(agreed=command.agreed, key=command.key))


def _check_new(state: State, text: str) -> VerifierKey:
    key = check_type(parse_verifier_key(text), KeyType.LOG)
    if key.name != state.origin:
        raise RotationInvalid(f"The log is called {state.origin!r}, and the key {key.name!r}. Name both alike.")
    rotated, continued = (one.key_before for one in state.rotations), (one.key_before for one in state.continuations)
    if key.public_key in {parse_verifier_key(one).public_key for one in (*rotated, *continued, state.key)}:
        raise RotationInvalid("The log has this key, or had it before. Make a new one.")
    return key
