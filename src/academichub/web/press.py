"""Set pages in type: templates, what every page shares, and the words they may use."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from academichub.web.address import write
from academichub.web.i18n import HTML_LANG, LANGUAGES, Catalogue, catalogue
from academichub.web.views.aside import NOTHING
from academichub.web.views.card import CardSetter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping
    from types import CodeType

    from academichub.model.shelf import Card
    from academichub.web.assets import Assets
    from academichub.web.reader import Reader
    from academichub.web.views.aside import Remarks

_CARDS_KEPT: Final = 4096  # some 12 MB
_NAVIGATION: Final = (
    *(("/", "Today"), ("/radars", "Radars"), ("/b", "Briefings"), ("/kept/starred", "Kept")),
    ("/sources", "Sources"),
    *(("/settings", "Settings"), ("/about", "About")),
)


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the page head."""

    href: str
    label: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Alternate:
    """This page in one of the languages."""

    language: str
    html_lang: str
    href: str
    name: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page shares, whatever it shows."""

    html_lang: str
    language: str
    theme: str
    has_keys: bool
    section: str
    home: str
    go: str  # every place one can go to
    is_in_address: bool  # the language stands in the address, and must go along
    navigation: tuple[NavItem, ...]
    alternates: tuple[Alternate, ...]
    style: str
    desk: str  # more of it, for the pages that are not for reading
    radar: str  # more of it, for the pages about radars
    briefing: str  # and for the pages about briefings
    remarks: str  # and for what a card says beside the paper's own words
    script: str
    radar_script: str
    briefing_script: str
    icons: str
    favicon: str
    version: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One request, as far as pages care."""

    path: str
    parameters: Mapping[str, str]
    reader: Reader
    words: Catalogue

    @property
    def suffix(self) -> str:
        """What links to other pages must carry, so that a language in the address stays there."""
        return f"?lang={self.reader.language}" if self.reader.is_in_address else ""

    @property
    def lang(self) -> str | None:
        """The language as a parameter, where the address has one."""
        return self.reader.language if self.reader.is_in_address else None


_quote = lru_cache(4096)(partial(quote, safe="/:@!$&'()*+,;="))
_SPECIAL: Final = re.compile("[&<>\"']")


def _escape(value: object) -> str:
    """Escape as markupsafe does, without making a Markup of what goes straight into the page.

    A page escapes some six hundred values, nearly all of them short and plain; this halves what that costs.
    """
    if type(value) is str:
        return escape(value) if _SPECIAL.search(value) else value
    return value if type(value) is Markup else escape(value)


class _Template(Template):
    """A template whose code escapes with `_escape`."""

    @classmethod
    def from_code(
        cls,
        environment: Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],  # noqa: A002 - the name that Jinja calls it by
        uptodate: Callable[[], bool] | None = None,
    ) -> Template:
        """Make a template from compiled code."""
        template = super().from_code(environment, code, globals, uptodate)
        template.root_render_func.__globals__["escape"] = _escape
        return template


class Press:
    """Print views with their templates."""

    def __init__(self, *, assets: Assets, version: str) -> None:
        self._assets = assets
        self._version = version
        self._environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
            auto_reload=False,
            cache_size=-1,
        )
        self._environment.template_class = _Template
        for name in self._environment.list_templates(extensions=["html"]):
            self._environment.get_template(name)  # compiled now, so that the first reader does not wait
        for language in LANGUAGES:
            catalogue(language)
        # Cards without their numbers. They come again in every filter, page size and host name, and after
        # every fetch, when all pages are made anew though hardly a card has changed.
        self._card_macro = self._environment.get_template("_card.html").module.card  # type: ignore[attr-defined]
        self._setter = lru_cache(16)(_make_setter)
        self._cards: OrderedDict[tuple[object, ...], Markup] = OrderedDict()

    def print(self, template: str, view: object, visit: Visit, *, section: str) -> str:
        """Set one page.

        Args:
            template: File name in the templates folder.
            view: The page's own view.
            visit: The request.
            section: The entry of the page head that this page belongs under ("/", "/sources", ...).
        """
        words = visit.words
        said = {
            "view": view,
            "frame": self._frame(visit, section),
            "asset": self._assets.address,
            "_": words.text,
            "count": words.count,
        }

        def part(name: str) -> Markup:
            # Jinja hands each piece of text up through every block around it, one generator a level; the
            # long lists of a page are therefore set by themselves. It halves what they cost.
            return Markup(self._environment.get_template(name).render(said))  # noqa: S704 - a template's own escaping

        def card(  # called from a template, by place
            shown: Card,
            shows_abstracts: bool,  # noqa: FBT001
            remarks: Remarks = NOTHING,
            is_marked: bool = False,  # noqa: FBT001, FBT002
        ) -> Markup:
            if is_marked:  # what a search found is shown in it: another card with every query
                return self._set_card(shown, visit, remarks, shows_abstracts)
            key = (
                shown.work_id,
                shown.change,
                shown.announcement,
                words.language,
                visit.suffix,
                shows_abstracts,
                remarks,
            )
            kept = self._cards.get(key)
            if kept is None:
                kept = self._cards[key] = self._set_card(shown, visit, remarks, shows_abstracts)
                if len(self._cards) > _CARDS_KEPT:
                    self._cards.popitem(last=False)
            return kept

        said["card"] = card
        return self._environment.get_template(template).render(said, part=part)

    def _set_card(self, shown: Card, visit: Visit, remarks: Remarks, shows_abstracts: bool) -> Markup:  # noqa: FBT001 - passed on
        setter = self._setter(visit.words.language, visit.suffix, shows_abstracts)
        # A macro: rendering a template anew for each card would cost as much again as the card.
        html: Markup = self._card_macro(
            setter.set(shown, remarks), shows_abstracts, self._assets.address("icons.svg"), visit.words.text
        )
        return html

    def _frame(self, visit: Visit, section: str) -> Frame:
        words, suffix, assets = visit.words, visit.suffix, self._assets
        here = _quote(visit.path)  # decoded by the server; a "?" or a NUL in it must not get into a link
        return Frame(
            html_lang=HTML_LANG[words.language],
            language=words.language,
            theme=visit.reader.theme,
            has_keys=visit.reader.has_keys,
            section=section,
            home=f"/{suffix}",
            go=f"/go{suffix}",
            is_in_address=visit.reader.is_in_address,
            navigation=tuple(
                NavItem(f"{path}{suffix}", words.text(label), is_here=path == section)
                for path, label in _NAVIGATION
            ),
            alternates=tuple(
                Alternate(
                    language=language,
                    html_lang=HTML_LANG[language],
                    href=write(here, visit.parameters, lang=language, done=None, count=None),
                    name=words.text(f"language:{language}"),
                    is_here=language == words.language,
                )
                for language in LANGUAGES
            ),
            style=assets.address("style.css"),
            desk=assets.address("desk.css"),
            radar=assets.address("radar.css"),
            briefing=assets.address("briefing.css"),
            remarks=assets.address("remarks.css"),
            script=assets.address("page.js"),
            radar_script=assets.address("radar.js"),
            briefing_script=assets.address("briefing.js"),
            icons=assets.address("icons.svg"),
            favicon=assets.address("favicon.svg"),
            version=self._version,
        )


def _make_setter(language: str, suffix: str, shows_abstracts: bool) -> CardSetter:  # noqa: FBT001 - a cache key
    return CardSetter(catalogue(language), suffix=suffix, shows_abstracts=shows_abstracts)
