"""The bytes that the log names by hash."""

from app.services.log_reading.errors import BlobUnknown, TextGone
from app.services.serving import Service
from app.store.log_reading import blob


async def read_blob(service: Service, address: str) -> bytes:
    """The blob with this address: its bytes have exactly that SHA-256.

    Raises:
        TextGone: it was a text, and it was erased.
        BlobUnknown: no entry names it.
    """
    # Asked for first, so that what an entry brought is not given out before the entry is signed.
    size = (await service.published.newest()).size
    found = await blob(service.engine.run_querystring, address)
    if found is not None:
        return found
    if await service.published.redactions.include(address, size):
        raise TextGone(f"The text with the hash {address} was erased by a recorded decision of an office.")
    raise BlobUnknown(f"Nothing is kept under {address}. Take the hash from an entry of the log.")
