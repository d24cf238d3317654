"""Keys and small logs that several tests of the log's formats invent."""

from collections.abc import Sequence

from governance.log.checkpoint import Checkpoint, sign_checkpoint
from governance.log.keys import KeyType, SigningKey
from governance.log.merkle import Node, leaf_hash, root_of

LOG = SigningKey(name="coop.example/log", seed=bytes(range(32)))
WITNESS = SigningKey(name="witness.example/w1", seed=bytes(range(32, 64)), kind=KeyType.WITNESS)
ENTRIES = (
    b'{"seq":0,"type":"log.genesis"}',
    b'{"coop":"c1","seq":1,"type":"member.admitted","weight":"3"}',
    b'{"choice":"yes","coop":"c1","poll":"p1","seq":2,"type":"ballot.cast"}',
)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(b"entry %d" % index) for index in range(size)]


def node_of(hashes: Sequence[bytes]) -> Node:
    """Nodes worked out anew from the leaf hashes, without any store."""

    def node(level: int, index: int) -> bytes:
        found = hashes[index << level : (index + 1) << level]
        assert len(found) == 1 << level, "only complete nodes are ever asked for"
        return root_of(found)

    return node


def note_over(entries: Sequence[bytes]) -> bytes:
    """The log's signed checkpoint over these entries."""
    root = root_of(leaf_hash(entry) for entry in entries)
    return sign_checkpoint(Checkpoint(origin="coop.example/log", size=len(entries), root=root), LOG)
