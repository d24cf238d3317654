import pytest

from app.services.mail.letters import (
    LANGUAGES,
    InvitationLetter,
    Language,
    Letter,
    PasswordChangedLetter,
    ResetLetter,
    words,
)
from governance.instants import Instant

AT = Instant("2026-03-04T05:06:07.000000Z")
HOME = "https://coop.example/"
INVITATION = InvitationLetter(token="t0k3n", federation="Two Coops", role="delegate", name="{Alerce}", expires=AT)
LETTERS: list[tuple[Letter, str]] = [
    (INVITATION, "https://coop.example/invitation/t0k3n"),
    (ResetLetter(token="t0k3n", expires=AT), "https://coop.example/reset/t0k3n"),
    (PasswordChangedLetter(at=AT), "https://coop.example/"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("letter", "link"), LETTERS)
def test_a_letter_has_its_link_on_a_line_of_its_own_and_an_instant_that_nobody_misreads(
    letter: Letter, link: str, language: Language
) -> None:
    said = words(letter, language, HOME)
    assert link in said.text.splitlines()
    assert "2026-03-04 05:06 UTC" in said.text
    assert "{" not in said.text.replace("{Alerce}", "")
    assert "\n" not in said.subject


@pytest.mark.parametrize(("letter", "link"), LETTERS)
def test_each_language_says_it_in_its_own_words(letter: Letter, link: str) -> None:
    assert len({words(letter, language, HOME).text for language in LANGUAGES}) == len(LANGUAGES)
    assert link


def test_where_nobody_knows_the_language_all_are_there() -> None:
    said = words(INVITATION, None, HOME)
    assert said.text.index("You are invited to be one who votes for {Alerce} in Two Coops.") < said.text.index(
        "Te invitan a ser quien vota por {Alerce} en Two Coops."
    )
    assert said.subject == "Two Coops: an invitation / Two Coops: una invitación"


def test_a_name_cannot_add_a_header() -> None:
    letter = InvitationLetter(token="t", federation="A\r\nBcc: b@c.example", role="officer", name="Board", expires=AT)
    assert words(letter, "en", HOME).subject == "A Bcc: b@c.example: an invitation"
