"""The plain pages: settings, about, and what is said when something went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from academichub.web.i18n import LANGUAGES
from academichub.web.reader import DENSITIES, KEYS, THEMES
from academichub.web.views.keys import shortcut_groups

if TYPE_CHECKING:
    from academichub.errors import AcademicHubError
    from academichub.web.i18n import Catalogue
    from academichub.web.ports import HubPort
    from academichub.web.press import Visit
    from academichub.web.views.keys import ShortcutGroup


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A question with radio buttons."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class SettingView:
    """One line of the hub's configuration."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class SettingsView:
    """The settings page."""

    title: str
    choices: tuple[Choice, ...]
    notice: str
    lines: tuple[SettingView, ...]
    action: str


def build_settings(hub: HubPort, visit: Visit) -> SettingsView:
    """Build the settings page."""
    words, reader = visit.words, visit.reader
    return SettingsView(
        title=words.text("Settings"),
        choices=(
            _choice("theme", "Theme", THEMES, reader.theme, words),
            _choice(
                "lang", "Language", ("auto", *LANGUAGES), reader.chosen_language, words, prefix="language"
            ),
            _choice("density", "Density", DENSITIES, reader.density, words),
            _choice("keys", "Keyboard shortcuts", KEYS, KEYS[not reader.has_keys], words),
        ),
        notice=words.text("done:saved") if visit.parameters.get("done") == "saved" else "",
        lines=tuple(
            SettingView(line.name, str(line.value), _origin(line.origin, words))
            for line in hub.explained_settings()
        ),
        action=f"/settings{visit.suffix}",
    )


def _origin(origin: str, words: Catalogue) -> str:
    return words.text(f"origin:{origin}") if origin in {"default", "file", "environment"} else origin


def _choice(
    name: str,
    label: str,
    values: tuple[str, ...],
    chosen: str,
    words: Catalogue,
    *,
    prefix: str | None = None,
) -> Choice:
    return Choice(
        name=name,
        label=words.text(label),
        options=tuple(
            Option(value, words.text(f"{prefix or name}:{value}"), is_chosen=value == chosen)
            for value in values
        ),
    )


@dataclass(frozen=True, slots=True)
class AboutView:
    """The about page."""

    title: str
    version: str
    contact: str
    contact_href: str | None
    home: str
    settings: str
    shortcuts: tuple[ShortcutGroup, ...]


def build_about(hub: HubPort, visit: Visit, *, version: str) -> AboutView:
    """Build the about page."""
    contact = hub.settings.contact
    is_mail = "@" in contact and ":" not in contact
    return AboutView(
        title=visit.words.text("About"),
        version=version,
        contact=contact,
        contact_href=f"mailto:{contact}"
        if is_mail
        else (contact if contact.startswith("https://") else None),
        home=f"/{visit.suffix}",
        settings=f"/settings{visit.suffix}",
        shortcuts=shortcut_groups(visit.words),
    )


@dataclass(frozen=True, slots=True)
class ErrorView:
    """What is said when something went wrong."""

    title: str
    status: int
    words: str
    code: str
    href: str
    action: str


def build_error(error: AcademicHubError, status: int, visit: Visit) -> ErrorView:
    """Build the page that says what happened and what to do."""
    words = visit.words
    code = error.code
    section, action = (
        ("sources", words.text("Go to the sources"))
        if code == "source.unknown"
        else ("radars", words.text("Go to the radars"))
        if code.startswith(("radar.", "query.", "library."))
        else ("c", words.text("Go to the collections"))
        if code.startswith("collection.")
        else ("b", words.text("Go to the briefings"))
        if code.startswith(("briefing.", "printing."))
        else ("", words.text("Go to today's page"))
    )
    return ErrorView(
        title=words.text(f"status:{status}"),
        status=status,
        words=words.error(error.code, error.facts),
        code=error.code,
        href=f"/{section}{visit.suffix}",
        action=action,
    )
