"""Single entries and what proves their place in the log."""

from collections.abc import Sequence

import msgspec

from app.ledger.errors import EntryUnknown, LogDamaged
from app.ledger.proofs import read_consistency, read_inclusion
from app.services.serving import Service
from app.store.log_reading import entries
from governance.log.errors import ProofRangeInvalid
from governance.log.spelling import format_base64


class InclusionView(msgspec.Struct, frozen=True, kw_only=True):
    """The proof that entry `index` is in the log of `size` entries: hashes in base64, from the leaf's sibling up."""

    index: int
    size: int
    proof: tuple[str, ...]


class ConsistencyView(msgspec.Struct, frozen=True, kw_only=True):
    """The proof that the log of `old` entries is the beginning of that of `new`: hashes in base64 (RFC 9162 §2.1.4)."""

    old: int
    new: int
    proof: tuple[str, ...]


async def read_entry(service: Service, seq: int) -> bytes:
    """The exact bytes of an entry.

    Raises:
        EntryUnknown: there is no such entry, or not yet.
        LogDamaged: the database lacks it.
    """
    await _require_entry(service, seq)
    stored = await entries(service.engine.run_querystring, seq, seq + 1)
    if not stored:
        raise LogDamaged(f"Entry {seq} of the log is missing in the database. Restore it.")
    return stored[0].data


async def read_receipt(service: Service, seq: int) -> bytes:
    """The receipt of an entry, the same bytes as when it was answered; refuses as `read_entry` does."""
    await _require_entry(service, seq)
    return await service.ledger.receipt(seq)


async def prove_inclusion(service: Service, index: int, size: int) -> InclusionView:
    """The inclusion proof of an entry.

    Raises:
        ProofRangeInvalid: the log has not that size, or that size no such entry.
        LogDamaged: the database lacks a hash.
    """
    await _require_size(service, size)
    proof = await read_inclusion(service.engine.run_querystring, index, size)
    return InclusionView(index=index, size=size, proof=_text(proof))


async def prove_consistency(service: Service, old: int, new: int) -> ConsistencyView:
    """The consistency proof between two sizes.

    Raises:
        ProofRangeInvalid: the log has not the new size, or the old one is 0 or larger.
        LogDamaged: the database lacks a hash.
    """
    await _require_size(service, new)
    proof = await read_consistency(service.engine.run_querystring, old, new)
    return ConsistencyView(old=old, new=new, proof=_text(proof))


async def _require_entry(service: Service, seq: int) -> None:
    size = (await service.published.reaching(seq + 1)).size
    if seq >= size:
        raise EntryUnknown(f"The log has no entry {seq}. It has {size} now, counted from 0.")


async def _require_size(service: Service, size: int) -> None:
    present = (await service.published.reaching(size)).size
    if size > present:
        raise ProofRangeInvalid(f"The log has {present} entries now, not {size}. Ask for a size up to that.")


def _text(proof: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(format_base64(step) for step in proof)
