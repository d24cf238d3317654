"""Ids of people and of their sessions. They are random, stand in tokens, and never in the log."""

from typing import NewType

from governance.value import Value

AccountId = NewType("AccountId", str)
"""`a-` and 128 random bits in hex."""
SessionId = NewType("SessionId", str)
"""`s-` and 128 random bits in hex."""


class Person(Value):
    """Who asks, as an access token says: an account, signed in on some device."""

    account: AccountId
    session: SessionId
