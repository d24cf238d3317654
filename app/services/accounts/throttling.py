"""Limits that hold over all nodes: they stand in the database, under keyed hashes, and no network address is kept.

Each bucket is one instant (the generic cell rate algorithm): until when it is used up. An attempt moves it on by the limit's
`every`; so `burst` attempts can come at once, and then one each `every`. What turns out to be right is given back.
"""

import ipaddress
from datetime import timedelta
from typing import Final

from piccolo.querystring import QueryString

from app.services.accounts.accounts import Accounts
from governance.errors import Refusal
from governance.instants import Instant, instant, moment
from governance.value import Value

_DIGITS: Final = 32
_IPV6_SITE: Final = 64


class TooManyAttempts(Refusal):
    """There were too many attempts."""

    code = "too_many_attempts"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        """Say also after how many seconds to try again."""
        super().__init__(detail)
        self.retry_after = retry_after


class Limit(Value):
    """So many at once, then one each `every`."""

    burst: int
    every: timedelta


class Bucket(Value):
    """What is limited."""

    id: str
    limit: Limit


def bucket(accounts: Accounts, limit: Limit, *what: str) -> Bucket:
    """The bucket of something: the words that name it are hashed with a key, so that the table tells nobody who they are."""
    return Bucket(id=accounts.keyed(*what)[:_DIGITS], limit=limit)


def network_of(address: str) -> str:
    """What counts as one network: an IPv4 address, or the 64 bits that one IPv6 customer has."""
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, _IPV6_SITE), strict=False))


async def charge(accounts: Accounts, *buckets: Bucket) -> None:
    """Count an attempt in each of the buckets, or in none.

    Raises:
        TooManyAttempts: one of them is full.
    """
    now = accounts.clock()
    async with accounts.transaction():
        until = await _locked(accounts, buckets, now)
        wait = max(_wait(until[one.id], one.limit, now) for one in buckets)
        if wait > timedelta(0):
            seconds = int(wait.total_seconds()) + 1
            raise TooManyAttempts(f"Try again in {_spoken(seconds)}.", retry_after=seconds)
        await _write(accounts, {one.id: _moved(until[one.id], one.limit.every) for one in buckets})


async def refund(accounts: Accounts, *buckets: Bucket) -> None:
    """Take an attempt that was right back out of the buckets, within a transaction."""
    until = await _locked(accounts, buckets, accounts.clock())
    await _write(accounts, {one.id: _moved(until[one.id], -one.limit.every) for one in buckets})


async def _locked(accounts: Accounts, buckets: tuple[Bucket, ...], now: Instant) -> dict[str, Instant]:
    """Until when each bucket is used up, at least now. Its row is there and locked, in one order for everybody."""
    found: dict[str, Instant] = {}
    for one in sorted({each.id for each in buckets}):
        rows = await accounts.run(
            QueryString(
                'INSERT INTO "throttle" ("bucket", "until") VALUES ({}, {}) ON CONFLICT ("bucket") '
                'DO UPDATE SET "until" = "throttle"."until" RETURNING "until"',
                one,
                now,
            )
        )
        found[one] = max(Instant(rows[0]["until"]), now)
    return found


async def _write(accounts: Accounts, until: dict[str, Instant]) -> None:
    for one, instant_ in sorted(until.items()):
        await accounts.run(QueryString('UPDATE "throttle" SET "until" = {} WHERE "bucket" = {}', instant_, one))


def _wait(until: Instant, limit: Limit, now: Instant) -> timedelta:
    return moment(until) + limit.every - limit.every * limit.burst - moment(now)


def _moved(until: Instant, by: timedelta) -> Instant:
    return instant(moment(until) + by)


def _spoken(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    if minutes:
        return f"{minutes + (1 if rest else 0)} minutes"
    return f"{seconds} seconds"
