"""A process that hands a mail over and is killed before it can write that down: `python -m ... DATABASE FILE`."""

import asyncio
import os
import signal
import sys
from email.message import EmailMessage
from pathlib import Path

from app.services.mail.sending import Post
from app.settings import parse_database
from app.store.engines import bind, engine_for
from app.store.tables import TABLES
from tests.app.ledger.small_federation import MovedClock
from tests.app.services.mail.test_sending import MAIL


class Dying:
    """A mail server that takes one mail, upon which this process is gone."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def send(self, message: EmailMessage) -> None:
        self._file.write_text(str(message["Message-ID"]), encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)


async def main(database: str, file: str) -> None:
    engine = engine_for(parse_database(database))
    bind(engine, TABLES)
    await engine.start_connection_pool()  # type: ignore[no-untyped-call]  # Piccolo does not type it
    await Post(engine, mail=MAIL, sender=Dying(Path(file)), clock=MovedClock()).send_due()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
