"""Merkle trees over SHA-256: hashes, the growing frontier of a tree, proofs and their verification.

Source: RFC 9162 section 2.1 (the trees of RFC 6962). Sizes and indices are numbers of leaves. The node (level, index)
is the root over the 2**level leaves from index * 2**level on; only such complete nodes are ever stored.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

from governance.log.errors import ConsistencyFalse, FrontierInvalid, InclusionFalse, ProofRangeInvalid
from governance.log.spelling import check_hash, check_number

Node = Callable[[int, int], bytes]
"""Reads the hash of the complete node (level, index)."""

EMPTY_ROOT = hashlib.sha256(b"").digest()
MAX_PROOF = 63
"""The most hashes that the formats let a proof have (c2sp.org/tlog-witness): enough for 2**62 entries."""
_sha256 = hashlib.sha256


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry as a leaf."""
    return _sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two nodes."""
    return _sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a tree: all that is needed to append leaves and to know the root.

    It holds the roots of the largest complete subtrees, the largest first; a tree of n leaves has as many as n has
    binary ones. It grows in place; take a `copy` to try something.
    """

    __slots__ = ("_hashes", "_size")

    def __init__(self) -> None:
        """Start with the empty tree."""
        self._size = 0
        self._hashes: list[bytes] = []

    @classmethod
    def resume(cls, size: int, hashes: Iterable[bytes]) -> "Frontier":
        """Go on from a `size` and its `hashes`.

        Raises:
            DecimalInvalid: the size is below 0, or 2**63 or more.
            FrontierInvalid: a tree of that size has another number of hashes.
            HashLengthWrong: a hash has not 32 bytes.
        """
        frontier = cls()
        frontier._size = check_number(size)
        frontier._hashes = [check_hash(data) for data in hashes]
        if len(frontier._hashes) != size.bit_count():
            raise FrontierInvalid(
                f"The frontier of a tree of {size} leaves has {size.bit_count()} hashes, and here are"
                f" {len(frontier._hashes)}. Rebuild it from the leaves."
            )
        return frontier

    @property
    def size(self) -> int:
        """The number of leaves."""
        return self._size

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The roots of the complete subtrees, the largest first."""
        return tuple(self._hashes)

    def copy(self) -> "Frontier":
        """A second frontier that grows on its own."""
        twin = Frontier()
        twin._size = self._size
        twin._hashes = self._hashes.copy()
        return twin

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash of 32 bytes, as `leaf_hash` gives it."""
        # A whole log runs through this loop, so it spells `node_hash` out.
        hashes, rest = self._hashes, self._size
        while rest & 1:
            leaf = _sha256(b"\x01" + hashes.pop() + leaf).digest()
            rest >>= 1
        hashes.append(leaf)
        self._size += 1

    def append_nodes(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add one leaf hash and list every node (level, index, hash) that became complete, the leaf first."""
        level, index = 0, self._size
        nodes = [(level, index, leaf)]
        while index & 1:
            leaf = node_hash(self._hashes.pop(), leaf)
            level, index = level + 1, index >> 1
            nodes.append((level, index, leaf))
        self._hashes.append(leaf)
        self._size += 1
        return nodes

    def root(self) -> bytes:
        """The root of the tree as it is now."""
        if not self._hashes:
            return EMPTY_ROOT
        root = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            root = node_hash(left, root)
        return root


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes."""
    frontier = Frontier()
    for leaf in leaf_hashes:
        frontier.append(leaf)
    return frontier.root()


def inclusion_proof(index: int, size: int, node: Node) -> tuple[bytes, ...]:
    """The proof that leaf `index` is in the tree of `size` leaves, from the leaf's sibling up.

    Raises:
        ProofRangeInvalid: the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ProofRangeInvalid(f"A log of {size} entries has no entry {index}. Ask for one from 0 to {size - 1}.")
    proof, low, high = [], 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(_range_root(middle, high, node))
            high = middle
        else:
            proof.append(_range_root(low, middle, node))
            low = middle
    return tuple(reversed(proof))


def consistency_proof(old: int, new: int, node: Node) -> tuple[bytes, ...]:
    """The proof that the tree of `old` leaves is the beginning of the tree of `new` leaves; empty if they are equal.

    Raises:
        ProofRangeInvalid: old is 0 (everything begins with nothing, so it would prove nothing) or above new.
    """
    if not 0 < old <= new:
        raise ProofRangeInvalid(f"No proof leads from a log of {old} to one of {new}. Start from 1 to {new} entries.")
    proof, low, high = [], 0, new
    while old < high:
        middle = low + _split(high - low)
        if old <= middle:
            proof.append(_range_root(middle, high, node))
            high = middle
        else:
            proof.append(_range_root(low, middle, node))
            low = middle
    if low > 0:
        proof.append(_range_root(low, high, node))
    return tuple(reversed(proof))


def verify_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Return if the proof shows that the leaf hash stands at `index` under `root` (RFC 9162 section 2.1.3.2).

    Raises:
        InclusionFalse: it does not.
        HashLengthWrong: a hash has not 32 bytes.
    """
    if not 0 <= index < size:
        raise InclusionFalse(f"A log of {size} entries has no entry {index}.")
    position, last, result = index, size - 1, check_hash(leaf)
    for step in proof:
        check_hash(step)
        if last == 0:
            raise InclusionFalse(f"The proof is too long for entry {index} in a log of {size} entries.")
        if position & 1 or position == last:
            result = node_hash(step, result)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            result = node_hash(result, step)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise InclusionFalse(f"The proof is too short for entry {index} in a log of {size} entries.")
    if result != check_hash(root):
        raise InclusionFalse(
            f"The proof for entry {index} leads to another root than that of the log of {size} entries."
        )


def verify_consistency(*, old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Return if the proof shows that the log only grew from `old` to `new` entries (RFC 9162 section 2.1.4.2).

    Between equal sizes the proof is empty and the roots are equal.

    Raises:
        ProofRangeInvalid: old is 0 or above new.
        ConsistencyFalse: the proof does not show it.
        HashLengthWrong: a hash has not 32 bytes.
    """
    if not 0 < old <= new:
        raise ProofRangeInvalid(f"No proof leads from a log of {old} to one of {new}. Start from 1 to {new} entries.")
    check_hash(new_root)
    if old == new:
        if proof or old_root != new_root:
            raise ConsistencyFalse(f"Two logs of {old} entries are the same only if their roots are, without a proof.")
        return
    if not proof:
        raise ConsistencyFalse(f"The proof from {old} to {new} entries is empty.")
    path = [check_hash(step) for step in proof]
    if old & (old - 1) == 0:
        path.insert(0, check_hash(old_root))
    _follow(path, old, old_root, new, new_root)


def _follow(path: list[bytes], old: int, old_root: bytes, new: int, new_root: bytes) -> None:
    """Steps 3 to 7 of RFC 9162 section 2.1.4.2, under the RFC's own names."""
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for step in path[1:]:
        if sn == 0:
            raise ConsistencyFalse(f"The proof from {old} to {new} entries is too long.")
        if fn & 1 or fn == sn:
            fr, sr = node_hash(step, fr), node_hash(step, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, step)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise ConsistencyFalse(f"The proof from {old} to {new} entries is too short.")
    if fr != old_root:
        raise ConsistencyFalse(f"The log of {new} entries does not begin with the log of {old}: history was rewritten.")
    if sr != new_root:
        raise ConsistencyFalse(f"The proof from {old} to {new} entries leads to another root than that of the new log.")


def _split(width: int) -> int:
    """The largest power of two below a width of two or more."""
    return 1 << (width - 1).bit_length() - 1


def _range_root(low: int, high: int, node: Node) -> bytes:
    """The root over the leaves from low up to high, where low is a multiple of the largest power of two in between."""
    width = high - low
    if width & (width - 1) == 0:
        return node(width.bit_length() - 1, low // width)
    middle = low + _split(width)
    return node_hash(_range_root(low, middle, node), _range_root(middle, high, node))
