"""Sending what is in the outbox.

A mail is claimed for a while, handed over, and written down as sent. A process that is killed in between leaves it claimed;
when the claim has run out, it is sent again under the same Message-ID, by which mail programs know it. So a mail can come twice,
and is never lost.
"""

import asyncio
import logging
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, Final

import msgspec
from piccolo.querystring import QueryString

from app.clock import Clock
from app.services.mail.letters import Language, Letter, words
from app.services.mail.smtp import MailRefused, Sender, SMTPSender
from app.settings import Mail, Settings
from app.store.engines import AnyEngine
from app.store.tables import Outbox as Row
from governance.instants import Instant, later, moment

LEASE: Final = timedelta(minutes=5)
"""How long a mail is one sender's, longer than a mail server may take."""
_AT_ONCE: Final = 20
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(hours=6)
_log: Final = logging.getLogger(__name__)


class Post:
    """Sends mails. Without a mail server it leaves them where they are, and says so."""

    __slots__ = ("_clock", "_engine", "_mail", "_sender", "_told")

    def __init__(self, engine: AnyEngine, *, mail: Mail | None, sender: Sender | None, clock: Clock) -> None:
        """Take the outbox's engine, what the settings say of mail, and what takes mails."""
        self._engine = engine
        self._mail = mail
        self._sender = sender
        self._clock = clock
        self._told = False

    async def send_due(self) -> int:
        """Send what is due, a few at most, and say how many were handed over."""
        if self._mail is None or self._sender is None:
            if not self._told and await Row.exists().where(Row.sent.is_null(), Row.failed.is_null()):
                self._told = True
                _log.warning("mails wait in the outbox: set ROCHDALE_MAIL to a mail server to have them sent")
            return 0
        await self._give_up_expired()
        now = self._clock()
        due = (
            await Row.select(Row.id)
            .where(Row.due <= now, Row.sent.is_null(), Row.failed.is_null())
            .order_by(Row.due)
            .limit(_AT_ONCE)
        )
        sent = 0
        for one in due:
            claimed = await self._claim(one["id"])
            if claimed is not None:
                sent += await self._send(claimed, self._mail, self._sender)
        return sent

    async def run(self, every: float = 5.0) -> None:
        """Send for ever, looking every so many seconds. Stop it by cancelling."""
        while True:
            try:
                while await self.send_due():
                    pass
            except Exception:  # noqa: BLE001 - the database may be away for a while; mails wait
                _log.exception("mails could not be sent")
            await asyncio.sleep(every)

    async def _claim(self, mail: str) -> Any:  # noqa: ANN401 - a row by column
        """The row of a mail that is now ours for a while, or None where it is another sender's."""
        now = self._clock()
        rows = await self._engine.run_querystring(
            QueryString(
                'UPDATE "outbox" SET "lease" = {}, "attempts" = "attempts" + 1 WHERE "id" = {} AND "sent" IS NULL '
                'AND "failed" IS NULL AND ("lease" IS NULL OR "lease" <= {}) RETURNING *',
                later(now, LEASE),
                mail,
                now,
            )
        )
        return rows[0] if rows else None

    async def _send(self, row: Any, mail: Mail, sender: Sender) -> bool:  # noqa: ANN401 - as above
        try:
            await sender.send(_message(row, mail, self._clock()))
        except MailRefused as refused:
            _log.warning("mail %s was not taken: %s", row["id"], refused)
            if refused.final:
                await self._finish(row["id"], failed=str(refused))
            else:
                wait = min(_FIRST_WAIT * 2 ** min(row["attempts"] - 1, 20), _LONGEST_WAIT)
                await Row.update({Row.due: later(self._clock(), wait), Row.lease: None}).where(Row.id == row["id"])
            return False
        await self._finish(row["id"])
        return True

    async def _finish(self, mail: str, *, failed: str | None = None) -> None:
        """Write down how a mail ended. Whom it was for and what it said is forgotten with that."""
        outcome: dict[Any, Any] = {Row.sent: self._clock()} if failed is None else {Row.failed: failed}
        await Row.update({**outcome, Row.email: None, Row.body: None, Row.lease: None}).where(Row.id == mail)

    async def _give_up_expired(self) -> None:
        """What is too old to be of use is not sent any more."""
        await Row.update({Row.failed: "too old", Row.email: None, Row.body: None, Row.lease: None}).where(
            Row.expires <= self._clock(), Row.sent.is_null(), Row.failed.is_null()
        )


def post_for(settings: Settings, engine: AnyEngine, clock: Clock) -> Post:
    """The sender that the settings say."""
    sender = None if settings.mail is None else SMTPSender(settings.mail.server)
    return Post(engine, mail=settings.mail, sender=sender, clock=clock)


def _message(row: Any, mail: Mail, now: Instant) -> EmailMessage:  # noqa: ANN401 - a row by column
    letter: Letter = msgspec.json.decode(row["body"], type=Letter)
    language: Language | None = row["language"]
    said = words(letter, language, mail.public_url)
    message = EmailMessage(policy=SMTP)
    message["From"] = mail.sender
    local, _, domain = str(row["email"]).rpartition("@")
    message["To"] = Address(username=local, domain=domain.encode("idna").decode())
    message["Subject"] = said.subject
    message["Date"] = moment(now)
    message["Message-ID"] = f"<{row['id']}@{mail.sender.rpartition('@')[2]}>"
    # No holiday notices, please (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(said.text)
    return message
