"""The id of a request, under which the log, the answer and whoever sent it know it."""

import re
import uuid
from typing import Final

_PLAIN: Final = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def request_id_of(sent: bytes | None) -> str:
    """The id that came with the request, if it is a plain UUID, and so nothing that somebody wants to see in a log."""
    if sent is not None and _PLAIN.fullmatch(sent):
        return sent.decode("ascii")
    return str(uuid.uuid4())
