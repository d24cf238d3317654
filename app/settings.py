"""Settings: what an operator chooses, read once from the environment and then passed on as one frozen value."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from governance.errors import RochdaleError
from governance.value import Value

_PREFIX: Final = "ROCHDALE_"
_FOR_TESTS: Final = "ROCHDALE_TEST_"
SETTINGS: Final[Mapping[str, str]] = {
    "ROCHDALE_HOME": (
        "The directory that holds the federation's database and keys where nothing else is said. "
        "Needed unless both other places are named."
    ),
    "ROCHDALE_DATABASE": (
        "The database: the path of a SQLite file, or sqlite:///PATH, or postgresql://USER:PASSWORD@HOST/NAME. "
        "Without it: federation.sqlite in ROCHDALE_HOME."
    ),
    "ROCHDALE_KEYS_DIR": (
        "The directory of the signing keys. It can be a read-only mount; then set ROCHDALE_SIGNED_DIR too. "
        "Without it: keys in ROCHDALE_HOME."
    ),
    "ROCHDALE_SIGNED_DIR": (
        "The writable directory of the file that remembers the last signed size and root. Keep it out of the database's "
        "backups: it is what shows that an old one was restored. Without it: ROCHDALE_KEYS_DIR."
    ),
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


Database = SQLiteDatabase | PostgresDatabase


class Settings(Value):
    """What the operator chose. `signed_dir` is the keys' directory where it was not set."""

    database: Database
    keys_dir: Path
    signed_dir: Path


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings that an environment says.

    Raises:
        SettingMissing: it does not say where the database or the keys are.
        SettingInvalid: an empty value, a name that is no setting, or a database URL that is none.
    """
    given = {name: environ[name] for name in environ if name.startswith(_PREFIX) and not name.startswith(_FOR_TESTS)}
    for name, value in given.items():
        if name not in SETTINGS:
            raise SettingInvalid(f"There is no setting {name}. There are: {', '.join(SETTINGS)}. Was it mistyped?")
        if not value.strip() or "\x00" in value:
            raise SettingInvalid(f"{name} is set and empty. Give it a value, or do not set it.")
    keys_dir = _place(given, "ROCHDALE_KEYS_DIR", "keys")
    return Settings(
        database=parse_database(given["ROCHDALE_DATABASE"])
        if "ROCHDALE_DATABASE" in given
        else SQLiteDatabase(path=_place(given, "ROCHDALE_DATABASE", "federation.sqlite")),
        keys_dir=keys_dir,
        signed_dir=Path(given["ROCHDALE_SIGNED_DIR"]) if "ROCHDALE_SIGNED_DIR" in given else keys_dir,
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
