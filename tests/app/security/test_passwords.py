import asyncio
from collections.abc import Iterator

import pytest

from app.security import passwords
from app.security.passwords import (
    PARAMETERS,
    Parameters,
    PasswordRefused,
    Passwords,
    PasswordsBusy,
    PasswordTooLong,
    PasswordTooPlain,
    PasswordTooShort,
    PasswordUntypable,
    judge,
)

pytestmark = pytest.mark.anyio
CHEAP = Parameters(passes=1, memory=8, lanes=1)
SALT = bytes(16)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def cheap() -> Iterator[Passwords]:
    made = Passwords(CHEAP)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("typed", "again"),
    [
        ("contraseña muy larga", "contrasen\u0303a muy larga"),
        ("Passwort für Füße!", "Passwort fu\u0308r Fu\u0308ße!"),
        ("horse battery 42", "ｈｏｒｓｅ　ｂａｔｔｅｒｙ　４２"),
        ("horse battery 42", "horse\u00a0battery\u200942"),
        ("horse battery 42", "horse\u1680battery 42"),
        ("한국어 비밀번호 입니다", "\u1112\u1161\u11ab국어 비밀번호 입니다"),
        ("ﬁne ﬂat oﬃce", "fine flat office"),
    ],
)
async def test_however_a_keyboard_spells_it_it_is_the_same_password(cheap: Passwords, typed: str, again: str) -> None:
    stored = await cheap.hash(typed, SALT)
    assert await cheap.check(again, stored)
    assert not await cheap.check(again + "x", stored)


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("Correct Horse Battery", "correct horse battery"),
        ("correct horse battery", "correct horse battery "),
        ("straße und häuser", "strasse und häuser"),
        ("contraseña muy larga", "contrasena muy larga"),
        ("раssword in сyrillic", "password in cyrillic"),
    ],
)
async def test_what_looks_alike_is_another_password(cheap: Passwords, typed: str, other: str) -> None:
    assert not await cheap.check(other, await cheap.hash(typed, SALT))


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("", PasswordTooShort),
        ("eleven char", PasswordTooShort),
        ("\U0001f40e" * 11, PasswordTooShort),
        ("a" * 1_025, PasswordTooLong),
        ("ñ" * 513, PasswordTooLong),
        ("\ud800" * 400, PasswordTooLong),
        ("aaaaaaaaaaaaaaaa", PasswordTooPlain),
        ("abababababAB", PasswordTooPlain),
        ("ANA@coop.example", PasswordTooPlain),
        ("correct horse\x00battery", PasswordUntypable),
        ("correct horse\nbattery", PasswordUntypable),
        ("correct horse \ud83d battery", PasswordUntypable),
        ("correct horse \ue000 battery", PasswordUntypable),
        ("correct horse \u0378 battery", PasswordUntypable),
    ],
)
async def test_what_cannot_be_a_password_is_refused(password: str, refusal: type[PasswordRefused]) -> None:
    with pytest.raises(PasswordRefused) as refused:
        judge(password, "ana@coop.example")
    assert type(refused.value) is refusal
    assert not password or password not in str(refused.value)


@pytest.mark.parametrize(
    "password",
    [
        "twelve chars",
        "👩‍🌾🐎🔋📎 and words",
        "naïve café déjà vu",
        "كلمة مرور طويلة",
        "ñ" * 500 + "abcde",
        "   spaces at the ends   ",
    ],
)
async def test_what_people_type_is_a_password(cheap: Passwords, password: str) -> None:
    assert await cheap.check(password, await cheap.hash(password, SALT))


@pytest.mark.parametrize("password", ["x" * 5_000, "\ud800", "a\x00b", ""])
async def test_what_cannot_be_a_password_is_wrong_and_costs_the_same(
    cheap: Passwords, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = await cheap.hash("correct horse battery", SALT)
    work: list[str] = []
    verify = Passwords._verify

    def counting(self: Passwords, *given: str) -> bool:
        work.append("done")
        return verify(self, *given)

    monkeypatch.setattr(Passwords, "_verify", counting)
    assert not await cheap.check(password, stored)
    assert not await cheap.check(password, None)
    assert work == ["done", "done"]


async def test_nobodys_hash_lets_nobody_in(cheap: Passwords) -> None:
    assert not await cheap.check("nobody's password", None)
    assert not await cheap.check("", None)


async def test_a_damaged_hash_lets_nobody_in(cheap: Passwords) -> None:
    for stored in ("", "secret", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA", "$2b$12$" + "a" * 53):
        assert not await cheap.check("correct horse battery", stored)


async def test_the_costs_are_those_of_rfc_9106() -> None:
    full = Passwords()
    try:
        stored = await full.hash("correct horse battery", SALT)
    finally:
        full.close()
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert Parameters(passes=3, memory=65_536, lanes=4) == PARAMETERS


async def test_a_hash_of_other_costs_is_read_and_known_to_be_outdated(cheap: Passwords) -> None:
    stored = await cheap.hash("correct horse battery", SALT)
    dearer = Passwords(Parameters(passes=2, memory=16, lanes=1))
    try:
        assert await dearer.check("correct horse battery", stored)
        assert dearer.outdated(stored)
        assert not cheap.outdated(stored)
    finally:
        dearer.close()


async def test_the_salt_makes_equal_passwords_different(cheap: Passwords) -> None:
    one, other = [await cheap.hash("correct horse battery", salt) for salt in (SALT, b"s" * 16)]
    assert one != other


async def test_a_queue_that_is_too_long_is_refused_and_empties_again(
    cheap: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_WAITING", 3)
    answers = await asyncio.gather(*(cheap.check("x", None) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(answer, PasswordsBusy) for answer in answers) == 2
    assert await cheap.check("x", None) is False
