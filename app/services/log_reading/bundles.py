"""The bundle, sent piece by piece while it is read."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from app.ledger.bundling import bundle_pieces
from app.services.log_reading.errors import BundleBusy
from app.services.serving import Service


class Bundle:
    """The bundle of the log at one size. It is read only as fast as its pieces are taken."""

    def __init__(self, service: Service, size: int) -> None:
        """Name the size; nothing is read yet."""
        self.size = size
        self._service = service

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """The bundle's bytes, in pieces of about 64 KiB, larger only for large blobs."""
        service = self._service
        async with (
            service.published.downloads,
            aclosing(
                bundle_pieces(
                    run=service.engine.run_querystring,
                    key=service.signer.verifier_key,
                    size=self.size,
                    checkpoint_at=service.ledger.checkpoint,
                )
            ) as pieces,
        ):
            async for piece in pieces:
                yield piece


async def open_bundle(service: Service) -> Bundle:
    """The bundle of the log as it is published now.

    Raises:
        BundleBusy: as many are being sent as one process can.
    """
    if service.published.downloads.locked():
        raise BundleBusy("As many bundles are being downloaded as this service sends at once. Try again in a minute.")
    return Bundle(service, (await service.published.newest()).size)
