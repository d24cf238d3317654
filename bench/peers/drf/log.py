"""The log: one entry more, with its place in the Merkle tree (RFC 6962), and the signed checkpoint."""

import base64
import hashlib
from datetime import datetime

from bench.peers.drf.access import ISSUER, key
from bench.peers.drf.models import Entry, Head, Node

_LEVEL = 48


def append(head: Head, data: bytes, at: datetime) -> list[bytes]:
    """Append an entry to the log whose head is locked, and give its proof of inclusion, from the leaf's sibling up."""
    seq = head.size
    # The tree is as many complete subtrees as its size has ones: for its last leaf, their roots are the proof.
    peaks = [level << _LEVEL | (seq >> level) - 1 for level in range(seq.bit_length()) if seq >> level & 1]
    stored = dict(Node.objects.filter(id__in=peaks).values_list("id", "hash"))
    proof = [bytes(stored[one]) for one in peaks]
    hashed = hashlib.sha256(b"\0" + data).digest()
    made = [Node(id=seq, hash=hashed)]
    complete = True
    for level, sibling in enumerate(proof):
        complete = complete and seq >> level & 1 == 1
        hashed = hashlib.sha256(b"\1" + sibling + hashed).digest()
        if complete:
            made.append(Node(id=level + 1 << _LEVEL | seq >> level + 1, hash=hashed))
    Entry.objects.create(seq=seq, data=data, at=at)
    Node.objects.bulk_create(made)
    head.size, head.root = seq + 1, hashed
    head.save(update_fields=["size", "root"])
    return proof


def receipt(seq: int, size: int, root: bytes, proof: list[bytes]) -> str:
    """The proof that an entry is in the log, on the signed checkpoint."""
    said = f"{ISSUER}\n{size}\n{base64.b64encode(root).decode()}\n"
    signature = base64.b64encode(b"\0\0\0\0" + key().sign(said.encode())).decode()
    lines = ["c2sp.org/tlog-proof@v1", f"index {seq}", *(base64.b64encode(one).decode() for one in proof), "", said]
    return "\n".join(lines) + f"\n\N{EM DASH} {ISSUER} {signature}\n"
