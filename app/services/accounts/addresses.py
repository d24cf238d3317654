"""E-mail addresses: one spelling for each, so that an account has one."""

import hashlib
from typing import Final

from email_validator import EmailNotValidError, validate_email

from governance.errors import Refusal

_LONGEST: Final = 254


class AddressInvalid(Refusal):
    """This is not an e-mail address that can be written to."""

    code = "address_invalid"


def address_of(text: str) -> str:
    """The address in the one spelling that is stored: no spaces around it, lower case, a domain in its own letters.

    Mailboxes that differ in case alone are the same here. In theory they need not be (RFC 5321, 2.4); in practice people type
    their address in either way.

    Raises:
        AddressInvalid: it is none. What it was is not repeated: it is personal data.
    """
    stripped = text.strip()
    try:
        if len(stripped) <= _LONGEST:
            return validate_email(stripped, check_deliverability=False).normalized.casefold()
    except (EmailNotValidError, UnicodeError):
        pass
    raise AddressInvalid("Write one address, as in someone@example.org, without a name and without brackets.")


def spelled(text: str) -> str:
    """The stored spelling, or something that no account has: for questions that do not tell whether an address is one."""
    try:
        return address_of(text)
    except AddressInvalid:
        return f"no address {hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()}"
