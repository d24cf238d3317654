"""Token buckets and the addresses that they are kept for."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.http.surroundings.clients import Proxies, neighbourhood
from app.http.surroundings.limits import Bucket


@given(st.lists(st.floats(0, 3), max_size=60))
def test_never_more_than_the_burst_and_what_was_refilled_is_given_out(pauses: list[float]) -> None:
    bucket, now, given_out = Bucket(rate=2, burst=5), 0.0, 0
    for pause in pauses:
        now += pause
        given_out += bucket.take("one", now) <= 0
        assert given_out <= 5 + 2 * now + 1e-6


def test_only_so_many_keys_are_remembered_and_the_longest_silent_is_forgotten() -> None:
    bucket = Bucket(rate=1, burst=1, most=3)
    for key in ("a", "b", "c", "d"):
        assert bucket.take(key, 0) <= 0
    assert len(bucket) == 3
    assert bucket.take("a", 0) <= 0
    assert bucket.take("d", 0) > 0


def test_one_subscriber_of_ipv6_is_one_neighbourhood() -> None:
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:2") == "2001:db8::/64"
    assert neighbourhood("2001:db8:0:1::1") != neighbourhood("2001:db8::1")
    assert neighbourhood("192.0.2.1") == "192.0.2.1"


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.0.0.1", b"192.0.2.7", "192.0.2.7"),
        ("10.0.0.1", b"203.0.113.9, 192.0.2.7, 10.0.0.2", "192.0.2.7"),
        ("10.0.0.1", b"10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", b"nonsense, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", b"", "10.0.0.1"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("192.0.2.1", b"203.0.113.9", "192.0.2.1"),
        ("", b"203.0.113.9", ""),
    ],
)
def test_only_trusted_proxies_are_believed(peer: str, forwarded: bytes | None, client: str) -> None:
    assert Proxies([ip_network("10.0.0.0/8")]).client(peer, forwarded) == client
    assert Proxies([]).client(peer, forwarded) == peer
