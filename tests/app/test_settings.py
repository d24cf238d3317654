from ipaddress import ip_network
from pathlib import Path

import pytest

from app.settings import (
    SETTINGS,
    MailServer,
    PostgresDatabase,
    SettingInvalid,
    SettingMissing,
    SQLiteDatabase,
    parse_database,
    parse_mail_server,
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


WITH_MAIL = {
    "ROCHDALE_HOME": "/srv",
    "ROCHDALE_MAIL": "smtps://gov%40coop.example:hunter2%2F@mail.coop.example:2465",
    "ROCHDALE_MAIL_FROM": "gov@coop.example",
    "ROCHDALE_PUBLIC_URL": "https://coop.example/",
}


def test_a_mail_server_is_a_url_whose_password_is_never_shown() -> None:
    settings = read_settings(WITH_MAIL)
    assert settings.mail is not None
    assert settings.mail.server == MailServer(
        host="mail.coop.example", port=2465, user="gov@coop.example", password="hunter2/", encrypted=True
    )
    assert (settings.mail.sender, settings.mail.public_url) == ("gov@coop.example", "https://coop.example")
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("url", "port", "encrypted"), [("smtp://mail.example", 587, False), ("smtps://mail.example", 465, True)]
)
def test_a_mail_server_has_the_usual_port(url: str, port: int, encrypted: bool) -> None:
    server = parse_mail_server(url)
    assert (server.port, server.encrypted, server.user, server.password) == (port, encrypted, None, None)


def test_a_public_url_is_good_without_mail() -> None:
    settings = read_settings({"ROCHDALE_HOME": "/srv", "ROCHDALE_PUBLIC_URL": "http://127.0.0.1:8000"})
    assert (settings.public_url, settings.mail) == ("http://127.0.0.1:8000", None)


@pytest.mark.parametrize("name", ["ROCHDALE_MAIL_FROM", "ROCHDALE_PUBLIC_URL"])
def test_mail_needs_a_sender_and_a_public_url(name: str) -> None:
    with pytest.raises(SettingMissing, match=name):
        read_settings({each: value for each, value in WITH_MAIL.items() if each != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROCHDALE_MAIL", "mail.coop.example"),
        ("ROCHDALE_MAIL", "https://u:hunter2@mail.example"),
        ("ROCHDALE_MAIL", "smtp://u:hunter2@"),
        ("ROCHDALE_MAIL", "smtp://u@mail.example"),
        ("ROCHDALE_MAIL", "smtp://u:hunter2@mail.example:0"),
        ("ROCHDALE_MAIL", "smtp://u:hunter2@mail.example:many"),
        ("ROCHDALE_MAIL", "smtp://u:hunter2@mail.example/inbox"),
        ("ROCHDALE_MAIL", "smtp://u:hunter2@mail.example?tls=no"),
        ("ROCHDALE_MAIL_FROM", "Coop <gov@coop.example>"),
        ("ROCHDALE_MAIL_FROM", "gov"),
        ("ROCHDALE_MAIL_FROM", "gov@coop.example\nBcc: all@coop.example"),
        ("ROCHDALE_PUBLIC_URL", "coop.example"),
        ("ROCHDALE_PUBLIC_URL", "ftp://coop.example"),
        ("ROCHDALE_PUBLIC_URL", "https://u:hunter2@coop.example"),
        ("ROCHDALE_PUBLIC_URL", "https://coop.example/?a=b"),
        ("ROCHDALE_PUBLIC_URL", "https://"),
        ("ROCHDALE_PUBLIC_URL", "https://coop.example:many"),
    ],
)
def test_nonsense_about_mail_is_refused_without_repeating_a_password(name: str, value: str) -> None:
    with pytest.raises(SettingInvalid) as refused:
        read_settings({**WITH_MAIL, name: value})
    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_hosts_and_proxies_are_lists_with_spaces() -> None:
    settings = read_settings(
        {
            "ROCHDALE_HOME": "/srv",
            "ROCHDALE_ALLOWED_HOSTS": "Inner.example ::1",
            "ROCHDALE_TRUSTED_PROXIES": "10.0.0.0/8 ::1",
            "ROCHDALE_METRICS_TOKEN": "0123456789abcdef",
        }
    )
    assert settings.allowed_hosts == ("inner.example", "::1")
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1/128"))
    assert settings.metrics_token == "0123456789abcdef"
    assert "0123456789abcdef" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROCHDALE_ALLOWED_HOSTS", "https://coop.example"),
        ("ROCHDALE_ALLOWED_HOSTS", "coop.example:8000"),
        ("ROCHDALE_ALLOWED_HOSTS", "*"),
        ("ROCHDALE_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("ROCHDALE_TRUSTED_PROXIES", "proxy.example"),
        ("ROCHDALE_METRICS_TOKEN", "hunter2"),
        ("ROCHDALE_METRICS_TOKEN", "hunter2 hunter2 hunter2"),
    ],
)
def test_what_surrounds_requests_is_checked_too(name: str, value: str) -> None:
    with pytest.raises(SettingInvalid) as refused:
        read_settings({"ROCHDALE_HOME": "/srv", name: value})
    assert name in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_secret_can_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://u:secret@db/coop\n")
    given = {"ROCHDALE_DATABASE_FILE": str(tmp_path / "url"), "ROCHDALE_KEYS_DIR": "/k"}
    assert read_settings(given).database == PostgresDatabase(url="postgresql://u:secret@db/coop")
    with pytest.raises(SettingInvalid, match="both set"):
        read_settings({**given, "ROCHDALE_DATABASE": "/d"})


@pytest.mark.parametrize("content", [b"", b"\n", b"one\ntwo\n", b"\xff"])
def test_a_file_that_is_no_secret_is_refused_without_being_shown(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "url").write_bytes(content)
    for name in ("url", "nowhere"):
        with pytest.raises(SettingInvalid) as refused:
            read_settings({"ROCHDALE_DATABASE_FILE": str(tmp_path / name), "ROCHDALE_KEYS_DIR": "/k"})
        assert "two" not in refused.value.detail


def test_where_and_how_it_listens_is_chosen() -> None:
    chosen = read_settings(
        {"ROCHDALE_HOME": "/h", "ROCHDALE_HOST": "::1", "ROCHDALE_PORT": "65535", "ROCHDALE_WORKERS": "64"}
    )
    assert (chosen.host, chosen.port, chosen.workers) == ("::1", 65_535, 64)
    for name, value in (("PORT", "0"), ("PORT", "65536"), ("PORT", "8e3"), ("WORKERS", "65"), ("WORKERS", "-1")):
        with pytest.raises(SettingInvalid, match=f"ROCHDALE_{name} is a whole number"):
            read_settings({"ROCHDALE_HOME": "/h", f"ROCHDALE_{name}": value})
