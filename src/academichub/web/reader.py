"""Who is reading: language and looks, from the address, the cookies and the browser, in that order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from academichub.web.i18n import LANGUAGES, choose_language

if TYPE_CHECKING:
    from collections.abc import Mapping

THEMES: Final = ("auto", "light", "dark")
DENSITIES: Final = ("comfortable", "compact", "titles")
KEYS: Final = ("on", "off")

# Cookie name -> values it may hold. Anything else in a cookie is as if it were not there.
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "hub_lang": LANGUAGES,
    "hub_theme": THEMES,
    "hub_density": DENSITIES,
    "hub_keys": KEYS,
}
_LANG_ALIASES: Final = {"zh": "zh", "zh-cn": "zh", "zh-hans": "zh", "en": "en", "en-gb": "en", "en-us": "en"}


@dataclass(frozen=True, slots=True)
class Reader:
    """What decides how a page looks, besides its address."""

    language: str
    theme: str = "auto"
    density: str = "comfortable"
    has_keys: bool = True
    # What the reader chose in the settings: "auto" where nothing was chosen.
    chosen_language: str = "auto"
    # True where the address says ?lang=, so that links on the page must go on saying it.
    is_in_address: bool = False


def language_named(name: str) -> str | None:
    """Give the language that a ?lang= value names, or None."""
    return _LANG_ALIASES.get(name.lower())


def read_reader(cookie: str, accept_language: str, lang: str, *, default_language: str = "") -> Reader:
    """Read a reader's choices. `default_language` is the hub's own, before the browser's."""
    chosen = _chosen(cookie)
    from_address = language_named(lang)
    language = (
        from_address
        or chosen.get("hub_lang")
        or language_named(default_language)
        or choose_language(accept_language)
    )
    return Reader(
        language=language,
        theme=chosen.get("hub_theme", "auto"),
        density=chosen.get("hub_density", "comfortable"),
        has_keys=chosen.get("hub_keys") != "off",
        chosen_language=chosen.get("hub_lang", "auto"),
        is_in_address=from_address is not None,
    )


def _chosen(cookie: str) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for part in cookie.split(";")[:60]:
        name, _, value = part.strip().partition("=")
        if value in CHOICES.get(name, ()):
            chosen[name] = value
    return chosen
