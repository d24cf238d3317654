"""Joining, signing in and out, one's own data: as a browser or a program asks for it."""

import pytest

from app.http.signing_in import COOKIE
from governance.ids import CoopId
from tests.app.http.site import EMAIL, Site, done, refused
from tests.app.ledger.small_federation import delegate
from tests.app.services.accounts.people import PASSWORD

pytestmark = pytest.mark.anyio
ANA = EMAIL.format("delegate-c1-1")


async def test_somebody_signs_in_sees_their_mandates_and_signs_out(voting: Site) -> None:
    await voting.delegate("c1")
    answer = await voting.client.post("/api/v1/sessions", json={"email": ANA, "password": PASSWORD, "device": "laptop"})
    tokens = done(answer)
    assert answer.headers["cache-control"] == "no-store"
    headers = {"Authorization": f"Bearer {tokens['access']}"}
    me = done(await voting.client.get("/api/v1/me", headers=headers))
    assert me["profile"]["email"] == ANA
    assert [(held["role"], held["coop"], held["in_force"]) for held in me["mandates"]] == [("delegate", "c1", True)]
    assert (await voting.client.delete("/api/v1/sessions/present", headers=headers)).status_code == 204
    assert refused(await voting.client.get("/api/v1/me", headers=headers)) == (401, "session_ended")


@pytest.mark.parametrize(
    ("email", "password"),
    [(ANA, "not the password at all"), ("nobody@coop.example", PASSWORD), ("no address", PASSWORD), (ANA, "")],
)
async def test_a_wrong_sign_in_does_not_say_what_was_wrong(voting: Site, email: str, password: str) -> None:
    await voting.delegate("c1")
    answer = await voting.client.post("/api/v1/sessions", json={"email": email, "password": password})
    assert refused(answer) == (401, "sign_in_refused")
    assert email not in answer.text


async def test_a_refresh_token_is_good_once(voting: Site) -> None:
    ana = await voting.delegate("c1")
    first = ana.tokens["refresh"]
    second = done(await voting.client.post("/api/v1/sessions/refresh", json={"refresh": first}))
    done(await voting.client.post("/api/v1/sessions/refresh", json={"refresh": second["refresh"]}))
    reused = await voting.client.post("/api/v1/sessions/refresh", json={"refresh": first})
    assert refused(reused) == (401, "refresh_reused")
    assert refused(await ana.get("/api/v1/me")) == (401, "session_ended")


async def test_a_browser_keeps_its_refresh_token_in_a_cookie_that_no_script_reads(voting: Site) -> None:
    await voting.delegate("c1")
    answer = await voting.client.post("/api/v1/sessions", json={"email": ANA, "password": PASSWORD, "keep": "cookie"})
    assert done(answer)["refresh"] is None
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    token = cookie.partition("=")[2].partition(";")[0]
    again = await voting.client.post("/api/v1/sessions/refresh", json={}, headers={"Cookie": f"{COOKIE}={token}"})
    assert done(again)["refresh"] is None
    assert COOKIE in again.headers["set-cookie"]


async def test_without_any_refresh_token_there_is_nothing_to_refresh(voting: Site) -> None:
    assert refused(await voting.client.post("/api/v1/sessions/refresh", json={})) == (401, "refresh_refused")
    answer = await voting.client.post("/api/v1/sessions/refresh", json={"refresh": "made up"})
    assert refused(answer) == (401, "refresh_refused")


async def test_sessions_are_seen_and_ended(voting: Site) -> None:
    ana = await voting.delegate("c1")
    for device in ("laptop", "library"):
        done(await voting.client.post("/api/v1/sessions", json={"email": ANA, "password": PASSWORD, "device": device}))
    listed = (await ana.get("/api/v1/me/sessions")).json()
    assert sum(one["here"] for one in listed) == 1
    library = next(one for one in listed if one["device"] == "library")
    assert (await ana.delete(f"/api/v1/me/sessions/{library['id']}")).status_code == 204
    assert refused(await ana.delete(f"/api/v1/me/sessions/{library['id']}")) == (404, "session_unknown")
    assert done(await ana.post("/api/v1/me/sessions/end-others")) == {"ended": 1}
    assert len((await ana.get("/api/v1/me/sessions")).json()) == 1


async def test_nobody_ends_the_session_of_somebody_else(voting: Site) -> None:
    ana, bruno = await voting.delegate("c1"), await voting.delegate("c2")
    (session,) = (await ana.get("/api/v1/me/sessions")).json()
    assert refused(await bruno.delete(f"/api/v1/me/sessions/{session['id']}")) == (404, "session_unknown")


async def test_profile_and_password_are_changed_by_whoever_they_are_of(voting: Site) -> None:
    ana = await voting.delegate("c1")
    profile = {"name": "Ana María", "language": "es", "time_zone": "Europe/Madrid"}
    assert done(await ana.put("/api/v1/me/profile", profile))["name"] == "Ana María"
    wrong = {**profile, "time_zone": "Middle/Earth"}
    assert refused(await ana.put("/api/v1/me/profile", wrong)) == (422, "profile_invalid")
    new = "another long password, 1844"
    assert refused(await ana.put("/api/v1/me/password", {"old": "not it", "new": new})) == (403, "password_wrong")
    assert refused(await ana.put("/api/v1/me/password", {"old": PASSWORD, "new": "short"})) == (
        422,
        "password_too_short",
    )
    assert (await ana.put("/api/v1/me/password", {"old": PASSWORD, "new": new})).status_code == 204
    done(await voting.client.post("/api/v1/sessions", json={"email": ANA, "password": new}))


async def test_a_forgotten_password_is_reset_and_the_answer_tells_nobody_who_has_an_account(voting: Site) -> None:
    await voting.delegate("c1")
    for email in (ANA, "nobody@coop.example", "no address"):
        answer = await voting.client.post("/api/v1/password-resets", json={"email": email})
        assert (answer.status_code, answer.content) == (204, b"")
    made_up = await voting.client.post("/api/v1/password-resets/use", json={"token": "made up", "password": PASSWORD})
    assert refused(made_up) == (404, "reset_refused")


async def test_an_invitation_is_looked_at_accepted_once_and_then_no_longer_good(voting: Site) -> None:
    stella = await voting.steward("c1")
    body = {"role": "delegate", "address": "nora@coop.example"}
    given = done(await stella.post("/api/v1/coops/c1/mandates", body))
    token = given["invitation"]["token"]
    short = {"token": token, "password": "short", "name": "Nora"}
    assert refused(await voting.client.post("/api/v1/invitations/accept", json=short)) == (422, "password_too_short")
    nora = await voting.accept("nora", token)
    again = await voting.client.post("/api/v1/invitations/look", json={"token": token})
    assert refused(again) == (404, "invitation_refused")
    assert refused(await stella.post("/api/v1/invitations/bind", {"token": token})) == (404, "invitation_refused")
    assert done(await nora.get("/api/v1/me"))["profile"]["email"] == "nora@coop.example"


async def test_only_a_steward_invites_to_a_mandate_and_a_new_invitation_replaces_the_old(voting: Site) -> None:
    stella, ana = await voting.steward("c1"), await voting.delegate("c1")
    path = f"/api/v1/mandates/{delegate(CoopId('c1'), 2)}/invitation"
    assert refused(await ana.post(path, {"address": "nora@coop.example"})) == (403, "not_steward")
    first = done(await stella.post(path, {"address": "nora@coop.example"}))
    second = done(await stella.post(path, {"address": "nora@coop.example"}))
    gone = await voting.client.post("/api/v1/invitations/look", json={"token": first["token"]})
    assert refused(gone) == (404, "invitation_refused")
    done(await voting.client.post("/api/v1/invitations/look", json={"token": second["token"]}))
    other = f"/api/v1/mandates/{delegate(CoopId('c2'), 2)}/invitation"
    assert refused(await stella.post(other, {"address": "nora@coop.example"})) == (403, "not_steward")


async def test_whoever_erases_their_account_is_gone_and_the_log_stays(voting: Site) -> None:
    ana = await voting.delegate("c1")
    proposal = await ana.propose()
    export = done(await ana.get("/api/v1/me/export"))
    assert [one["type"] for one in export["acted"]] == ["proposal.submitted"]
    preview = done(await ana.get("/api/v1/me/erasure"))
    assert preview["mandates"] == [delegate(CoopId("c1"))]
    assert refused(await ana.post("/api/v1/me/erasure", {"password": "not it"})) == (403, "password_wrong")
    size = voting.service.ledger.size
    assert done(await ana.post("/api/v1/me/erasure", {"password": PASSWORD})) == preview
    assert refused(await ana.get("/api/v1/me")) == (401, "session_ended")
    assert not await voting.rows('SELECT "id" FROM "account" WHERE "email" = {}', ANA)
    assert voting.service.ledger.size == size
    (row,) = await voting.rows('SELECT "lead" FROM "proposal" WHERE "id" = {}', proposal)
    assert row["lead"] == "c1"


async def test_the_keys_of_tokens_are_public_and_say_nothing_secret(voting: Site) -> None:
    answer = await voting.client.get("/.well-known/jwks.json")
    (key,) = answer.json()["keys"]
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("OKP", "Ed25519", "EdDSA", "sig")
    assert "d" not in key


async def test_no_answer_about_a_person_may_be_kept_by_anybody_between(voting: Site) -> None:
    ana = await voting.delegate("c1")
    for path in (
        "/api/v1/me",
        "/api/v1/me/sessions",
        "/api/v1/me/export",
        "/api/v1/me/erasure",
        "/api/v1/applications",
    ):
        assert (await ana.get(path)).headers["cache-control"] == "no-store", path
