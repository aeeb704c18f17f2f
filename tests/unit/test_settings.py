"""Settings: where they come from, which one counts, what is refused, and what is never shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from academichub.errors import SettingInvalid, SettingsUnreadable, SettingUnknown
from academichub.settings import SettingLine, Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    Write = Callable[[str], dict[str, str]]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder: the working folder may hold a configuration."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a configuration file and give the environment that names it."""

    def put(text: str) -> dict[str, str]:
        (tmp_path / "hub.toml").write_text(text, encoding="utf-8")
        return {"ACADEMICHUB_CONFIG": str(tmp_path / "hub.toml")}

    return put


def load(environment: dict[str, str], **overrides: object) -> Settings:
    return load_settings(environment=environment, overrides=overrides)[0]


def lines(environment: dict[str, str]) -> dict[str, SettingLine]:
    return {line.name: line for line in load_settings(environment=environment)[1]}


# -- where they come from ----------------------------------------------------------------------------


def test_it_runs_with_no_configuration_at_all() -> None:
    settings = load({"HOME": "/home/ada"})

    assert settings == Settings(home=Path("/home/ada/.local/share/academichub"))
    assert settings.database_url == "sqlite:////home/ada/.local/share/academichub/hub.sqlite"
    assert settings.jobs_url == "sqlite:////home/ada/.local/share/academichub/jobs.sqlite"
    assert settings.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("environment", "home"),
    [
        ({"XDG_DATA_HOME": "/data", "HOME": "/h"}, "/data/academichub"),
        ({"LOCALAPPDATA": "/local", "HOME": "/h"}, "/local/academichub"),
        ({"ACADEMICHUB_HOME": "/mine", "XDG_DATA_HOME": "/data"}, "/mine"),
    ],
)
def test_the_home_is_where_the_platform_keeps_data_unless_it_is_said(
    environment: dict[str, str], home: str
) -> None:
    assert load(environment).home == Path(home)


def test_the_command_line_comes_before_the_environment_before_the_file(write: Write) -> None:
    environment = write('port = 1\nhost = "::1"\nlanguage = "zh"\n') | {
        "ACADEMICHUB_PORT": "2",
        "ACADEMICHUB_HOST": "localhost",
    }

    settings = load(environment, port=3)

    assert (settings.port, settings.host, settings.language) == (3, "localhost", "zh")


def test_a_file_in_the_working_folder_is_read_without_being_named() -> None:
    Path("academichub.toml").write_text('contact = "ada@example.org"', encoding="utf-8")

    assert load({}).contact == "ada@example.org"


def test_every_type_of_value_is_understood_from_file_and_environment(write: Write) -> None:
    from_file = load(write('home = "data"\nport = 8080\nfetch_allow = ["127.0.0.1:81", " ::1:82 "]\n'))
    from_environment = load(
        {"ACADEMICHUB_PORT": " 8080 ", "ACADEMICHUB_FETCH_ALLOW": "127.0.0.1:81, ,::1:82"}
    )

    assert (from_file.port, from_file.fetch_allow) == (8080, ("127.0.0.1:81", "::1:82"))
    assert from_file.home == Path.cwd() / "data"
    assert (from_environment.port, from_environment.fetch_allow) == (8080, ("127.0.0.1:81", "::1:82"))


def test_both_kinds_of_tables_move_to_a_shared_database() -> None:
    settings = load({"ACADEMICHUB_DATABASE": "postgresql://hub@db/hub"})

    assert settings.database_url == settings.jobs_url == "postgresql://hub@db/hub"


def test_each_line_says_where_its_value_comes_from(write: Write) -> None:
    environment = write("port = 81") | {"ACADEMICHUB_LANGUAGE": "zh", "HOME": "/h"}

    shown = lines(environment)

    assert shown["port"] == SettingLine("port", "81", environment["ACADEMICHUB_CONFIG"])
    assert shown["language"] == SettingLine("language", "zh", "ACADEMICHUB_LANGUAGE")
    assert shown["host"] == SettingLine("host", "127.0.0.1", "default")
    assert list(shown) == list(Settings.__slots__)


# -- secrets -----------------------------------------------------------------------------------------


def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("postgresql://hub:word@db/hub\n", encoding="utf-8")

    settings, shown = load_settings(environment={"ACADEMICHUB_DATABASE_FILE": str(secret)})

    assert settings.database == "postgresql://hub:word@db/hub"
    assert next(line for line in shown if line.name == "database") == SettingLine(
        "database", "postgresql://hub:***@db/hub", "ACADEMICHUB_DATABASE_FILE"
    )


def test_a_secret_said_twice_is_refused_for_nobody_knows_which_counts(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("postgresql://hub:word@db/hub", encoding="utf-8")
    environment = {
        "ACADEMICHUB_DATABASE": "postgresql://hub:other@db/hub",
        "ACADEMICHUB_DATABASE_FILE": str(secret),
    }

    with pytest.raises(SettingInvalid) as caught:
        load(environment)

    assert "word" not in str(caught.value)
    assert "other@" not in str(caught.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_secrets_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    secret = tmp_path / "secret"
    if content is not None:
        secret.write_bytes(content)

    with pytest.raises(SettingsUnreadable) as caught:
        load({"ACADEMICHUB_DATABASE_FILE": str(secret)})

    assert caught.value.facts["path"] == str(secret)


def test_what_is_no_secret_has_no_file_twin() -> None:
    with pytest.raises(SettingUnknown):
        load({"ACADEMICHUB_PORT_FILE": "/run/port"})


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://hub:s3cret@db:5432/hub",
        "postgresql://hub:pa/s3cret@db/hub",
        "postgresql://hub:a@s3cret@db/hub",
        "postgresql://:s3cret@db/hub",
        "postgresql+psycopg://hub:s3cret@db/hub?sslmode=require",
        "postgresql://db/hub?user=hub&password=s3cret",
        "postgresql://db/hub?password=s3cret&user=hub",
    ],
)
def test_no_spelling_of_an_address_shows_its_password(url: str) -> None:
    shown = lines({"ACADEMICHUB_DATABASE": url})["database"].value

    assert "s3cret" not in shown
    assert "***" in shown
    assert "db" in shown


def test_a_refused_database_address_is_not_repeated() -> None:
    with pytest.raises(SettingInvalid) as caught:
        load({"ACADEMICHUB_DATABASE": "mysql://hub:s3cret@db/hub"})

    assert "s3cret" not in str(caught.value)


def test_a_password_in_the_address_of_a_page_is_hidden_too() -> None:
    assert lines({"ACADEMICHUB_PUBLIC_URL": "https://ada:word@hub.example/"})["public_url"].value == (
        "https://ada:***@hub.example/"
    )
    plain = "https://hub.example:8443/papers"
    assert lines({"ACADEMICHUB_PUBLIC_URL": plain})["public_url"].value == plain


# -- refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [("prot", "port"), ("langauge", "language"), ("zzzzz", None), ("database_fil", "database")],
)
def test_a_name_that_is_no_setting_is_refused_with_the_nearest_one(
    write: Write, name: str, suggestion: str | None
) -> None:
    with pytest.raises(SettingUnknown) as in_file:
        load(write(f'{name} = "x"'))
    with pytest.raises(SettingUnknown) as in_environment:
        load({f"ACADEMICHUB_{name.upper()}": "x"})

    assert in_file.value.facts["suggestion"] == in_environment.value.facts["suggestion"] == suggestion
    assert in_environment.value.facts["where"] == f"ACADEMICHUB_{name.upper()}"


@pytest.mark.parametrize("name", ["ACADEMICHUB_DATA", "ACADEMICHUB_TEST_POSTGRES", "PATH"])
def test_variables_of_others_are_left_alone(name: str) -> None:
    assert load({name: "anything", "HOME": "/h"}) == load({"HOME": "/h"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "eighty"),
        ("port", "8000.5"),
        ("port", "-1"),
        ("port", "65536"),
        ("retention_days", "0"),
        ("language", "fr"),
        ("contact", "ada"),
        ("database", "sqlite:///elsewhere.sqlite"),
        ("database", "postgresql"),
        ("database", "postgresql+asyncpg://hub@db/hub"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_what_is_wanted(name: str, value: str) -> None:
    with pytest.raises(SettingInvalid) as caught:
        load({f"ACADEMICHUB_{name.upper()}": value})

    assert caught.value.facts["name"] == name
    assert caught.value.facts["where"] == f"ACADEMICHUB_{name.upper()}"
    assert caught.value.facts["wanted"]


@pytest.mark.parametrize(
    "text",
    [
        "port = 8000.5",
        "port = true",
        "host = 5",
        "contact = []",
        "fetch_allow = [1]",
        "fetch_allow = 1",
        "home = 1",
    ],
)
def test_a_value_of_another_type_in_the_file_is_refused(write: Write, text: str) -> None:
    with pytest.raises(SettingInvalid):
        load(write(text))


def test_a_file_that_cannot_be_read_is_named_with_its_line(write: Write, tmp_path: Path) -> None:
    with pytest.raises(SettingsUnreadable) as broken:
        load(write("port = 1\nhost = \n"))
    with pytest.raises(SettingsUnreadable) as missing:
        load({"ACADEMICHUB_CONFIG": str(tmp_path / "nowhere.toml")})

    Path("academichub.toml").write_bytes(b"contact = '\xff'")
    with pytest.raises(SettingsUnreadable):
        load({})

    assert broken.value.facts["line"] == 2
    assert broken.value.facts["path"] == str(tmp_path / "hub.toml")
    assert missing.value.facts["path"] == str(tmp_path / "nowhere.toml")
