import base64
import stat
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from app.security import token_keys
from app.security.people import AccountId, Person, SessionId
from app.security.token_keys import (
    FOLDER,
    LEEWAY,
    LIFETIME,
    PROPAGATION,
    TokenKeyInvalid,
    TokenKeyMissing,
    TokenKeys,
    TokenKeyUnwritable,
)
from app.security.tokens import TokenRefused, Tokens
from governance.instants import Instant, later

AT = Instant("2026-03-01T12:00:00.000000Z")
PERSON = Person(account=AccountId("a-1"), session=SessionId("s-1"))
ONE, TWO = b"1" * 32, b"2" * 32
RFC_8037_SEED = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"


def seed_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=")


def test_the_key_of_rfc_8037_has_the_thumbprint_of_rfc_8037(tmp_path: Path) -> None:
    key = token_keys.create(tmp_path, now=AT, seed=seed_of(RFC_8037_SEED))
    assert key.id == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert msgspec.to_builtins(TokenKeys(tmp_path).key_set(AT)) == {
        "keys": (
            {
                "kid": key.id,
                "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                "kty": "OKP",
                "crv": "Ed25519",
                "alg": "EdDSA",
                "use": "sig",
            },
        )
    }


def test_the_first_key_is_made_once_and_signs_at_once(tmp_path: Path) -> None:
    assert token_keys.create_first(tmp_path, now=AT, seed=ONE)
    assert not token_keys.create_first(tmp_path, now=AT, seed=TWO)
    assert TokenKeys(tmp_path).signing(AT).seed == ONE


def test_a_key_is_readable_by_its_owner_only_and_shown_to_nobody(tmp_path: Path) -> None:
    key = token_keys.create(tmp_path, now=AT, seed=ONE)
    assert stat.S_IMODE((tmp_path / FOLDER / f"{key.id}.key").stat().st_mode) == 0o600
    assert "1111" not in repr(key)


def test_a_new_key_is_shown_before_it_signs(tmp_path: Path) -> None:
    old = token_keys.create(tmp_path, now=AT, seed=ONE)
    later_on = later(AT, timedelta(days=90))
    new = token_keys.create(tmp_path, now=later_on, seed=TWO)
    keys = TokenKeys(tmp_path)
    almost = later(later_on, PROPAGATION - timedelta(microseconds=1))
    assert keys.signing(almost).id == old.id
    assert {key.kid for key in keys.key_set(almost).keys} == {old.id, new.id}
    assert keys.signing(later(later_on, PROPAGATION)).id == new.id
    assert token_keys.signs_from(tmp_path, new.id) == later(later_on, PROPAGATION)
    assert token_keys.signs_from(tmp_path, old.id) == AT
    assert token_keys.signs_from(tmp_path, "x") is None


def test_an_old_key_verifies_until_its_last_token_has_expired(tmp_path: Path) -> None:
    old = token_keys.create(tmp_path, now=AT, seed=ONE)
    rotated = later(AT, timedelta(days=90))
    token_keys.create(tmp_path, now=rotated, seed=TWO)
    tokens = Tokens(TokenKeys(tmp_path), issuer="i")
    last = later(rotated, PROPAGATION - timedelta(seconds=1))
    token, _ = tokens.issue(PERSON, now=last, unique=b"u")
    Tokens(TokenKeys(tmp_path), issuer="i").verify(token, now=later(last, LIFETIME - timedelta(seconds=1)))
    over = later(rotated, PROPAGATION + LIFETIME + LEEWAY)
    assert TokenKeys(tmp_path).verifying(old.id, over) is None
    assert token_keys.retire(tmp_path, now=later(over, timedelta(microseconds=-1))) == ()
    assert token_keys.retire(tmp_path, now=over) == (old.id,)
    assert token_keys.retire(tmp_path, now=over) == ()
    assert TokenKeys(tmp_path).signing(over).seed == TWO


def test_a_rotation_is_seen_without_a_restart(tmp_path: Path) -> None:
    token_keys.create(tmp_path, now=AT, seed=ONE)
    running = TokenKeys(tmp_path)
    running.signing(AT)
    new = token_keys.create(tmp_path, now=AT, seed=TWO)
    assert running.verifying(new.id, later(AT, timedelta(seconds=4))) is None
    assert running.verifying(new.id, later(AT, timedelta(seconds=6))) is not None


def test_unknown_ids_do_not_make_it_read_the_disk_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token_keys.create(tmp_path, now=AT, seed=ONE)
    running = TokenKeys(tmp_path)
    running.signing(AT)
    monkeypatch.setattr(token_keys, "_load", lambda _: pytest.fail("it was read again"))
    for _ in range(100):
        assert running.verifying("x", later(AT, timedelta(seconds=1))) is None


def test_a_read_only_mount_is_enough(tmp_path: Path) -> None:
    key = token_keys.create(tmp_path, now=AT, seed=ONE)
    (tmp_path / FOLDER / f"{key.id}.key").chmod(0o400)
    (tmp_path / FOLDER).chmod(0o500)
    try:
        tokens = Tokens(TokenKeys(tmp_path), issuer="i")
        assert not token_keys.create_first(tmp_path, now=AT, seed=TWO)
        assert tokens.verify(tokens.issue(PERSON, now=AT, unique=b"u")[0], now=AT) == PERSON
    finally:
        (tmp_path / FOLDER).chmod(0o700)


def test_a_mounted_key_can_have_any_name(tmp_path: Path) -> None:
    key = token_keys.create(tmp_path, now=AT, seed=ONE)
    (tmp_path / FOLDER / f"{key.id}.key").rename(tmp_path / FOLDER / "2026.key")
    assert TokenKeys(tmp_path).signing(AT).id == key.id


def test_a_place_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file")
    with pytest.raises(TokenKeyUnwritable, match="read-only mount"):
        token_keys.create(tmp_path, now=AT, seed=ONE)


def test_without_a_key_nothing_is_signed(tmp_path: Path) -> None:
    with pytest.raises(TokenKeyMissing):
        TokenKeys(tmp_path).signing(AT)


@pytest.mark.parametrize(
    "content",
    ["", "secret", "rochdale/token-key/v2\n{at}\n{seed}\n", "rochdale/token-key/v1\nnow\n{seed}\n",
     "rochdale/token-key/v1\n{at}\nc2VjcmV0\n", "rochdale/token-key/v1\n{at}\n{seed}\nmore", "\xff"],
)  # fmt: skip
def test_a_damaged_key_is_refused_without_showing_it(tmp_path: Path, content: str) -> None:
    (tmp_path / FOLDER).mkdir()
    filled = content.format(at=AT, seed=base64.b64encode(ONE).decode())
    (tmp_path / FOLDER / "bad.key").write_text(filled, encoding="latin-1")
    with pytest.raises(TokenKeyInvalid) as refused:
        TokenKeys(tmp_path).signing(AT)
    assert "ecret" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_what_is_derived_stays_the_same_through_a_rotation_and_is_no_key(tmp_path: Path) -> None:
    token_keys.create(tmp_path, now=AT, seed=ONE)
    before = TokenKeys(tmp_path).derive(b"d", AT)
    token_keys.create(tmp_path, now=later(AT, timedelta(days=1)), seed=TWO)
    keys = TokenKeys(tmp_path)
    assert keys.derive(b"d", AT) == before
    assert keys.derive(b"e", AT) != before
    assert before not in (ONE, TWO)


def test_a_token_of_a_removed_key_is_refused(tmp_path: Path) -> None:
    key = token_keys.create(tmp_path, now=AT, seed=ONE)
    token, _ = Tokens(TokenKeys(tmp_path), issuer="i").issue(PERSON, now=AT, unique=b"u")
    token_keys.create(tmp_path, now=AT, seed=TWO)
    (tmp_path / FOLDER / f"{key.id}.key").unlink()
    with pytest.raises(TokenRefused):
        Tokens(TokenKeys(tmp_path), issuer="i").verify(token, now=AT)


def test_rotating_makes_a_key_and_removes_what_nothing_needs(tmp_path: Path) -> None:
    first = token_keys.rotate(tmp_path, now=AT, seed=ONE)
    assert (first.signs_from, first.retired) == (AT, ())
    months = later(AT, timedelta(days=90))
    second = token_keys.rotate(tmp_path, now=months, seed=TWO)
    assert (second.signs_from, second.retired) == (later(months, PROPAGATION), ())
    third = token_keys.rotate(tmp_path, now=later(AT, timedelta(days=180)), seed=b"3" * 32)
    assert third.retired == (first.key,)
