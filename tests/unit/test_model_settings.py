"""Settings of the language model: which belong together, which numbers can be, and what is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from academichub.errors import SettingInvalid
from academichub.settings import Settings, load_settings

URL = {"ACADEMICHUB_MODEL_URL": "http://127.0.0.1:11434", "ACADEMICHUB_MODEL": "scripted-1"}
PRICES = URL | {"ACADEMICHUB_MODEL_PRICE_INPUT": "0.25", "ACADEMICHUB_MODEL_CURRENCY": "USD"}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder: the working folder may hold a configuration."""
    monkeypatch.chdir(tmp_path)


def load(environment: dict[str, str], **overrides: object) -> Settings:
    return load_settings(environment=environment, overrides=overrides)[0]


def refusal(environment: dict[str, str], **overrides: object) -> SettingInvalid:
    with pytest.raises(SettingInvalid) as refused:
        load(environment, **overrides)
    return refused.value


def test_without_settings_there_is_no_model_and_nothing_to_pay() -> None:
    settings = load({"HOME": "/h"})

    assert (settings.model_url, settings.model, settings.model_key) == ("", "", "")
    assert settings.model_price_input == settings.model_price_output == 0.0
    assert (settings.model_tokens_run, settings.model_tokens_day, settings.model_tokens_total) == (
        300_000, 1_000_000, 0,
    )  # fmt: skip


@pytest.mark.parametrize("value", ["0.25", " 2.5e-1 ", 0.25])
def test_money_is_a_decimal_from_the_environment_and_the_command_line(value: str | float) -> None:
    settings = load(PRICES, model_price_output=value)

    assert settings.model_price_output == 0.25


def test_a_whole_number_is_a_price_too() -> None:
    Path("academichub.toml").write_text("model_price_input = 2\nmodel_currency = '¥'", encoding="utf-8")

    settings = load(URL)

    assert (settings.model_price_input, type(settings.model_price_input)) == (2.0, float)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("price_input", "cheap"),
        ("price_input", "nan"),
        ("price_output", "inf"),
        ("price_output", "-1"),
        ("spend_day", "-0.5"),
        ("spend_run", ""),
        ("tokens_run", "-1"),
        ("tokens_day", "many"),
        ("context", "100"),
        ("thinking_tokens", "-1"),
        ("timeout_seconds", "0"),
        ("url", "localhost:11434"),
        ("url", "ftp://x.example"),
        ("url", ""),
        ("currency", ""),
        ("currency", "US dollars of 2026"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_is_wanted(name: str, value: str) -> None:
    refused = refusal(PRICES | {f"ACADEMICHUB_MODEL_{name.upper()}": value})

    assert refused.facts["name"] == f"model_{name}"
    assert refused.facts["wanted"]


@pytest.mark.parametrize("value", [True, [1], "1" * 5_000 + "."])
def test_a_price_of_another_type_is_refused(value: object) -> None:
    assert refusal(PRICES, model_price_output=value).facts["name"] == "model_price_output"


def test_a_number_beyond_every_decimal_is_refused() -> None:
    assert refusal(PRICES, model_price_output=10**400).facts["wanted"] == "a number"


def test_an_address_needs_a_model_and_a_model_an_address() -> None:
    assert refusal({"ACADEMICHUB_MODEL_URL": "http://127.0.0.1:11434"}).facts["name"] == "model"
    assert refusal({"ACADEMICHUB_MODEL": "scripted-1"}).facts["name"] == "model_url"


def test_thoughts_leave_room_for_a_question() -> None:
    settings = load(URL, model_context=10_000, model_thinking_tokens=7_000)

    assert settings.model_thinking_tokens == 7_000
    assert refusal(URL, model_context=10_000, model_thinking_tokens=9_000).facts["name"] == "model_context"


def test_a_cap_on_money_needs_prices() -> None:
    assert load(PRICES, model_spend_day=1.5).model_spend_day == 1.5
    assert "prices" in str(refusal(URL, model_spend_day=1.5).facts["wanted"])


def test_the_key_may_stand_in_a_file_and_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-made-up\n", encoding="utf-8")

    settings, lines = load_settings(environment={"ACADEMICHUB_MODEL_KEY_FILE": str(tmp_path / "key")} | URL)

    assert settings.model_key == "sk-made-up"
    assert next(line.value for line in lines if line.name == "model_key") == "***"
