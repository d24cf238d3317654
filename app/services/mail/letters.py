"""What mails say, in English and Spanish: plain text, and nothing that is not needed."""

from datetime import datetime
from typing import Final, Literal

from governance.instants import Instant, moment
from governance.mandate import Role
from governance.value import Value

Language = Literal["en", "es"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "es")
_BETWEEN: Final = "\n" + "-" * 40 + "\n\n"


class InvitationLetter(Value, tag="invitation"):
    """An invitation to hold a mandate. `name` is that of the coop, or the title of the office."""

    token: str
    federation: str
    role: Role
    name: str
    expires: Instant


class ResetLetter(Value, tag="reset"):
    """A link to set a new password with."""

    token: str
    expires: Instant


class PasswordChangedLetter(Value, tag="password_changed"):
    """That a password was changed."""

    at: Instant


Letter = InvitationLetter | ResetLetter | PasswordChangedLetter


class Words(Value):
    """A mail's subject and text."""

    subject: str
    text: str


def kind_of(letter: Letter) -> str:
    """The kind of a letter, as the outbox names it."""
    return str(letter.__struct_config__.tag)


def invitation_link(public_url: str, token: str) -> str:
    """Where an invitation is accepted."""
    return f"{public_url.rstrip('/')}/invitation/{token}"


def reset_link(public_url: str, token: str) -> str:
    """Where a new password is set."""
    return f"{public_url.rstrip('/')}/reset/{token}"


def words(letter: Letter, language: Language | None, public_url: str) -> Words:
    """What a letter says in a language; in all of them, one below the other, where nobody knows which one is read."""
    each = [_words(letter, one, public_url) for one in (LANGUAGES if language is None else (language,))]
    return Words(
        subject=" / ".join(dict.fromkeys(one.subject for one in each)), text=_BETWEEN.join(one.text for one in each)
    )


def _words(letter: Letter, language: Language, public_url: str) -> Words:
    subject, text = _TEXTS[kind_of(letter)][language]
    told = {"home": f"{public_url.rstrip('/')}/", **_told(letter, language, public_url)}
    return Words(subject=_line(subject.format(**told)), text=text.format(**told))


def _told(letter: Letter, language: Language, public_url: str) -> dict[str, str]:
    match letter:
        case InvitationLetter():
            return {
                "federation": letter.federation,
                "what": f"{_ROLES[language][letter.role]} {letter.name}",
                "until": _when(letter.expires),
                "link": invitation_link(public_url, letter.token),
            }
        case ResetLetter():
            return {"until": _when(letter.expires), "link": reset_link(public_url, letter.token)}
        case PasswordChangedLetter():
            return {"at": _when(letter.at)}


_ROLES: Final[dict[Language, dict[Role, str]]] = {
    "en": {"steward": "a contact of", "delegate": "one who votes for", "officer": "a holder of the office"},
    "es": {"steward": "referente de", "delegate": "quien vota por", "officer": "titular del cargo"},
}
_TEXTS: Final[dict[str, dict[Language, tuple[str, str]]]] = {
    "invitation": {
        "en": (
            "{federation}: an invitation",
            (
                "You are invited to be {what} in {federation}.\n\nTo accept, open this link until {until}:\n\n{link}\n\n"
                "The link is for you alone. If you did not expect it, do nothing.\n"
            ),
        ),
        "es": (
            "{federation}: una invitación",
            (
                "Te invitan a ser {what} en {federation}.\n\nPara aceptar, abre este enlace hasta el {until}:\n\n{link}\n\n"
                "El enlace es solo para ti. Si no lo esperabas, no hagas nada.\n"
            ),
        ),
    },
    "reset": {
        "en": (
            "A new password",
            (
                "Somebody, probably you, asked to set a new password for this address.\n\nOpen this link until {until}:\n\n"
                "{link}\n\nIf it was not you, do nothing: your password stays as it is.\n"
            ),
        ),
        "es": (
            "Una contraseña nueva",
            (
                "Alguien, seguramente tú, pidió poner una contraseña nueva para esta dirección.\n\n"
                "Abre este enlace hasta el {until}:\n\n{link}\n\n"
                "Si no fuiste tú, no hagas nada: tu contraseña sigue igual.\n"
            ),
        ),
    },
    "password_changed": {
        "en": (
            "Your password was changed",
            (
                "Your password was changed on {at}. Your other sessions have ended.\n\n"
                "If it was not you, ask for a link to set a new one at once:\n\n{home}\n"
            ),
        ),
        "es": (
            "Tu contraseña ha cambiado",
            (
                "Tu contraseña se cambió el {at}. Tus otras sesiones se han cerrado.\n\n"
                "Si no fuiste tú, pide enseguida un enlace para poner una nueva:\n\n{home}\n"
            ),
        ),
    },
}


def _when(at: Instant) -> str:
    # Digits in one order for all languages, with the zone: nobody mistakes the month for the day.
    read: datetime = moment(at)
    return f"{read:%Y-%m-%d %H:%M} UTC"


def _line(text: str) -> str:
    """On one line: a subject is a header."""
    return " ".join(text.split())
