"""Settings: what an operator chooses, read once from the environment and then passed on as one frozen value."""

import os
import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from governance.errors import RochdaleError
from governance.value import Value

_PREFIX: Final = "ROCHDALE_"
_FOR_TESTS: Final = "ROCHDALE_TEST_"
LOCAL: Final = "127.0.0.1"
"""The address that only this machine reaches."""
PORT: Final = 8000
"""Where the service listens if nobody chooses."""
_LONGEST_NUMBER: Final = 10
_IN_FILE: Final = "_FILE"
_MAIL_PORTS: Final[Mapping[str, int]] = {"smtps": 465, "smtp": 587}
_MAILBOX: Final = re.compile(r"[!-?A-~]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)*")
_HOST: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*|[0-9a-f:]+", re.ASCII)
_TOKEN: Final = re.compile(r"[A-Za-z0-9\-._~+/=]{16,200}", re.ASCII)
MOST_WORKERS: Final = 64
"""Processes that serve, at most."""
SETTINGS: Final[Mapping[str, str]] = {
    "ROCHDALE_HOME": (
        "The directory that holds the federation's database and keys where nothing else is said. "
        "Needed unless both other places are named."
    ),
    "ROCHDALE_DATABASE": (
        "The database: the path of a SQLite file, or sqlite:///PATH, or postgresql://USER:PASSWORD@HOST/NAME. "
        "Without it: federation.sqlite in ROCHDALE_HOME."
    ),
    "ROCHDALE_DATABASE_FILE": "A file with what ROCHDALE_DATABASE would say, so that a password stands in no environment.",
    "ROCHDALE_KEYS_DIR": (
        "The directory of the signing keys. It can be a read-only mount; then set ROCHDALE_SIGNED_DIR too. "
        "Without it: keys in ROCHDALE_HOME."
    ),
    "ROCHDALE_SIGNED_DIR": (
        "The writable directory of the file that remembers the last signed size and root. Keep it out of the database's "
        "backups: it is what shows that an old one was restored. Without it: ROCHDALE_KEYS_DIR."
    ),
    "ROCHDALE_BACKUP_TO": (
        "The recipients that backups are sealed to, as `rochdale backup-key` shows them, with spaces between them. "
        "Without it: those named with --to."
    ),
    "ROCHDALE_HOST": "The address at which the service listens. Without it: 127.0.0.1, which only this machine reaches.",
    "ROCHDALE_PORT": "The port at which the service listens. Without it: 8000.",
    "ROCHDALE_WORKERS": "How many processes serve, from 1 to 64. Without it: 1.",
    "ROCHDALE_PUBLIC_URL": (
        "Where people reach the service, such as https://patio.example: links in mails begin with it. Needed with ROCHDALE_MAIL."
    ),
    "ROCHDALE_MAIL": (
        "The mail server: smtps://USER:PASSWORD@HOST:PORT (encrypted from the start), or smtp:// (encrypted once it is asked, "
        "which is demanded where there is a password). Without it: mails wait in the database."
    ),
    "ROCHDALE_ALLOWED_HOSTS": (
        "The host names that the service answers under beside that of ROCHDALE_PUBLIC_URL, with spaces between them. "
        "Without both: every name."
    ),
    "ROCHDALE_TRUSTED_PROXIES": (
        "The addresses or networks of the proxies whose X-Forwarded-For is believed, with spaces between them. Without it: none."
    ),
    "ROCHDALE_METRICS_TOKEN": (
        "The token with which /metrics is asked for, of 16 characters or more. Without it there are no metrics to be had."
    ),
    "ROCHDALE_MAIL_FILE": "A file with what ROCHDALE_MAIL would say.",
    "ROCHDALE_METRICS_TOKEN_FILE": "A file with what ROCHDALE_METRICS_TOKEN would say.",
    "ROCHDALE_MAIL_FROM": "The e-mail address that mails come from. Needed with ROCHDALE_MAIL.",
}
"""Every setting with what it means, as the documentation shows it."""


class SettingInvalid(RochdaleError):
    """A setting does not make sense."""

    code = "setting_invalid"


class SettingMissing(RochdaleError):
    """A setting is missing."""

    code = "setting_missing"


class SQLiteDatabase(Value):
    """A SQLite file."""

    path: Path


class PostgresDatabase(Value):
    """A PostgreSQL database. Its URL can hold a password, so it is never shown."""

    url: str

    def __repr__(self) -> str:
        return f"PostgresDatabase(host={urlsplit(self.url).hostname!r})"

    @property
    def shown(self) -> str:
        """Where it is, for people: without user, password and options."""
        parts = urlsplit(self.url)
        return f"the database {parts.path.strip('/')} at {parts.hostname}"


Database = SQLiteDatabase | PostgresDatabase


class MailServer(Value):
    """A mail server. `encrypted`: from the start, not only once it is asked."""

    host: str
    port: int
    user: str | None
    password: str | None
    encrypted: bool

    def __repr__(self) -> str:
        return f"MailServer(host={self.host!r}, port={self.port})"


class Mail(Value):
    """How mails are sent: the server, the address that they come from, and the URL that their links begin with."""

    server: MailServer
    sender: str
    public_url: str


class Settings(Value):
    """What the operator chose. `signed_dir` is the keys' directory where it was not set."""

    database: Database
    keys_dir: Path
    signed_dir: Path
    backup_to: str | None = None
    host: str = LOCAL
    port: int = PORT
    workers: int = 1
    demo: bool = False
    public_url: str | None = None
    mail: Mail | None = None
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    metrics_token: str | None = None

    def __repr__(self) -> str:
        return f"Settings(database={self.database!r}, keys_dir={str(self.keys_dir)!r})"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings that an environment says.

    Raises:
        SettingMissing: it does not say where the database or the keys are, or mail is set without what belongs to it.
        SettingInvalid: an empty value, a name that is no setting, or a database, public or mail URL that is none.
    """
    given = {name: environ[name] for name in environ if name.startswith(_PREFIX) and not name.startswith(_FOR_TESTS)}
    for name, value in given.items():
        if name not in SETTINGS:
            raise SettingInvalid(f"There is no setting {name}. There are: {', '.join(SETTINGS)}. Was it mistyped?")
        if not value.strip() or "\x00" in value:
            raise SettingInvalid(f"{name} is set and empty. Give it a value, or do not set it.")
    given = _from_files(given)
    keys_dir = _place(given, "ROCHDALE_KEYS_DIR", "keys")
    return Settings(
        database=parse_database(given["ROCHDALE_DATABASE"])
        if "ROCHDALE_DATABASE" in given
        else SQLiteDatabase(path=_place(given, "ROCHDALE_DATABASE", "federation.sqlite")),
        keys_dir=keys_dir,
        signed_dir=Path(given["ROCHDALE_SIGNED_DIR"]) if "ROCHDALE_SIGNED_DIR" in given else keys_dir,
        backup_to=given.get("ROCHDALE_BACKUP_TO"),
        host=given.get("ROCHDALE_HOST", LOCAL),
        port=_number(given, "ROCHDALE_PORT", PORT, most=65_535),
        workers=_number(given, "ROCHDALE_WORKERS", 1, most=MOST_WORKERS),
        public_url=_public_url(given),
        mail=_mail(given),
        allowed_hosts=_hosts(given),
        trusted_proxies=_proxies(given),
        metrics_token=_metrics_token(given),
    )


def settings_from_environment() -> Settings:
    """The settings that this process was started with; refuses as `read_settings` does."""
    return read_settings(os.environ)


def parse_database(text: str) -> Database:
    """The database that a path or URL names.

    Raises:
        SettingInvalid: another scheme, a SQLite URL that names no file, or a PostgreSQL URL without a database's name.
    """
    if "://" not in text:
        return SQLiteDatabase(path=Path(text))
    # The URL itself is never repeated: it can hold a password.
    try:
        parts = urlsplit(text)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        raise SettingInvalid("ROCHDALE_DATABASE is not a URL: host or port cannot be read. Write it anew.") from None
    if parts.scheme == "sqlite":
        path = unquote(parts.path.removeprefix("/"))
        if parts.netloc or not path:
            raise SettingInvalid("A SQLite URL is sqlite:///relative/path or sqlite:////absolute/path. Write it so.")
        return SQLiteDatabase(path=Path(path))
    if parts.scheme in ("postgresql", "postgres"):
        if not parts.hostname or not parts.path.strip("/") or not port_fits:
            raise SettingInvalid("A PostgreSQL URL is postgresql://USER:PASSWORD@HOST/NAME. Host or name is missing.")
        return PostgresDatabase(url=text)
    raise SettingInvalid(
        f"There is no database of the kind {parts.scheme[:20]!r}. Use a path, sqlite:/// or postgresql://."
    )


def _place(given: Mapping[str, str], name: str, below_home: str) -> Path:
    if name in given:
        return Path(given[name])
    if "ROCHDALE_HOME" in given:
        return Path(given["ROCHDALE_HOME"]) / below_home
    raise SettingMissing(f"Neither {name} nor ROCHDALE_HOME is set, so there is no place to look. Set one of them.")


def parse_mail_server(text: str) -> MailServer:
    """The mail server that a URL names. Its port is 465 for `smtps` and 587 for `smtp` where none is said.

    Raises:
        SettingInvalid: another scheme, no host, a user without a password, or more than user, password, host and port.
    """
    # As with the database, the URL is never repeated.
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise SettingInvalid("ROCHDALE_MAIL is not a URL: host or port cannot be read. Write it anew.") from None
    if parts.scheme not in _MAIL_PORTS or not parts.hostname or port == 0:
        raise SettingInvalid(
            "A mail server is smtps://USER:PASSWORD@HOST:PORT, or smtp://. Scheme, host or port is wrong."
        )
    if parts.path.strip("/") or parts.query or parts.fragment or (parts.username is None) != (parts.password is None):
        raise SettingInvalid("A mail server's URL has user and password together, host and port, and nothing else.")
    return MailServer(
        host=parts.hostname,
        port=port or _MAIL_PORTS[parts.scheme],
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
        encrypted=parts.scheme == "smtps",
    )


def _mail(given: Mapping[str, str]) -> Mail | None:
    if "ROCHDALE_MAIL" not in given:
        return None
    for name in ("ROCHDALE_MAIL_FROM", "ROCHDALE_PUBLIC_URL"):
        if name not in given:
            raise SettingMissing(f"ROCHDALE_MAIL is set, and {name} is not: no mail could be written. Set both.")
    sender = given["ROCHDALE_MAIL_FROM"].strip()
    if not _MAILBOX.fullmatch(sender):
        raise SettingInvalid("ROCHDALE_MAIL_FROM is one plain address, as in governance@patio.example. Correct it.")
    return Mail(server=parse_mail_server(given["ROCHDALE_MAIL"]), sender=sender, public_url=_public_url(given) or "")


def _public_url(given: Mapping[str, str]) -> str | None:
    if "ROCHDALE_PUBLIC_URL" not in given:
        return None
    text = given["ROCHDALE_PUBLIC_URL"].strip().rstrip("/")
    wrong = SettingInvalid(
        "ROCHDALE_PUBLIC_URL is an address such as https://patio.example, and nothing more. Correct it."
    )
    try:
        parts = urlsplit(text)
        fits = parts.port != 0 and parts.username is None
    except ValueError:
        raise wrong from None
    if not fits or parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment:
        raise wrong
    return text


def _from_files(given: dict[str, str]) -> dict[str, str]:
    """The settings with those that stand in files, as secrets are mounted."""
    named = {name: name.removesuffix(_IN_FILE) for name in given if name.endswith(_IN_FILE)}
    read = {name: value for name, value in given.items() if name not in named}
    for name, meant in named.items():
        if meant in read:
            raise SettingInvalid(f"{name} and {meant} are both set. Set one of them.")
        read[meant] = _content(name, Path(given[name]))
    return read


def _content(name: str, path: Path) -> str:
    try:
        content = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        content = ""
    if not content or len(content.splitlines()) > 1:
        raise SettingInvalid(f"The file {path}, which {name} names, cannot be read or is not one line. Correct it.")
    return content


def _number(given: Mapping[str, str], name: str, otherwise: int, *, most: int) -> int:
    text = given.get(name, str(otherwise)).strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < _LONGEST_NUMBER else 0
    if not 1 <= number <= most:
        raise SettingInvalid(f"{name} is a whole number from 1 to {most}. Correct it.")
    return number


def _hosts(given: Mapping[str, str]) -> tuple[str, ...]:
    names = tuple(given.get("ROCHDALE_ALLOWED_HOSTS", "").lower().split())
    for name in names:
        if not _HOST.fullmatch(name):
            raise SettingInvalid(
                "ROCHDALE_ALLOWED_HOSTS is host names with spaces between them, without scheme and port. Correct it."
            )
    return names


def _proxies(given: Mapping[str, str]) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(each) for each in given.get("ROCHDALE_TRUSTED_PROXIES", "").split())
    except ValueError:
        raise SettingInvalid(
            "ROCHDALE_TRUSTED_PROXIES is addresses or networks such as 10.0.0.0/8, with spaces between them. Correct it."
        ) from None


def _metrics_token(given: Mapping[str, str]) -> str | None:
    token = given.get("ROCHDALE_METRICS_TOKEN")
    # The token itself is never repeated.
    if token is not None and not _TOKEN.fullmatch(token):
        raise SettingInvalid(
            "ROCHDALE_METRICS_TOKEN is 16 to 200 letters, digits or one of - . _ ~ + / =. Draw another."
        )
    return token
