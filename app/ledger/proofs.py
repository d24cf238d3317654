"""Roots and receipts, from the hashes of complete subtrees that the database keeps."""

from collections.abc import Mapping

from app.ledger.errors import EntryUnknown, LogDamaged
from app.store.log_reading import Run, nodes
from app.store.tree import frontier_of
from governance.log.errors import ConsistencyFalse
from governance.log.merkle import EMPTY_ROOT, Frontier, Node, consistency_proof, inclusion_proof, verify_consistency
from governance.log.receipt import Receipt, format_receipt

Hashes = Mapping[tuple[int, int], bytes]


def receipt_from(seq: int, note: bytes, size: int, hashes: Hashes) -> bytes:
    """The receipt of an entry on the signed checkpoint `note` of a log of `size` entries."""
    proof = inclusion_proof(seq, size, _node(hashes))
    return format_receipt(Receipt(index=seq, proof=proof, note=note))


async def read_receipt(run: Run, seq: int, note: bytes, size: int) -> bytes:
    """The receipt of an entry, from the stored hashes.

    Raises:
        LogDamaged: one is missing.
    """
    return format_receipt(Receipt(index=seq, proof=await read_inclusion(run, seq, size), note=note))


async def read_inclusion(run: Run, index: int, size: int) -> tuple[bytes, ...]:
    """The proof that an entry is in the log of `size` entries, from the stored hashes.

    Raises:
        ProofRangeInvalid: the log of that size has no such entry.
        LogDamaged: a hash is missing.
    """
    wanted: list[tuple[int, int]] = []
    inclusion_proof(index, size, _noted(wanted))
    return inclusion_proof(index, size, _node(await nodes(run, wanted)))


async def read_consistency(run: Run, old: int, new: int) -> tuple[bytes, ...]:
    """The proof that the log of `old` entries is the beginning of that of `new`, from the stored hashes.

    Raises:
        ProofRangeInvalid: the old size is 0, or above the new one.
        LogDamaged: a hash is missing.
    """
    wanted: list[tuple[int, int]] = []
    consistency_proof(old, new, _noted(wanted))
    return consistency_proof(old, new, _node(await nodes(run, wanted)))


async def read_frontier(run: Run, size: int) -> Frontier:
    """The right edge of the tree of `size` entries, from the stored hashes.

    Raises:
        LogDamaged: one is missing.
    """
    wanted = frontier_of(size)
    node = _node(await nodes(run, wanted))
    return Frontier.resume(size, [node(level, index) for level, index in wanted])


async def root_before(run: Run, size: int, now: int, root: bytes) -> bytes:
    """The root that the log had at a size up to `now`, proved to be the beginning of the log whose root is `root`.

    So a stored hash that somebody altered is never signed.

    Raises:
        EntryUnknown: the log was never that long.
        LogDamaged: the stored hashes do not lead to `root`.
    """
    if size == now:
        return root
    if not 0 <= size < now:
        raise EntryUnknown(f"The log has {now} entries. Name a size up to that, not {size}.")
    if size == 0:
        return EMPTY_ROOT
    before = (await read_frontier(run, size)).root()
    proof = await read_consistency(run, size, now)
    try:
        verify_consistency(old=size, old_root=before, new=now, new_root=root, proof=proof)
    except ConsistencyFalse as error:
        raise LogDamaged(f"The stored hashes of the tree contradict the log: {error.detail}") from error
    return before


def _node(hashes: Hashes) -> Node:
    def node(level: int, index: int) -> bytes:
        found = hashes.get((level, index))
        if found is None:
            raise LogDamaged(f"The hash {index} of level {level} of the tree is missing. Restore the database.")
        return found

    return node


def _noted(wanted: list[tuple[int, int]]) -> Node:
    def node(level: int, index: int) -> bytes:
        wanted.append((level, index))
        return bytes(32)

    return node
