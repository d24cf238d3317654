"""A log whose key is replaced by another, under the same origin."""

from collections.abc import Mapping, Sequence
from typing import Any

from governance.commands.rotating import RotateKey
from governance.ids import OPERATOR, MandateId
from governance.log.bundle import BundleWriter
from governance.log.checkpoint import Checkpoint, sign_checkpoint
from governance.log.keys import SigningKey, format_verifier_key
from governance.log.merkle import leaf_hash, root_of
from governance.log.rotation import sign_rotation
from tests.governance.world import KEY, ORIGIN, Founded

SECOND = SigningKey(name=ORIGIN, seed=b"2" * 32)
THIRD = SigningKey(name=ORIGIN, seed=b"3" * 32)
SECOND_TEXT, THIRD_TEXT = format_verifier_key(SECOND.verifier_key), format_verifier_key(THIRD.verifier_key)


def head(entries: Sequence[bytes], origin: str = ORIGIN) -> Checkpoint:
    return Checkpoint(origin=origin, size=len(entries), root=root_of([leaf_hash(entry) for entry in entries]))


def agreed(entries: Sequence[bytes], before: SigningKey = KEY, after: SigningKey = SECOND) -> str:
    """What both keys sign over these entries."""
    return sign_rotation(head(entries, before.verifier_key.name), before, after).decode()


def turn(
    world: Founded,
    before: SigningKey = KEY,
    after: SigningKey = SECOND,
    *,
    actor: MandateId = OPERATOR,
    **changes: Any,
) -> Any:
    """Let another key sign the log from here on."""
    plain = {"key": format_verifier_key(after.verifier_key), "agreed": agreed(world.entries, before, after)}
    return world.ask(RotateKey(**{**plain, **changes}), actor)


def rotated_world() -> Founded:
    """A small federation whose log has another key since the founding."""
    world = Founded(3)
    turn(world)
    return world


def bundle_signed(world: Founded, key: SigningKey, checkpoints: Mapping[int, SigningKey]) -> bytes:
    """The bundle of a log without texts, under a key, with the checkpoints of these sizes by these keys."""
    pieces: list[bytes] = []
    writer = BundleWriter(pieces.append)
    writer.header(key.verifier_key, len(world.entries))
    for size in range(len(world.entries) + 1):
        if size:
            writer.entry(world.entries[size - 1])
        if size in checkpoints:
            writer.checkpoint(sign_checkpoint(head(world.entries[:size]), checkpoints[size]))
    writer.close()
    return b"".join(pieces)
