"""Whether a process has the key that its log is signed with now: another can follow it while the process runs."""

from app.ledger.errors import LogKeyForeign, LogKeyRotated
from governance.state import State


def check_key(state: State, key: str) -> None:
    """Refuse to go on with another verifier key than the log's.

    Raises:
        LogKeyRotated: it was the log's, until another followed it.
        LogKeyForeign: it is not known to have been.
    """
    if not state.size or state.key == key:
        return
    if any(one.key_before == key for one in state.rotations):
        raise LogKeyRotated(
            f"This log is signed by {state.key} since its key was rotated, and the key here is {key}, which signs no more. "
            "Unless the new one was made here, copy it to log.key.next in the keys' directory; then restart.",
            state.key,
        )
    raise LogKeyForeign(f"This log is signed by {state.key}, and the key here is {key}. Use its own.")
