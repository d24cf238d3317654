"""Whether the service is well, and the numbers that say how it does. None of them is personal."""

import asyncio
import logging
from typing import Final

import msgspec
from piccolo.querystring import QueryString

from app.services.serving import Service
from governance.errors import RochdaleError

_PATIENCE: Final = 5.0
"""Seconds within which the database has to answer."""
_FRESH: Final = 1.0
"""Seconds for which an answer holds: asking goes the whole way through the ledger, and anybody can ask."""
_log: Final = logging.getLogger(__name__)


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why nothing can be recorded now: the permanent code of what is refused, and its public title."""

    code: str
    title: str


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """Whether something could be recorded now, and if not, why."""

    ready: bool
    reasons: tuple[Reason, ...] = ()


class Health:
    """Asks whether the service is ready, once for all who want to know it at the same time."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self._asked = asyncio.Lock()
        self._known: tuple[float, Readiness] | None = None

    async def ready(self, service: Service) -> Readiness:
        """Whether the database answers, and the ledger could record something.

        A database without this version's tables was never opened; one that a newer version took over the ledger refuses.
        """
        async with self._asked:
            now = asyncio.get_running_loop().time()
            if self._known is None or now - self._known[0] >= _FRESH:
                self._known = (now, await _readiness(service))
            return self._known[1]


async def _readiness(service: Service) -> Readiness:
    try:
        async with asyncio.timeout(_PATIENCE):
            await service.engine.run_querystring(QueryString("SELECT 1"))
            await service.ledger.ready()
    except TimeoutError:
        return _unready("database_unreachable", "The database does not answer. Nothing was done; try again later.")
    except RochdaleError as error:
        _log.warning("not ready", exc_info=error)
        return _unready(error.code, error.title)
    except Exception:  # noqa: BLE001 - whatever it is, nothing can be recorded
        _log.exception("not ready")
        return _unready("fault", "The service failed.")
    return Readiness(ready=True)


def _unready(code: str, title: str) -> Readiness:
    return Readiness(ready=False, reasons=(Reason(code=code, title=title),))


async def numbers(service: Service) -> dict[str, float]:
    """How the federation does, by the name of each number: read from the tables, by anybody who may."""
    (row,) = await service.engine.run_querystring(
        QueryString(
            'SELECT (SELECT COUNT(*) FROM "poll" WHERE "status" = \'open\') AS "open_polls", '
            '(SELECT COUNT(*) FROM "poll" WHERE "status" = \'open\' AND "closes" <= {}) AS "overdue_polls", '
            '(SELECT COUNT(*) FROM "outbox" WHERE "sent" IS NULL AND "failed" IS NULL) AS "outbox_waiting"',
            service.clock(),
        )
    )
    names = ("open_polls", "overdue_polls", "outbox_waiting")
    return {"log_size": service.ledger.size, **{name: float(row[name]) for name in names}}
