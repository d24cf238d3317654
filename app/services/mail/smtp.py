"""Sending mails over SMTP, with aiosmtplib: encrypted from the start (`smtps`), or as soon as the server can (`smtp`)."""

from email.message import EmailMessage
from typing import Final, Protocol

import aiosmtplib

from app.settings import MailServer

_PATIENCE: Final = 30.0
"""Seconds that a mail server has for each answer."""


class MailRefused(Exception):
    """A mail server did not take a mail. `final`: it never will."""

    def __init__(self, why: str, *, final: bool) -> None:
        """Say why in words without an address: it is written down."""
        super().__init__(why)
        self.final = final


class Sender(Protocol):
    """Whatever takes mails."""

    async def send(self, message: EmailMessage) -> None:
        """Hand over a mail; when this returns, it is the mail server's.

        Raises:
            MailRefused: it was not taken.
        """


class SMTPSender:
    """Hands mails to the server that the settings name, each over a connection of its own."""

    def __init__(self, server: MailServer) -> None:
        """Name the server; nothing is opened yet."""
        self._server = server

    async def send(self, message: EmailMessage) -> None:
        """Hand over a mail; refuses as `Sender` says."""
        server = self._server
        try:
            await aiosmtplib.send(
                message,
                hostname=server.host,
                port=server.port,
                username=server.user,
                password=server.password,
                use_tls=server.encrypted,
                # Where a password is sent, an unencrypted connection is refused; else encryption is taken if it is offered.
                start_tls=None if server.encrypted or server.user is None else True,
                timeout=_PATIENCE,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [one.code for one in error.recipients]
            raise MailRefused("the address was refused", final=all(code >= 500 for code in codes)) from None  # noqa: PLR2004 - RFC 5321: 5yz is for good
        except aiosmtplib.SMTPAuthenticationError:
            raise MailRefused("the mail server refused user or password", final=False) from None
        except aiosmtplib.SMTPResponseException as error:
            raise MailRefused(f"the mail server answered {error.code}", final=False) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailRefused(f"the mail server cannot be reached: {type(error).__name__}", final=False) from None
