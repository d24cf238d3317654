"""What means nothing, or is meant to do harm, in an address, a body or a header: it is refused, or kept as it is."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from tests.app.http.roaming import BASE, ROLES, Operation, Roamer, roaming
from tests.app.http.site import Founded, refused

JUNK: Final = (
    "%00", "a%00b", "%ff%fe", "%ed%a0%80", "%F0%9F%92%A9", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%5c", "%25", "%", "%zz",
    "%E2%80%AE", "c%D9%A1", "%EF%BC%91", "9" * 400, "-1", "1e400", "9223372036854775807", "9007199254740991", "nan", "true",
    "null", "%20", "%0d%0aX-Y:%20z", "'%20OR%201=1--", "%7B%7D", "{}", "[]", "a" * 3_000, "2026-02-30",
    "9999-12-31T23:59:59.999999Z", "0001-01-01", "AAAA", "WzEsMl0", "c" + "9" * 30, "p" + "9" * 30 + ".v1", "p1.v" + "9" * 30,
)  # fmt: skip
"""What stands where a name, a number, a day or a cursor belongs."""
WORDS: Final = (
    r"\u0000", r"a\u0000b", r"\ud800", r"\udfff\ud800", r"\u202e", r"\ufeff", r"\uffff", "\U0001f4a9", "e\u0301" * 99, " ", ""
)  # fmt: skip
"""What stands where a text belongs, as JSON spells it."""
NUMBERS: Final = ("-1", str(2**63 - 1), str(2**63), "1" + "0" * 400, "1e5", "1.5", "1e999", "-0", "NaN", "true")
"""What stands where a number belongs."""
MOST: Final = 12
"""How many spoiled bodies are sent to one operation at most."""
HEADERS: Final = (
    ("idempotency-key", b"\xff" * 8), ("idempotency-key", b"a" * 9_000), ("rochdale-mandate", b"m-\xff"),
    ("if-none-match", b"\xff\xfe"), ("authorization", b"Bearer \xff\xff"), ("authorization", b"\xff"),
    ("cookie", b"\xff=\xff; __Host-rochdale-refresh=\xff"), ("content-type", b"application/json; charset=\xff"),
    ("accept", b"\xff/\xff"), ("x-request-id", b"\xff"), ("host", b"\xff"), ("range", b"bytes=9-1"),
    ("content-length", b"0"), ("x-forwarded-for", b"\xff"), ("accept-language", b"\xff;q=\xff"),
)  # fmt: skip


def answered(response: httpx.Response) -> None:
    """It did not fail, and a refusal is a problem document."""
    assert response.status_code < 500, (str(response.request.url), response.request.content, response.text)
    if response.status_code >= 400 and response.content:
        refused(response)


def address(roamer: Roamer, operation: Operation, place: Any = None, junk: str = "") -> str:
    """The address of an operation, with something known everywhere but in one place."""
    path = BASE + str(operation.path)
    for one in operation.path_parameters:
        known = roamer.known.get(one.name, ["x"])[0]
        path = path.replace(f"{{{one.name}}}", junk if one is place else known)
    return path if place is None or place.location == "path" else f"{path}?{place.name}={junk}"


def test_junk_in_an_address(founded: Founded, tmp_path: Path) -> None:
    roles = itertools.cycle(ROLES)
    with founded.copy(tmp_path) as database, roaming(tmp_path, database) as roamer:
        for operation in roamer.operations():
            roamer.sign_in()
            if places := [*operation.path_parameters, *operation.query]:
                for junk, place, role in zip(JUNK, itertools.cycle(places), roles, strict=False):
                    answered(roamer.ask(operation.method, address(roamer, operation, place, junk), role=role))


def test_junk_in_a_body(founded: Founded, tmp_path: Path) -> None:
    with founded.copy(tmp_path) as database, roaming(tmp_path, database) as roamer:
        for operation in roamer.operations():
            if operation.body:
                roamer.sign_in()
                spoil(roamer, operation)


def spoil(roamer: Roamer, operation: Operation) -> None:
    """Send one body that fits, with each of its texts and numbers spoiled in turn."""
    url = address(roamer, operation)
    roles = itertools.cycle(ROLES[1:])

    @settings(max_examples=1, derandomize=True, database=None, deadline=None, suppress_health_check=[*HealthCheck])
    @given(case=operation.as_strategy(GenerationMode.POSITIVE))
    def each(case: Any) -> None:
        every = [*spoilt(case.body)]
        # Some of them, from everywhere.
        for spoiled in every[:: len(every) // MOST + 1]:
            answered(roamer.ask(operation.method, url, spoiled.encode(), next(roles)))

    each()


def spoilt(body: Any) -> Iterator[str]:
    """A body with one of its leaves in another spelling, as JSON."""
    mark = "\x01here\x01"
    for marked, spellings in leaves(body, mark):
        for spelled in spellings:
            yield json.dumps(marked).replace(json.dumps(mark), spelled)


def test_junk_in_a_header(founded: Founded, tmp_path: Path) -> None:
    with founded.copy(tmp_path) as database, roaming(tmp_path, database) as roamer:
        roamer.sign_in()
        for operation in roamer.operations():
            for name, value in HEADERS:
                answered(roamer.ask(operation.method, address(roamer, operation), b"{}", "delegate", {name: value}))


def leaves(body: Any, mark: str) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """A body with the mark in place of one of its leaves, and what to write there."""
    match body:
        case dict():
            for name, value in body.items():
                for inner, spellings in leaves(value, mark):
                    yield {**body, name: inner}, spellings
        case list():
            for place, value in enumerate(body):
                for inner, spellings in leaves(value, mark):
                    yield [*body[:place], inner, *body[place + 1 :]], spellings
        case str():
            yield mark, tuple(f'"{word}"' for word in WORDS)
        case bool() | None:
            yield mark, ('""', "0", "null")
        case _:
            yield mark, NUMBERS
