"""Access tokens: JSON Web Tokens signed with EdDSA (RFC 7519, RFC 8037, profile RFC 9068).

A token names a person and a session, and nothing that they may do: mandates are looked up in the log when something is decided.
What is refused is refused by one class with one title, so that an attacker learns nothing from it.
"""

import base64
import hashlib
from collections import OrderedDict
from datetime import UTC, datetime
from typing import Any, Final

import jwt
import msgspec

from app.security.people import AccountId, Person, SessionId
from app.security.token_keys import LEEWAY, LIFETIME, TokenKeys
from governance.errors import Refusal
from governance.instants import Instant, instant, later, moment
from governance.value import Value

ALGORITHM: Final = "EdDSA"
TYPE: Final = "at+jwt"
AUDIENCE: Final = "rochdale"
"""What the tokens are for: the API of this service. Its name too, as the client that they are given to."""
_LONGEST: Final = 2_048
_REMEMBERED: Final = 4_096
_REQUIRED: Final = ["iss", "aud", "exp", "iat", "sub", "sid", "jti", "client_id"]


class TokenRefused(Refusal):
    """This access token is none, or has expired."""

    code = "token_refused"


class _Claims(Value):
    """What a token says, all of it."""

    iss: str
    aud: str
    client_id: str
    sub: str
    sid: str
    jti: str
    iat: int
    exp: int


class _Verified(Value):
    person: Person
    expires: Instant


class Tokens:
    """Issues tokens, and verifies them. Those verified are remembered by hash until they expire, so many and no more."""

    __slots__ = ("_issuer", "_keys", "_remembered")

    def __init__(self, keys: TokenKeys, *, issuer: str) -> None:
        """Take the keys, and the name under which tokens are issued and wanted."""
        self._keys = keys
        self._issuer = issuer
        self._remembered: OrderedDict[bytes, _Verified] = OrderedDict()

    def issue(self, person: Person, *, now: Instant, unique: bytes) -> tuple[str, Instant]:
        """A token, and when it expires. `unique` are random bytes that no other token has.

        Raises:
            TokenKeyMissing, TokenKeyInvalid, TokenKeyUnwritable: there is no key to sign with.
        """
        key = self._keys.signing(now)
        issued = int(moment(now).timestamp())
        expires = later(now, LIFETIME)
        claims = _Claims(
            iss=self._issuer,
            aud=AUDIENCE,
            client_id=AUDIENCE,
            sub=person.account,
            sid=person.session,
            jti=unique.hex(),
            iat=issued,
            exp=int(moment(expires).timestamp()),
        )
        token = jwt.encode(msgspec.to_builtins(claims), key.private, ALGORITHM, headers={"typ": TYPE, "kid": key.id})
        return token, instant(moment(expires).replace(microsecond=0))

    def verify(self, token: str, *, now: Instant) -> Person:
        """Whom a token names. That its session goes on is another question.

        Raises:
            TokenRefused: another algorithm, key, type, issuer or audience, a header or claim too many or too few, a false
                signature, too long, expired, or not valid yet.
            TokenKeyMissing, TokenKeyInvalid, TokenKeyUnwritable: there are no keys to verify with.
        """
        if len(token) > _LONGEST or not token.isascii():
            raise _refused()
        hashed = hashlib.sha256(token.encode()).digest()
        known = self._remembered.get(hashed)
        if known is not None:
            if now < known.expires:
                return known.person
            del self._remembered[hashed]
            raise _refused()
        verified = self._verify(token, now)
        self._remembered[hashed] = verified
        if len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)
        return verified.person

    def _verify(self, token: str, now: Instant) -> _Verified:
        try:
            header = jwt.get_unverified_header(token)
            key = self._keys.verifying(str(header.get("kid")), now)
            # The whole header is given: nothing in it can choose a key, an algorithm or an extension.
            if key is None or header != {"alg": ALGORITHM, "typ": TYPE, "kid": key.id} or not _spelled(token):
                raise _refused()
            payload: dict[str, Any] = jwt.decode(
                token,
                key.public,
                algorithms=[ALGORITHM],
                issuer=self._issuer,
                audience=AUDIENCE,
                # PyJWT would read the host's clock. The instants are compared below, with the one that is given.
                options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
            claims = msgspec.convert(payload, _Claims)
        except (jwt.PyJWTError, msgspec.ValidationError, ValueError):
            raise _refused() from None
        at = moment(now).timestamp()
        lifetime = LIFETIME.total_seconds()
        if not (claims.iat <= at + LEEWAY.total_seconds() and at < claims.exp <= claims.iat + lifetime):
            raise _refused()
        return _Verified(
            person=Person(account=AccountId(claims.sub), session=SessionId(claims.sid)),
            expires=instant(datetime.fromtimestamp(claims.exp, UTC)),
        )


def _refused() -> TokenRefused:
    return TokenRefused("Refresh the token, or sign in again.")


def _spelled(token: str) -> bool:
    """Whether each part is written as base64url writes its bytes: a part has one spelling, and no token has two."""
    parts = token.split(".")
    return len(parts) == 3 and all(  # noqa: PLR2004 - header, claims, signature
        base64.urlsafe_b64encode(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))).rstrip(b"=") == part.encode()
        for part in parts
    )
