"""A log of which the end is lost, and what lets it go on."""

from collections.abc import Sequence
from typing import Any

from governance.commands.continuing import ContinueLog
from governance.federation import Federation
from governance.ids import OPERATOR, MandateId
from governance.log.checkpoint import Checkpoint
from governance.log.keys import SigningKey, format_verifier_key
from governance.log.merkle import leaf_hash, root_of
from governance.log.successor import sign_successor
from tests.governance.forging import bundled
from tests.governance.world import KEY, Founded

AFTER = SigningKey(name="test.example/log2", seed=bytes(range(1, 33)))
THIRD = SigningKey(name="test.example/log3", seed=bytes(range(2, 34)))


def restored(world: Founded, size: int) -> Founded:
    """The federation as it was at a size of its log: what an older backup holds."""
    copy: Founded = object.__new__(Founded)
    copy.__dict__.update(world.__dict__)
    copy.federation, copy.blobs = Federation(), dict(world.blobs)
    copy.records, copy.entries = world.records[:size], world.entries[:size]
    for record in copy.records:
        copy.federation.apply(record)
    return copy


def continued_world() -> Founded:
    """A small federation whose log goes on, though nothing is known to be lost."""
    world = Founded(3)
    go_on(world, world.entries)
    return world


def last_word(entries: Sequence[bytes], key: SigningKey = KEY, after: SigningKey = AFTER) -> str:
    """The newest checkpoint, over these entries, with the key after it."""
    root = root_of([leaf_hash(entry) for entry in entries])
    checkpoint = Checkpoint(origin=key.verifier_key.name, size=len(entries), root=root)
    return sign_successor(checkpoint, after.verifier_key, key).decode()


def command(
    entries: Sequence[bytes], before: SigningKey = KEY, after: SigningKey = AFTER, **changes: Any
) -> ContinueLog:
    """What the operator asks for once these entries are known to have been signed."""
    plain: dict[str, Any] = {
        "origin": after.verifier_key.name,
        "key": format_verifier_key(after.verifier_key),
        "lost": last_word(entries, before, after),
    }
    return ContinueLog(**{**plain, **changes})


def go_on(
    world: Founded,
    signed: Sequence[bytes],
    *,
    before: SigningKey = KEY,
    after: SigningKey = AFTER,
    actor: MandateId = OPERATOR,
    **changes: Any,
) -> Any:
    """Let a restored log go on, before anything that fell due meanwhile."""
    return world._append(command(signed, before, after, **changes), actor)


def bundle_of(world: Founded, key: SigningKey = AFTER) -> bytes:
    """The log's bundle under a key."""
    return bundled(world.entries, world.records, world.blobs, key)
