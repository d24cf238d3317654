"""The log, to be read by anybody's tools: checkpoint, key, entries, receipts and proofs (c2sp.org/tlog-tiles, tlog-proof)."""

import re
from typing import Annotated, Any, Final

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, QueryParameter

from app.http.refusals import ParameterInvalid
from app.services.log_reading import entries
from app.services.log_reading.blobs import read_blob
from app.services.log_reading.entries import ConsistencyView, InclusionView
from app.services.serving import Service
from governance.log.errors import DecimalInvalid
from governance.log.keys import format_verifier_key
from governance.log.spelling import NUMBER_LIMIT, parse_decimal

TEXT: Final = "text/plain"
BYTES: Final = "application/octet-stream"
ALWAYS_ASKED: Final = {"Cache-Control": "no-cache"}
NEVER_KEPT: Final = {"Cache-Control": "no-store"}
"""A blob can be erased: then no cache may still have it."""
_YEAR: Final = 31_536_000
_ADDRESS: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


def kept(request: Request[Any, Any, Any], seconds: int = _YEAR) -> dict[str, str]:
    """The header of what never changes. Caches that many people share keep only what was given to somebody unnamed."""
    whose = "private" if "authorization" in request.headers else "public"
    return {"Cache-Control": f"{whose}, max-age={seconds}{', immutable' if seconds == _YEAR else ''}"}


@get("/log/checkpoint", tags=["log"], operation_id="getCheckpoint", media_type=TEXT)
async def get_checkpoint(service: NamedDependency[Service]) -> Response[bytes]:
    """Get the newest signed checkpoint.

    A signed note (c2sp.org/signed-note) with origin, size and root of the log (c2sp.org/tlog-checkpoint).
    """
    newest = await service.published.newest()
    return Response(newest.note, media_type=TEXT, headers=ALWAYS_ASKED)


@get("/log/key", tags=["log"], operation_id="getLogKey", media_type=TEXT)
async def get_key(service: NamedDependency[Service]) -> Response[bytes]:
    """Get the log's public key.

    One line, as c2sp.org/signed-note writes verifier keys. Compare its fingerprint with the federation over another channel.
    """
    line = f"{format_verifier_key(service.signer.verifier_key)}\n"
    return Response(line.encode(), media_type=TEXT, headers=ALWAYS_ASKED)


@get(
    "/log/entry/{seq:str}",
    tags=["log"],
    operation_id="getEntry",
    media_type="application/json",
    responses={200: ResponseSpec(dict[str, Any], description="The entry.", generate_examples=False)},
)
async def get_entry(
    request: Request[Any, Any, Any], service: NamedDependency[Service], seq: FromPath[str]
) -> Response[bytes]:
    """Get an entry.

    Exactly the bytes that were hashed into the log: canonical JSON (RFC 8785).
    """
    content = await entries.read_entry(service, _number(seq))
    return Response(content, media_type="application/json", headers=kept(request))


@get("/log/receipt/{seq:str}", tags=["log"], operation_id="getReceipt", media_type=TEXT)
async def get_receipt(service: NamedDependency[Service], seq: FromPath[str]) -> Response[bytes]:
    """Get the receipt of an entry.

    The proof that the entry is in the log, with the checkpoint of its batch (c2sp.org/tlog-proof), checkable offline.
    """
    return Response(await entries.read_receipt(service, _number(seq)), media_type=TEXT, headers=ALWAYS_ASKED)


@get("/log/blob/{address:str}", tags=["log"], operation_id="getBlob", media_type=BYTES)
async def get_blob(service: NamedDependency[Service], address: FromPath[str]) -> Response[bytes]:
    """Get the bytes that the log names by their SHA-256.

    A text with its salt, or an electorate. A text that was erased is answered with 410 `text_gone`.
    """
    if not _ADDRESS.fullmatch(address):
        raise ParameterInvalid("The address of a blob is its SHA-256 in 64 lower-case hexadecimal digits.")
    return Response(await read_blob(service, address), media_type=BYTES, headers=NEVER_KEPT)


Position = Annotated[int, QueryParameter(ge=0, le=NUMBER_LIMIT - 1)]


@get("/log/proof/inclusion", tags=["log"], operation_id="getInclusionProof")
async def get_inclusion_proof(service: NamedDependency[Service], index: Position, size: Position) -> InclusionView:
    """Get the proof that an entry is in the log of some size.

    Hashes in base64, from the leaf's sibling up (RFC 9162 §2.1.3).
    """
    return await entries.prove_inclusion(service, index, size)


@get("/log/proof/consistency", tags=["log"], operation_id="getConsistencyProof")
async def get_consistency_proof(service: NamedDependency[Service], old: Position, new: Position) -> ConsistencyView:
    """Get the proof that the log only grew from one size to another.

    Hashes in base64 (RFC 9162 §2.1.4). There is none from size 0: everything begins with nothing.
    """
    return await entries.prove_consistency(service, old, new)


def _number(text: str) -> int:
    try:
        return parse_decimal(text)
    except DecimalInvalid as error:
        raise ParameterInvalid(error.detail) from None
