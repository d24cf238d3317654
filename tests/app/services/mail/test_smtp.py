"""Against a real SMTP server in the same process."""

import asyncio
from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from app.services.mail.smtp import MailRefused, SMTPSender
from app.settings import MailServer

pytestmark = pytest.mark.anyio


class Mailbox:
    """What the server was given."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.answer = "250 taken"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such mailbox"
        if address.startswith("later"):
            return "450 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - as above
        self.got.append(envelope.content)
        return self.answer


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def server(mailbox: Mailbox) -> AsyncIterator[MailServer]:
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: SMTP(mailbox, hostname="mail.coop.example", loop=loop), "127.0.0.1", 0)
    try:
        port = listening.sockets[0].getsockname()[1]
        yield MailServer(host="127.0.0.1", port=port, user=None, password=None, encrypted=False)
    finally:
        listening.close()
        await listening.wait_closed()


def mail(to: str = "ana@coop.example") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "governance@coop.example", to, "Contraseña"
    message.set_content("¡Hola!\n")
    return message


async def test_a_mail_arrives(server: MailServer, mailbox: Mailbox) -> None:
    await SMTPSender(server).send(mail())
    assert b"Subject: =?utf-8?" in mailbox.got[0]


@pytest.mark.parametrize(("to", "final"), [("nobody@coop.example", True), ("later@coop.example", False)])
async def test_an_address_is_refused_for_good_or_for_now(server: MailServer, to: str, final: bool) -> None:
    with pytest.raises(MailRefused) as refused:
        await SMTPSender(server).send(mail(to))
    assert refused.value.final is final
    assert to not in str(refused.value)


async def test_what_the_server_says_of_a_mail_can_change(server: MailServer, mailbox: Mailbox) -> None:
    mailbox.answer = "554 not today"
    with pytest.raises(MailRefused, match="answered 554") as refused:
        await SMTPSender(server).send(mail())
    assert not refused.value.final


async def test_a_password_is_never_sent_unencrypted(server: MailServer, mailbox: Mailbox) -> None:
    open_server = MailServer(host=server.host, port=server.port, user="u", password="hunter2", encrypted=False)
    with pytest.raises(MailRefused) as refused:
        await SMTPSender(open_server).send(mail())
    assert not mailbox.got
    assert not refused.value.final
    assert "hunter2" not in f"{refused.value} {open_server!r}"


async def test_a_server_that_is_not_there_is_said_to_be_away() -> None:
    away = MailServer(host="127.0.0.1", port=1, user=None, password=None, encrypted=True)
    with pytest.raises(MailRefused, match="cannot be reached") as refused:
        await SMTPSender(away).send(mail())
    assert not refused.value.final
