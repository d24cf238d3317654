"""Texts that stand beside the log, by their hash."""

from typing import Final

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from app.http.etags import Tagged
from app.services.reading.texts import TextView, find_text
from app.services.serving import Service

_NEVER_KEPT: Final = {"Cache-Control": "no-store"}
"""What stands under a hash never changes, but it can be erased: then no cache may still have it."""


@get("/api/v1/texts/{hashed:str}", tags=["texts"], operation_id="getText")
async def get_text(service: NamedDependency[Service], hashed: FromPath[str]) -> Tagged[TextView]:
    """Get a text by its hash.

    What people wrote: proposals, amendments, answers, comments, reasons. Its salt and exact bytes are at `/log/blob/`. A text
    that was erased is answered with 410 `text_gone`, which says who had it erased, when and why.
    """
    return Tagged(await find_text(service, hashed), headers=_NEVER_KEPT)


TEXTS: Final[tuple[ControllerRouterHandler, ...]] = (get_text,)
