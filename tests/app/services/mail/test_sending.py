import asyncio
import logging
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from app.services.mail.letters import ResetLetter
from app.services.mail.outbox import Envelope, queue, waiting
from app.services.mail.sending import LEASE, Post
from app.services.mail.smtp import MailRefused
from app.settings import Database, Mail, MailServer
from app.store.engines import AnyEngine, engine_for
from app.store.migrating import migrate
from app.store.tables import Outbox
from governance.instants import later
from tests.app.ledger.small_federation import MovedClock, counted_bytes
from tests.app.store.databases import KINDS, empty, url_of

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[4]
MAIL = Mail(
    server=MailServer(host="mail.coop.example", port=465, user=None, password=None, encrypted=True),
    sender="governance@coop.example",
    public_url="https://coop.example",
)


class Taking:
    """A mail server that takes everything, or answers as a test says."""

    def __init__(self, *answers: BaseException | None) -> None:
        self.taken: list[EmailMessage] = []
        self._answers = list(answers)
        self._came: asyncio.Queue[None] = asyncio.Queue()

    async def next_one(self) -> None:
        """Wait until another mail was taken."""
        await self._came.get()

    async def send(self, message: EmailMessage) -> None:
        await asyncio.sleep(0)
        answer = self._answers.pop(0) if self._answers else None
        if isinstance(answer, MailRefused):
            raise answer
        self.taken.append(message)
        self._came.put_nowait(None)
        if answer is not None:
            # The mail server has it, and we never come to write that down.
            raise answer


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with empty(request.param, tmp_path) as made:
        yield made


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AnyEngine]:
    made = engine_for(database)
    await made.start_connection_pool()  # type: ignore[no-untyped-call]  # Piccolo does not type it
    try:
        await migrate(made)
        yield made
    finally:
        await made.close_connection_pool()  # type: ignore[no-untyped-call]  # as above


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


async def write(clock: MovedClock, email: str = "ana@coop.example", number: int = 0) -> None:
    letter = ResetLetter(token=f"t0k3n{number}", expires=later(clock(), timedelta(hours=1)))
    to = Envelope(email=email, language="en")
    await queue(letter, to, now=clock(), randomness=counted_bytes(str(number)))


async def row() -> dict[str, Any]:
    (found,) = await Outbox.select()
    return dict(found)


async def test_a_mail_is_sent_once_and_forgotten(engine: AnyEngine, clock: MovedClock) -> None:
    await write(clock)
    server = Taking()
    post = Post(engine, mail=MAIL, sender=server, clock=clock)
    assert await waiting() == 1
    assert (await post.send_due(), await post.send_due()) == (1, 0)
    (message,) = server.taken
    assert (message["To"], message["From"]) == ("ana@coop.example", "governance@coop.example")
    assert "https://coop.example/reset/t0k3n0" in message.get_content()
    kept = await row()
    assert (kept["email"], kept["body"], kept["failed"]) == (None, None, None)
    assert kept["sent"] is not None
    assert await waiting() == 0


async def test_a_process_that_is_killed_before_it_writes_down_that_it_sent_sends_again_under_the_same_id(
    engine: AnyEngine, clock: MovedClock
) -> None:
    await write(clock)
    server = Taking(asyncio.CancelledError())
    post = Post(engine, mail=MAIL, sender=server, clock=clock)
    with pytest.raises(asyncio.CancelledError):
        await post.send_due()
    # While it is claimed, nobody else sends it; afterwards it is sent.
    other = Post(engine, mail=MAIL, sender=server, clock=clock)
    assert await other.send_due() == 0
    clock.move(seconds=int(LEASE.total_seconds()))
    assert await other.send_due() == 1
    assert len(server.taken) == 2
    assert len({message["Message-ID"] for message in server.taken}) == 1


async def test_a_process_that_is_really_killed_loses_no_mail(
    engine: AnyEngine, clock: MovedClock, database: Database, tmp_path: Path
) -> None:
    await write(clock)
    handed_over = tmp_path / "handed over"
    # In a thread, and to its end: nothing else happens meanwhile.
    command = [sys.executable, "-m", "tests.app.services.mail.killed", url_of(database), str(handed_over)]
    killed = await asyncio.to_thread(lambda: subprocess.run(command, cwd=ROOT, check=False))
    assert killed.returncode == -signal.SIGKILL
    assert await waiting() == 1
    clock.move(seconds=int(LEASE.total_seconds()) + 1)
    server = Taking()
    assert await Post(engine, mail=MAIL, sender=server, clock=clock).send_due() == 1
    assert server.taken[0]["Message-ID"] == handed_over.read_text(encoding="utf-8")


async def test_two_senders_at_once_send_each_mail_once(engine: AnyEngine, clock: MovedClock) -> None:
    for number in range(8):
        await write(clock, number=number)
    server = Taking()
    both = [Post(engine, mail=MAIL, sender=server, clock=clock) for _ in range(2)]
    assert sum(await asyncio.gather(*(post.send_due() for post in both))) == 8
    assert len({message["Message-ID"] for message in server.taken}) == len(server.taken) == 8


async def test_a_server_that_is_away_is_tried_again_and_again_and_less_often(
    engine: AnyEngine, clock: MovedClock
) -> None:
    await write(clock)
    server = Taking(*(MailRefused("away", final=False) for _ in range(3)))
    post = Post(engine, mail=MAIL, sender=server, clock=clock)
    for minutes in (1, 2, 4):
        assert await post.send_due() == 0
        clock.move(minutes=minutes, seconds=-2)
        assert await post.send_due() == 0
        assert not server.taken
        clock.move(seconds=2)
    assert await post.send_due() == 1


async def test_an_address_that_is_refused_for_good_is_not_tried_again(
    engine: AnyEngine, clock: MovedClock, caplog: pytest.LogCaptureFixture
) -> None:
    await write(clock)
    post = Post(engine, mail=MAIL, sender=Taking(MailRefused("the address was refused", final=True)), clock=clock)
    with caplog.at_level(logging.WARNING):
        await post.send_due()
    kept = await row()
    assert (kept["failed"], kept["email"], kept["body"]) == ("the address was refused", None, None)
    assert "ana@" not in caplog.text
    assert await post.send_due() == 0


async def test_a_mail_that_is_too_old_is_not_sent_any_more(engine: AnyEngine, clock: MovedClock) -> None:
    await write(clock)
    clock.move(days=3)
    server = Taking()
    assert await Post(engine, mail=MAIL, sender=server, clock=clock).send_due() == 0
    assert not server.taken
    assert (await row())["body"] is None


async def test_without_a_mail_server_mails_wait_and_the_operator_is_told_once(
    engine: AnyEngine, clock: MovedClock, caplog: pytest.LogCaptureFixture
) -> None:
    post = Post(engine, mail=None, sender=None, clock=clock)
    assert await post.send_due() == 0
    assert not caplog.records
    await write(clock)
    await post.send_due()
    await post.send_due()
    assert [record.message for record in caplog.records] == [
        "mails wait in the outbox: set ROCHDALE_MAIL to a mail server to have them sent"
    ]
    assert await waiting() == 1


async def test_a_mail_is_there_only_if_what_caused_it_is(engine: AnyEngine, clock: MovedClock) -> None:
    async def fails_at_the_end() -> None:
        async with engine.transaction():
            await write(clock)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails_at_the_end()
    assert await waiting() == 0


async def test_an_address_of_other_letters_is_written_to_as_mail_servers_want_it(
    engine: AnyEngine, clock: MovedClock
) -> None:
    await write(clock, "ana@bücher.example")
    server = Taking()
    await Post(engine, mail=MAIL, sender=server, clock=clock).send_due()
    assert server.taken[0]["To"] == "ana@xn--bcher-kva.example"


async def test_trouble_does_not_stop_the_sender(
    engine: AnyEngine, clock: MovedClock, caplog: pytest.LogCaptureFixture
) -> None:
    await write(clock)
    server = Taking(RuntimeError("a fault of ours"))
    post = Post(engine, mail=MAIL, sender=server, clock=clock)
    running = asyncio.create_task(post.run(every=0.0))
    await server.next_one()
    clock.move(seconds=int(LEASE.total_seconds()))
    await server.next_one()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(server.taken) == 2
    assert "mails could not be sent" in caplog.text
