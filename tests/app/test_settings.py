from pathlib import Path

import pytest

from app.settings import (
    SETTINGS,
    PostgresDatabase,
    SettingInvalid,
    SettingMissing,
    SQLiteDatabase,
    parse_database,
    read_settings,
    settings_from_environment,
)


def test_a_home_is_enough() -> None:
    settings = read_settings({"ROCHDALE_HOME": "/srv/coop", "PATH": "/bin"})
    assert settings.database == SQLiteDatabase(path=Path("/srv/coop/federation.sqlite"))
    assert settings.keys_dir == settings.signed_dir == Path("/srv/coop/keys")


def test_each_place_can_be_named() -> None:
    settings = read_settings(
        {
            "ROCHDALE_DATABASE": "postgresql://u:secret@db/coop",
            "ROCHDALE_KEYS_DIR": "/run/secrets",
            "ROCHDALE_SIGNED_DIR": "/data",
        }
    )
    assert settings.database == PostgresDatabase(url="postgresql://u:secret@db/coop")
    assert (settings.keys_dir, settings.signed_dir) == (Path("/run/secrets"), Path("/data"))


def test_a_password_is_never_shown() -> None:
    settings = read_settings({"ROCHDALE_DATABASE": "postgresql://u:secret@db/coop", "ROCHDALE_KEYS_DIR": "/k"})
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    "environ", [{}, {"ROCHDALE_KEYS_DIR": "/k"}, {"ROCHDALE_DATABASE": "/d"}, {"ROCHDALE_SIGNED_DIR": "/s"}]
)
def test_a_place_that_nobody_names_is_missing(environ: dict[str, str]) -> None:
    with pytest.raises(SettingMissing):
        read_settings(environ)


@pytest.mark.parametrize(
    "environ",
    [
        {"ROCHDALE_HOME": ""},
        {"ROCHDALE_HOME": "  "},
        {"ROCHDALE_HOME": "/a\x00b"},
        {"ROCHDALE_HOME": "/srv", "ROCHDALE_DATABSE": "/d"},
        {"ROCHDALE_HOME": "/srv", "ROCHDALE_DATABASE": "mysql://u@h/d"},
        {"ROCHDALE_HOME": "/srv", "ROCHDALE_DATABASE": "sqlite://host/d"},
        {"ROCHDALE_HOME": "/srv", "ROCHDALE_DATABASE": "sqlite:///"},
        {"ROCHDALE_HOME": "/srv", "ROCHDALE_DATABASE": "postgresql://u:hunter2@/d"},
        {"ROCHDALE_HOME": "/srv", "ROCHDALE_DATABASE": "postgresql://u:hunter2@h"},
        {"ROCHDALE_HOME": "/srv", "ROCHDALE_DATABASE": "postgresql://u:hunter2@h:0/d"},
        {"ROCHDALE_HOME": "/srv", "ROCHDALE_DATABASE": "postgresql://u:hunter2@h:many/d"},
    ],
)
def test_nonsense_is_refused_without_repeating_a_password(environ: dict[str, str]) -> None:
    with pytest.raises(SettingInvalid) as refused:
        read_settings(environ)
    assert "hunter2" not in str(refused.value)


def test_settings_of_the_tests_are_none_of_the_service() -> None:
    with_test = read_settings({"ROCHDALE_HOME": "/srv", "ROCHDALE_TEST_POSTGRES": "x"})
    assert with_test == read_settings({"ROCHDALE_HOME": "/srv"})


@pytest.mark.parametrize(
    ("text", "path"),
    [("data/coop.sqlite", "data/coop.sqlite"), ("sqlite:///coop.db", "coop.db"), ("sqlite:////a%20b", "/a b")],
)
def test_sqlite_is_a_path_or_a_url(text: str, path: str) -> None:
    assert parse_database(text) == SQLiteDatabase(path=Path(path))


def test_the_environment_is_read_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ROCHDALE_HOME", "/srv/other")
    assert settings_from_environment().keys_dir == Path("/srv/other/keys")
