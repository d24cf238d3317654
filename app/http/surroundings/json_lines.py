"""The service's own log: one JSON object to a line, without personal data or secrets."""

import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from governance.errors import RochdaleError

_requests: Final = logging.getLogger("app.requests")
_QUIET: Final = ("asyncpg", "granian", "httpcore", "httpx", "litestar", "piccolo", "_granian", "asyncio")
_FIELDS: Final = ("groups", "request")
"""What a record may carry beside its words."""
_DEEPEST: Final = 5
_write: Final = msgspec.json.Encoder().encode


class Answered(msgspec.Struct, frozen=True):
    """One answered request, as its line says it."""

    at: str
    level: str
    logger: str
    said: str
    method: str
    route: str
    status: int
    ms: float
    request: str


def log_answer(method: str, route: str, status: int, seconds: float, request: str) -> None:
    """Log that a request was answered: by its route's template, so without anybody's id, and never with its query.

    The line is written out here, because this happens with every request and a formatter costs more than all else around it.
    """
    if _requests.isEnabledFor(logging.INFO):
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = Answered(
            at, "info", _requests.name, "answered", method, route, status, round(seconds * 1000, 1), request
        )
        record = logging.LogRecord(_requests.name, logging.INFO, "", 0, _write(line).decode(), None, None)
        record.__dict__["written"] = True
        _requests.handle(record)


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON.

    Of an exception it says where it arose and of which class it is. What a library says in its message can repeat what
    somebody had sent, so only our own faults say more.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        if getattr(record, "written", False):
            return str(record.msg)
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "said": record.getMessage(),
        }
        given = record.__dict__
        line |= {name: given[name] for name in _FIELDS if name in given}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _told(record.exc_info[1])
        return _write(line).decode()


def log_as_json() -> None:
    """Let everything that is logged in this process come out as JSON lines on standard error; libraries only warn."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _told(error: BaseException) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    following: BaseException | None = error
    while following is not None and len(told) < _DEEPEST:
        frames = traceback.extract_tb(following.__traceback__)[-8:]
        one: dict[str, Any] = {
            "class": type(following).__name__,
            "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        }
        if isinstance(following, RochdaleError):
            one |= {"code": following.code, "detail": following.detail}
        told.append(one)
        following = following.__cause__ or following.__context__
    return told
