"""Every way to ask with a token that is not good: refused in one voice, and nothing is written for it."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.security.token_keys import TokenKey, TokenKeys
from governance.instants import moment
from tests.app.http.site import Site, Somebody, done, refused
from tests.app.ledger.small_federation import ORIGIN
from tests.app.security.test_tokens import flipped, header, other_key, part, signed
from tests.app.services.accounts.people import PASSWORD

pytestmark = pytest.mark.anyio
Headers = list[tuple[str, str]]


class Attacked:
    """Somebody whose token is attacked, by somebody who can even sign false claims with the service's own key."""

    def __init__(self, site: Site, somebody: Somebody) -> None:
        self.site = site
        self.somebody = somebody
        self.token = str(somebody.tokens["access"])
        now = site.service.clock()
        self._at = int(moment(now).timestamp())
        self.key: TokenKey = TokenKeys(site.service.settings.keys_dir).signing(now)

    def claims(self, **other: Any) -> dict[str, Any]:
        tokens = self.somebody.tokens
        said: dict[str, Any] = {
            "iss": ORIGIN, "aud": "rochdale", "client_id": "rochdale", "sub": tokens["account"], "sid": tokens["session"],
            "jti": "j", "iat": self._at, "exp": self._at + 600,
        }  # fmt: skip
        return said | other

    def forged(self, *, by: TokenKey | None = None, head: dict[str, Any] | None = None, **claims: Any) -> str:
        return signed(by or self.key, header(self.key) | (head or {}), self.claims(**claims))

    def with_hmac(self) -> str:
        told = f"{part(header(self.key, alg='HS256'))}.{part(self.claims())}"
        public = self.key.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return f"{told}.{part(hmac.digest(public, told.encode(), hashlib.sha256))}"

    def none(self) -> str:
        return f"{part(header(self.key, alg='none'))}.{part(self.claims())}."

    def tampered(self) -> str:
        head, _, signature = self.token.split(".")
        return f"{head}.{part(self.claims(sub='a-' + '0' * 32))}.{signature}"

    def shifted(self, seconds: int) -> str:
        return self.forged(iat=self._at + seconds, exp=self._at + seconds + 600)

    async def signed_out(self) -> str:
        assert (await self.somebody.delete("/api/v1/sessions/present")).status_code == 204
        return self.token

    async def erased(self) -> str:
        done(await self.somebody.post("/api/v1/me/erasure", {"password": PASSWORD}))
        return self.token


Attack = Callable[[Attacked], str | Awaitable[str]]
ATTACKS: Final[dict[str, Attack]] = {
    "no algorithm": Attacked.none,
    "HS256 with the public key": Attacked.with_hmac,
    "an unknown key": lambda who: who.forged(head={"kid": "x"}),
    "a foreign key under our id": lambda who: who.forged(by=other_key(who.key)),
    "expired": lambda who: who.shifted(-600),
    "not valid yet": lambda who: who.shifted(60),
    "a claim nbf": lambda who: who.forged(nbf=2**40),
    "another audience": lambda who: who.forged(aud="other"),
    "another issuer": lambda who: who.forged(iss="https://evil.example"),
    "another type": lambda who: who.forged(head={"typ": "JWT"}),
    "claims that were tampered with": Attacked.tampered,
    "another spelling of the same token": lambda who: flipped(who.token),
    "padding": lambda who: who.token + "=",
    "the refresh token": lambda who: str(who.somebody.tokens["refresh"]),
    "a session that has ended": Attacked.signed_out,
    "an account that was erased": Attacked.erased,
    "a session that there never was": lambda who: who.forged(sid="s-" + "0" * 32),
    "too long": lambda who: who.forged(jti="j" * 9_000),
    "nothing": lambda who: "",
}
PLACES: Final[dict[str, Callable[[str], tuple[str, Headers]]]] = {
    "two headers, the good one first": lambda token: ("", [("Authorization", f"Bearer {token}"), ("Authorization", "Bearer x")]),
    "two headers, the good one last": lambda token: ("", [("Authorization", "Bearer x"), ("Authorization", f"Bearer {token}")]),
    "two headers, both good": lambda token: ("", [("Authorization", f"Bearer {token}")] * 2),
    "two tokens in one header": lambda token: ("", [("Authorization", f"Bearer {token}, Bearer {token}")]),
    "another scheme": lambda token: ("", [("Authorization", f"Basic {token}")]),
    "no scheme": lambda token: ("", [("Authorization", token)]),
    "in the query": lambda token: (f"?access_token={token}", []),
    "in a cookie": lambda token: ("", [("Cookie", f"access_token={token}; __Host-rochdale-refresh={token}")]),
    "in another header": lambda token: ("", [("X-Access-Token", token), ("Proxy-Authorization", f"Bearer {token}")]),
}  # fmt: skip


@pytest.fixture
async def attacked(voting: Site) -> Attacked:
    return Attacked(voting, await voting.delegate("c1"))


async def assert_refused(attacked: Attacked, query: str, headers: Headers, *secrets: str) -> None:
    """Who asks so reads nothing, records nothing, and hears nothing of what they sent."""
    site = attacked.site
    before = await site.rows('SELECT * FROM "log_head"')
    paper = {"coop": "c1", "choice": "yes", "text": "0" * 64, "rule": "r"}
    for method, path, body in (
        ("GET", "/api/v1/me", None),
        ("PUT", "/api/v1/me/profile", {"name": "Eve", "language": "en", "time_zone": "UTC"}),
        ("POST", "/api/v1/polls/p1.v1/ballots", paper),
    ):
        sent = [*headers, ("Idempotency-Key", "an-attack")]
        answer = await site.client.request(method, path + query, json=body, headers=sent)
        status, code = refused(answer)
        assert (status, code in {"token_refused", "session_ended"}) == (401, True), (method, answer.text)
        assert answer.headers["www-authenticate"].startswith("Bearer ")
        assert answer.headers["cache-control"] == "no-store"
        told = answer.text + str(answer.headers)
        assert not [secret for secret in secrets if secret and secret in told]
    assert await site.rows('SELECT * FROM "log_head"') == before
    assert not await site.rows('SELECT * FROM "idempotency_key" WHERE "key" = {}', "an-attack")
    assert not await site.rows('SELECT * FROM "account" WHERE "name" = {}', "Eve")


async def test_the_forger_of_these_tests_can_write_a_good_token(attacked: Attacked) -> None:
    headers = {"Authorization": f"Bearer {attacked.forged()}"}
    done(await attacked.site.client.get("/api/v1/me", headers=headers))


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
async def test_an_attack_with_a_token_is_refused(attacked: Attacked, attack: Attack) -> None:
    made = attack(attacked)
    token = made if isinstance(made, str) else await made
    await assert_refused(attacked, "", [("Authorization", f"Bearer {token}")], token)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
async def test_a_good_token_in_a_wrong_place_is_refused(
    attacked: Attacked, place: Callable[[str], tuple[str, Headers]]
) -> None:
    await assert_refused(attacked, *place(attacked.token), attacked.token)
