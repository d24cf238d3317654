"""Who is at the other end: the host name that was asked for, and the address behind the proxies that are trusted."""

import ipaddress
from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from app.http.surroundings.refusals import HostUnknown

_SUBNET: Final = 64
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Hosts:
    """The host names that the service answers under; every one where none is named."""

    def __init__(self, public_url: str | None, more: Iterable[str] = ()) -> None:
        """Take the public URL's host, and those beside it."""
        known = {name.lower() for name in more}
        if public_url is not None:
            known.add((urlsplit(public_url).hostname or "").lower())
        self._known = frozenset(known)

    def check(self, header: bytes | None) -> None:
        """Return if a request with this header Host is meant for us.

        Raises:
            HostUnknown: it is meant for somebody else.
        """
        if self._known and _name(header) not in self._known:
            raise HostUnknown("This service has another name. Ask it by its public URL.")


class Proxies:
    """The proxies whose word on where a request came from is taken."""

    def __init__(self, trusted: Iterable[Network]) -> None:
        """Name their networks."""
        self._trusted = tuple(trusted)
        self._is_trusted = lru_cache(1_024)(self._look_up)

    def client(self, peer: str, forwarded: bytes | None) -> str:
        """The address of whoever asked: the last in X-Forwarded-For that no trusted proxy is, or else the peer itself."""
        if not self._trusted or forwarded is None or not self._is_trusted(peer):
            return peer
        nearest = peer
        for said in reversed(forwarded.decode("latin-1").split(",")):
            address = said.strip()
            try:
                ipaddress.ip_address(address)
            except ValueError:
                return nearest
            nearest = address
            if not self._is_trusted(address):
                return nearest
        return nearest

    def _look_up(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._trusted)


@lru_cache(1_024)
def neighbourhood(address: str) -> str:
    """What is limited together: an IPv4 address, or the /64 of IPv6 that one subscriber has."""
    if ":" not in address:
        return address
    try:
        return str(ipaddress.ip_network((address, _SUBNET), strict=False))
    except ValueError:
        return address


@lru_cache(64)
def _name(header: bytes | None) -> str:
    host = (header or b"").decode("latin-1").lower()
    return host.partition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
