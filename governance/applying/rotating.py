"""What changes when another key signs the log: the key, and nothing else."""

from datetime import timedelta
from typing import Final

from governance.facts import rotating as fact
from governance.instants import later
from governance.records import Record
from governance.state import Rotation, State

WINDOW: Final = timedelta(days=30)
"""How long checkpoints carry the signature of the key before as well, so that whoever knows only that one can follow."""


def rotated(state: State, body: fact.LogKeyRotated, record: Record) -> None:
    """Another key signs the log from this record on, and for a while the one before as well."""
    rotation = Rotation(
        seq=record.seq, at=record.at, key=body.key, key_before=state.key, window_until=later(record.at, WINDOW)
    )
    state.rotations = (*state.rotations, rotation)
    state.key = body.key
