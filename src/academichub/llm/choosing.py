"""Choose which model embeds, and say which could."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from academichub.errors import SettingInvalid
from academichub.llm import local

if TYPE_CHECKING:
    from academichub.llm.endpoint import Service
    from academichub.llm.ports import Embedder

CHOICES: Final = ("auto", "english", "multilingual", "endpoint", "none")


@dataclass(frozen=True, slots=True)
class Extra:
    """An optional part of the installation that brings a local model."""

    name: str  # as in `pip install academichub[name]`
    model: str
    is_multilingual: bool
    missing: tuple[str, ...]  # packages that are not installed

    @property
    def is_installed(self) -> bool:
        """Tell whether the model can be loaded."""
        return not self.missing


def available() -> tuple[Extra, ...]:
    """List the extras that bring a model, installed or not, without loading anything of them."""
    return (
        Extra("english", local.ENGLISH, is_multilingual=False, missing=_missing(local.ENGLISH_PACKAGES)),
        Extra(
            "multilingual",
            local.MULTILINGUAL,
            is_multilingual=True,
            missing=_missing(local.MULTILINGUAL_PACKAGES),
        ),
    )


def choose(wanted: str, *, threads: int = 1, service: Service | None = None) -> Embedder | None:
    """Load the model that is wanted, or give None where radars are to work on words alone.

    "auto" is the endpoint where one is configured, else the English model where it is installed, else
    none. The multilingual model is several times slower and only taken by name.

    Args:
        wanted: One of `CHOICES`.
        threads: Texts that a local model embeds at the same time.
        service: The endpoint, if one is configured.

    Raises:
        SettingInvalid: No such choice, or the endpoint is wanted and none is configured.
        ModelMissing: The packages of the wanted model are not installed.
        ModelTampered: Its weights are not the pinned ones.
        EmbeddingsRefused: The endpoint's address or key cannot be used.
    """
    if wanted not in CHOICES:
        raise SettingInvalid(name="embeddings", where="", value=wanted, wanted=", ".join(CHOICES))
    english, _multilingual = available()
    if wanted == "auto":
        wanted = "endpoint" if service else "english" if english.is_installed else "none"
    match wanted:
        case "english":
            return local.english(threads=threads)
        case "multilingual":
            return local.multilingual(threads=threads)
        case "endpoint":
            if service is None:
                raise SettingInvalid(name="embeddings_url", where="", value="", wanted="an address")
            from academichub.llm.endpoint import Endpoint

            return Endpoint(service)
    return None


def _missing(packages: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(package for package in packages if find_spec(package) is None)
