"""How often somebody may ask: token buckets, generous enough for a whole hall behind one address.

They are kept in each process by itself: with n workers somebody may ask up to n times as often, and nothing is asked of a
database for it. Only so many are remembered; who was longest silent is forgotten first, and begins with a full bucket again.
"""

import math
from collections import OrderedDict
from typing import Final

from app.http.refusals import TooManyRequests
from app.http.surroundings.clients import neighbourhood

_REMEMBERED: Final = 20_000
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Bucket:
    """`rate` requests a second on average and `burst` at once, for each key.

    Kept as one number for each key: when its bucket will be full again (the generic cell rate algorithm of ATM Forum TM 4.0).
    """

    __slots__ = ("_full", "_most", "_step", "burst", "rate")

    def __init__(self, *, rate: float, burst: int, most: int = _REMEMBERED) -> None:
        """Remember at most `most` keys."""
        self.rate, self.burst = rate, burst
        self._step = 1 / rate
        self._most = most
        self._full: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full)

    def wait(self, key: str, now: float) -> float:
        """Seconds until there is a token for a key; 0 or less if there is one."""
        return self._full.get(key, now) - now - (self.burst - 1) * self._step

    def take(self, key: str, now: float) -> float:
        """Take a token for a key if there is one, and give what `wait` gave before."""
        waiting = self.wait(key, now)
        if waiting <= 0:
            self._full[key] = max(self._full.get(key, now), now) + self._step
            self._full.move_to_end(key)
            if len(self._full) > self._most:
                self._full.popitem(last=False)
        return waiting


class Limits:
    """The buckets of one process."""

    __slots__ = ("addresses", "failures", "readers", "writers")

    def __init__(self) -> None:
        """Start with full buckets."""
        self.writers = Bucket(rate=20, burst=100)
        self.readers = Bucket(rate=50, burst=500)
        self.addresses = Bucket(rate=50, burst=500)
        self.failures = Bucket(rate=1, burst=100)

    def admit(self, account: str | None, address: str, method: str, *, claims: bool, now: float) -> "Bucket | None":
        """Take a token for a request, or give the bucket that is empty.

        `account` is known from a token that was verified; `claims` says that a token came, whatever it is worth. So tokens
        cannot be guessed at, and whoever guesses does not lock the rest of the hall out.
        """
        if account is not None:
            bucket = self.readers if method in _READING else self.writers
            return bucket if bucket.take(account, now) > 0 else None
        where = neighbourhood(address)
        if claims and self.failures.wait(where, now) > 0:
            return self.failures
        return self.addresses if self.addresses.take(where, now) > 0 else None

    def failed(self, address: str, now: float) -> None:
        """Note that somebody at an address could not show who they are."""
        self.failures.take(neighbourhood(address), now)


def refusal(bucket: Bucket) -> tuple[TooManyRequests, tuple[tuple[bytes, bytes], ...]]:
    """How a request is refused for which a bucket had no token, with the headers that say when to come again.

    Source: draft-ietf-httpapi-ratelimit-headers.
    """
    seconds = max(1, math.ceil(1 / bucket.rate))
    window = math.ceil(bucket.burst / bucket.rate)
    headers = (
        (b"retry-after", str(seconds).encode()),
        (b"ratelimit-policy", f'"default";q={bucket.burst};w={window}'.encode()),
        (b"ratelimit", f'"default";r=0;t={seconds}'.encode()),
    )
    return TooManyRequests(f"Too many requests came from here. Wait {seconds} s, then send fewer."), headers
