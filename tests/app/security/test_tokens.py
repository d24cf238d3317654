import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.security import token_keys
from app.security.people import AccountId, Person, SessionId
from app.security.token_keys import LIFETIME, TokenKey, TokenKeys
from app.security.tokens import TokenRefused, Tokens
from governance.instants import Instant, later, moment

AT = Instant("2026-03-01T12:00:00.250000Z")
PERSON = Person(account=AccountId("a-1"), session=SessionId("s-1"))
ISSUER = "https://coop.example"
SEED = bytes(range(32))


@pytest.fixture
def key(tmp_path: Path) -> TokenKey:
    return token_keys.create(tmp_path, now=AT, seed=SEED)


@pytest.fixture
def tokens(tmp_path: Path, key: TokenKey) -> Tokens:
    assert key.created == AT
    return Tokens(TokenKeys(tmp_path), issuer=ISSUER)


def issued(tokens: Tokens, now: Instant = AT) -> str:
    return tokens.issue(PERSON, now=now, unique=b"u" * 16)[0]


def part(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def header(key: TokenKey, **other: Any) -> dict[str, Any]:
    return {"alg": "EdDSA", "kid": key.id, "typ": "at+jwt"} | other


def claims(**other: Any) -> dict[str, Any]:
    at = int(moment(AT).timestamp())
    said: dict[str, Any] = {
        "iss": ISSUER, "aud": "rochdale", "client_id": "rochdale", "sub": "a-1", "sid": "s-1", "jti": "j",
        "iat": at, "exp": at + 600,
    }  # fmt: skip
    return {name: value for name, value in (said | other).items() if value is not None}


def signed(key: TokenKey, head: Any, body: Any) -> str:
    told = f"{part(head)}.{part(body)}"
    return f"{told}.{part(key.private.sign(told.encode()))}"


def with_hmac(key: TokenKey, secret: bytes) -> str:
    told = f"{part(header(key, alg='HS256'))}.{part(claims())}"
    return f"{told}.{part(hmac.digest(secret, told.encode(), hashlib.sha256))}"


def other_key(key: TokenKey) -> TokenKey:
    private = Ed25519PrivateKey.from_private_bytes(b"z" * 32)
    return TokenKey(id=key.id, created=AT, private=private, seed=b"z" * 32)


def flipped(token: str) -> str:
    """The same signature with bits set that no byte has: other text, same bytes."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) + 1]


ATTACKS: dict[str, Callable[[TokenKey], str]] = {
    "no algorithm": lambda key: f"{part(header(key, alg='none'))}.{part(claims())}.",
    "no algorithm, with a signature": lambda key: signed(key, header(key, alg="none"), claims()),
    "no algorithm, in capitals": lambda key: f"{part(header(key, alg='NONE'))}.{part(claims())}.",
    "HS256 with the public key as the secret": lambda key: with_hmac(key, key.public.public_bytes_raw()),
    "HS256 with the public key's PEM": lambda key: with_hmac(
        key, key.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    ),
    "HS256 with an empty secret": lambda key: with_hmac(key, b""),
    "another algorithm's name": lambda key: signed(key, header(key, alg="Ed25519"), claims()),
    "an unknown key": lambda key: signed(key, header(key, kid="x"), claims()),
    "no key": lambda key: signed(key, {"alg": "EdDSA", "typ": "at+jwt"}, claims()),
    "a key that is a path": lambda key: signed(key, header(key, kid="../../etc/passwd"), claims()),
    "a key that is a list": lambda key: signed(key, header(key, kid=[key.id]), claims()),
    "a foreign key under our id": lambda key: signed(other_key(key), header(key), claims()),
    "a key of its own": lambda key: signed(other_key(key), header(key, jwk={"kty": "OKP", "crv": "Ed25519"}), claims()),
    "a key to fetch": lambda key: signed(key, header(key, jku="https://evil.example"), claims()),
    "another type": lambda key: signed(key, header(key, typ="JWT"), claims()),
    "no type": lambda key: signed(key, {"alg": "EdDSA", "kid": key.id}, claims()),
    "the type in capitals": lambda key: signed(key, header(key, typ="AT+JWT"), claims()),
    "a critical extension": lambda key: signed(key, header(key, crit=["exp"]), claims()),
    "an unencoded payload": lambda key: signed(key, header(key, b64=False, crit=["b64"]), claims()),
    "the header b64": lambda key: signed(key, header(key, b64=True), claims()),
    "another issuer": lambda key: signed(key, header(key), claims(iss="https://evil.example")),
    "another audience": lambda key: signed(key, header(key), claims(aud="other")),
    "several audiences": lambda key: signed(key, header(key), claims(aud=["rochdale", "other"])),
    "no audience": lambda key: signed(key, header(key), claims(aud=None)),
    "no issuer": lambda key: signed(key, header(key), claims(iss=None)),
    "no expiry": lambda key: signed(key, header(key), claims(exp=None)),
    "no subject": lambda key: signed(key, header(key), claims(sub=None)),
    "no session": lambda key: signed(key, header(key), claims(sid=None)),
    "a subject that is a number": lambda key: signed(key, header(key), claims(sub=1)),
    "a claim too many": lambda key: signed(key, header(key), claims(role="admin")),
    "expired": lambda key: signed(key, header(key), claims(iat=claims()["iat"] - 600, exp=claims()["iat"])),
    "not valid yet": lambda key: signed(key, header(key), claims(iat=claims()["iat"] + 60, exp=claims()["exp"] + 60)),
    "a lifetime of its own": lambda key: signed(key, header(key), claims(exp=claims()["exp"] + 1)),
    "instants that are fractions": lambda key: signed(key, header(key), claims(exp=claims()["exp"] - 0.5)),
    "instants beyond all bounds": lambda key: signed(key, header(key), claims(exp=10**400)),
    "an infinite instant": lambda key: signed(key, header(key), claims(exp=float("inf"))),
    "claims that are a list": lambda key: signed(key, header(key), []),
    "claims that are no JSON": lambda key: signed(key, header(key), b"{"),
    "a header that is no JSON": lambda key: signed(key, b"{", claims()),
    "a header that is a list": lambda key: signed(key, [], claims()),
    "two parts": lambda key: signed(key, header(key), claims()).rpartition(".")[0],
    "four parts": lambda key: signed(key, header(key), claims()) + ".e30",
    "padding": lambda key: signed(key, header(key), claims()) + "==",
    "another spelling of the signature": lambda key: flipped(signed(key, header(key), claims())),
    "white space": lambda key: " " + signed(key, header(key), claims()),
    "too long": lambda key: signed(key, header(key), claims(jti="j" * 2_048)),
    "a letter that is not ASCII": lambda key: "\u0430" + signed(key, header(key), claims()),
    "nothing": lambda key: "",
    "dots": lambda key: "..",
}


def test_the_forger_of_these_tests_can_write_a_good_token(tokens: Tokens, key: TokenKey) -> None:
    assert tokens.verify(signed(key, header(key), claims()), now=AT) == PERSON


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_an_attack_is_refused_in_the_same_words(
    tokens: Tokens, key: TokenKey, attack: Callable[[TokenKey], str]
) -> None:
    with pytest.raises(TokenRefused) as refused:
        tokens.verify(attack(key), now=AT)
    assert str(refused.value) == "Refresh the token, or sign in again."
    assert refused.value.__cause__ is None


def test_a_token_says_who_and_nothing_that_they_may_do(tokens: Tokens, key: TokenKey) -> None:
    token, expires = tokens.issue(PERSON, now=AT, unique=b"u" * 16)
    said = jwt.decode(token, key.public, algorithms=["EdDSA"], audience="rochdale", options={"verify_exp": False})
    assert set(said) == {"iss", "aud", "client_id", "sub", "sid", "jti", "iat", "exp"}
    assert jwt.get_unverified_header(token) == {"alg": "EdDSA", "typ": "at+jwt", "kid": key.id}
    assert expires == "2026-03-01T12:10:00.000000Z"


def test_a_token_is_good_for_ten_minutes_and_not_a_moment_longer(tokens: Tokens, tmp_path: Path) -> None:
    token = issued(tokens)
    last = Instant("2026-03-01T12:09:59.999999Z")
    over = Instant("2026-03-01T12:10:00.000000Z")
    assert tokens.verify(token, now=last) == PERSON
    for verifier in (tokens, Tokens(TokenKeys(tmp_path), issuer=ISSUER)):
        with pytest.raises(TokenRefused):
            verifier.verify(token, now=over)


def test_the_clock_of_another_node_may_be_a_little_behind(tokens: Tokens) -> None:
    token = issued(tokens)
    assert tokens.verify(token, now=later(AT, timedelta(seconds=-5))) == PERSON
    with pytest.raises(TokenRefused):
        Tokens(tokens._keys, issuer=ISSUER).verify(token, now=later(AT, timedelta(seconds=-6)))


def test_what_was_verified_is_remembered_and_what_was_refused_is_not(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = issued(tokens)
    tokens.verify(token, now=AT)
    monkeypatch.setattr(Tokens, "_verify", lambda *_: pytest.fail("it was verified again"))
    assert tokens.verify(token, now=AT) == PERSON
    with pytest.raises(TokenRefused):
        tokens.verify(token, now=later(AT, LIFETIME))
    assert not tokens._remembered


def test_only_so_many_are_remembered(tokens: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.security.tokens._REMEMBERED", 3)
    each = [tokens.issue(PERSON, now=AT, unique=bytes([number]) * 16)[0] for number in range(5)]
    for token in each:
        tokens.verify(token, now=AT)
    assert len(tokens._remembered) == 3
    assert tokens.verify(each[0], now=AT) == PERSON
