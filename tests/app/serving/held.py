"""A server with one more route, which answers when a file is there, or one that cannot be opened. Run by `test_serving`."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from litestar import Litestar, get

import app.main
from app.main import application
from app.server import serve
from app.services.serving import Service
from app.settings import Settings, settings_from_environment
from governance.errors import RochdaleError

ARRIVED = Path("arrived")
GO_ON = Path("go-on")


class Example(RochdaleError):
    """An example is refused."""

    code = "example"


@get("/held")
async def held() -> str:
    ARRIVED.touch()  # noqa: ASYNC240 - a touch is short
    while not GO_ON.exists():  # noqa: ASYNC110, ASYNC240 - another process makes the file
        await asyncio.sleep(0.01)
    return "answered"


def holding(settings: Settings) -> Litestar:
    made = application(settings)
    made.register(held)
    return made


@asynccontextmanager
async def _refusing(_: Settings) -> AsyncIterator[Service]:
    if os.environ["ROCHDALE_TEST_LOAD"] == "refusing":
        raise Example("Do this instead.")
    raise ValueError("inside")
    yield


def refusing(settings: Settings) -> Litestar:
    vars(app.main)["serving"] = _refusing  # a federation that cannot be opened any more
    return application(settings)


if __name__ == "__main__":
    loaders = {"holding": holding, "refusing": refusing, "broken": refusing}
    sys.exit(serve(settings_from_environment(), loaders[os.environ["ROCHDALE_TEST_LOAD"]]))
