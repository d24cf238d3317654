"""The service as it is served, with one route more: a POST that does nothing, by which casting is measured.

It takes the same body with the same headers, reads it as strictly, and answers as much as a ballot is answered.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from litestar import Litestar, post
from litestar.params import FromPath, JSONBody
from msgspec.structs import replace

from app.http.application import create_app
from app.http.recorded import Recorded
from app.http.routes import ROUTES
from app.http.strict_body import StrictBody
from app.http.surroundings.around import Around, rules_of
from app.http.surroundings.json_lines import log_as_json
from app.http.surroundings.limits import Bucket
from app.main import settle
from app.pages.routes import PAGES, POLICIES
from app.services.casting import BallotPaper
from app.services.serving import Service, serving
from app.settings import Settings, parse_database
from bench.casting.federation import settings_of

NOTHING: Final = "/api/v1/nothing"
_ENTRY: Final = "e" * 480
_RECEIPT: Final = "r" * 690
"""About as long as those of a ballot in a log of ten thousand entries: a proof has a hash for each time the log doubled."""
_UNLIMITED: Final = 1_000_000


@post(NOTHING + "/{poll:str}/ballots", operation_id="doNothing", dto=StrictBody, return_dto=None)
async def do_nothing(poll: FromPath[str], data: JSONBody[BallotPaper]) -> Recorded:
    """Do nothing."""
    del poll, data
    return Recorded(seq=0, entry=_ENTRY, receipt=_RECEIPT)


def load(settings: Settings) -> Litestar:
    """The application as `app.main` makes it, with the route more, and with limits that one machine does not reach."""
    log_as_json()
    rules = replace(rules_of(settings), page_policies=POLICIES)
    app = create_app(lambda: _opened(settings), routes=(*ROUTES, *PAGES, do_nothing), rules=rules)
    around = app.asgi_handler
    if isinstance(around, Around):
        for name in around._limits.__slots__:  # noqa: SLF001 - nothing else may ask for it
            setattr(around._limits, name, Bucket(rate=_UNLIMITED, burst=_UNLIMITED))  # noqa: SLF001 - as above
    return app


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Service]:
    async with serving(settings) as service:
        settle()
        yield service


def told(home: str, database: str, port: str, workers: str = "1") -> Settings:
    """The settings that a command line says."""
    return settings_of(Path(home), parse_database(database), port=int(port), workers=int(workers))
