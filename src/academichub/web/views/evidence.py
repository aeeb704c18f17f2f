"""Citations of a briefing, and what they lead to: numbered references with the quotes that carry the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from academichub.text.language import guess
from academichub.web.address import DEFAULT_SIZE, SIZES, write
from academichub.web.views.card import byline, category_line
from academichub.web.views.flags import badges
from academichub.web.views.names import scheme_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from academichub.model.briefing import Briefing, Evidence
    from academichub.model.briefingpages import BriefingPage
    from academichub.model.shelf import Card
    from academichub.web.press import Visit
    from academichub.web.views.flags import Badge


class Cite(NamedTuple):
    """A citation: a link to the quote that carries the sentence, or to the reference itself."""

    number: str
    href: str
    title: str  # of the work, plain
    label: str  # what is read out in place of a bare number


class Passage(NamedTuple):
    """A quote in three pieces; the middle one is what it is shown for, and may be empty."""

    before: str
    mark: str
    after: str


class QuoteView(NamedTuple):
    """A verbatim sentence under a reference."""

    id: str
    text: str
    role: str
    place: str  # "abstract sentence 4 · v1"
    is_printed: bool  # whole in the text of the briefing already
    is_stale: bool


class ReferenceView(NamedTuple):
    """A work of the briefing."""

    id: str
    number: str
    title: str | Markup
    language: str
    href: str  # "" of one that is no longer on the shelves
    original: str
    flags: tuple[Badge, ...]
    byline: str
    meta: tuple[str, ...]
    card: str  # "card 03"
    card_href: str
    quotes: tuple[QuoteView, ...]


@dataclass
class _Kept:
    """A quote as it was first met."""

    evidence: Evidence
    is_printed: bool


@dataclass
class References:
    """Number what a page cites; ask for `entries` when all of it is written."""

    page: BriefingPage
    briefing: Briefing
    visit: Visit
    _quotes: dict[int, dict[tuple[object, ...], _Kept]] = field(default_factory=dict)
    _day_addresses: dict[tuple[date, int], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look up numbers once: a briefing may read a thousand works."""
        self._number_by_work = {work_id: place for place, work_id in enumerate(self.briefing.works, start=1)}
        self._titles = dict(zip(self.briefing.works, self.briefing.titles, strict=False))

    def cite(self, evidence: Evidence, *, is_printed: bool = False) -> Cite:
        """Cite the words that carry a sentence."""
        span = evidence.span
        quotes = self._quotes.setdefault(span.work_id, {})
        key = (span.version, span.start, span.end, evidence.quote)
        kept = quotes.setdefault(key, _Kept(evidence, is_printed))
        kept.is_printed = kept.is_printed or is_printed
        cited = self.cite_work(span.work_id)
        return cited._replace(href=f"{cited.href}q{list(quotes).index(key) + 1}")

    def cite_work(self, work_id: int) -> Cite:
        """Cite a work as a whole."""
        number = self._number_by_work[work_id]
        title = self.title(work_id)
        label = self.visit.words.text("Reference {n}: {title}", n=number, title=title)
        return Cite(str(number), f"#r{number}", title, label)

    def cite_works(self, works: Iterable[int]) -> tuple[Cite, ...]:
        """Cite several works; one that is none of the briefing's has no number to be cited by."""
        return tuple(self.cite_work(work_id) for work_id in works if work_id in self._number_by_work)

    def title(self, work_id: int) -> str:
        """Give a work's title, plain."""
        card = self.page.cards.get(work_id)
        return card.title_plain if card else self._titles.get(work_id, "")

    def language(self, work_id: int, text: str) -> str:
        """Say in which language a work is; of one that is gone, what its words look like."""
        card = self.page.cards.get(work_id)
        if card is not None:
            return card.language
        return guess(text)

    def entries(self) -> tuple[tuple[ReferenceView, ...], tuple[ReferenceView, ...]]:
        """List the works that are cited, and those that are not."""
        works, cited = self.briefing.works, set(self._quotes)
        cited |= set(self.briefing.works[: self.briefing.cited])
        entries = [(work_id in cited, self._entry(work_id)) for work_id in works]
        return (
            tuple(entry for is_cited, entry in entries if is_cited),
            tuple(entry for is_cited, entry in entries if not is_cited),
        )

    def _entry(self, work_id: int) -> ReferenceView:
        visit, card, number = self.visit, self.page.cards.get(work_id), self._number_by_work[work_id]
        title = self.title(work_id)
        label, place = self._card_place(work_id, card)
        return ReferenceView(
            id=f"r{number}",
            number=str(number),
            title=Markup(card.title_html) if card else title,  # noqa: S704 - sanitised when it was shelved
            language=self.language(work_id, title),
            href=f"/p/{work_id}{visit.suffix}" if card else "",
            original=next((link.href for link in card.links), "") if card else "",
            flags=badges(card.flags, visit.words) if card else (),
            byline=byline(card.byline) if card else "",
            meta=_meta(card, visit) if card else (visit.words.text("no longer on the shelves"),),
            card=label,
            card_href=place,
            quotes=self._quote_views(work_id, number),
        )

    def _card_place(self, work_id: int, card: Card | None) -> tuple[str, str]:
        """Say where a work stands on its own day's page; no link where that page is too long for one."""
        number = self.page.numbers.get(work_id)
        if card is None or number is None:
            return "", ""
        size = next((size for size in (DEFAULT_SIZE, *SIZES) if number <= size), None)
        day = card.listed_on
        label = self.visit.words.text("card {number}", number=f"{number:02d}")
        if size is None:
            return label, ""
        address = self._day_addresses.get((day, size))
        if address is None:  # hundreds of works share a few days
            per = None if size == DEFAULT_SIZE else str(size)
            address = write("/", {}, date=day.isoformat(), per=per, lang=self.visit.lang)
            self._day_addresses[day, size] = address
        return label, f"{address}#n{number}"

    def _quote_views(self, work_id: int, number: int) -> tuple[QuoteView, ...]:
        words = self.visit.words
        views = []
        for place, kept in enumerate(self._quotes.get(work_id, {}).values(), start=1):
            evidence = kept.evidence
            where = words.text("abstract sentence {n}", n=evidence.sentence)
            parts = (where, evidence.span.version)
            views.append(
                QuoteView(
                    id=f"r{number}q{place}",
                    text=evidence.quote,
                    role=words.text(f"role:{evidence.role.value}"),
                    place=" · ".join(part for part in parts if part),
                    is_printed=kept.is_printed,
                    is_stale=work_id in self.page.stale,
                )
            )
        return tuple(views)


def _meta(card: Card, visit: Visit) -> tuple[str, ...]:
    """Write where a work stands: the venue, its fields, its identifier."""
    if card.identifiers.arxiv:
        name = f"arXiv:{card.identifiers.arxiv}" + (f"v{card.version}" if card.version else "")
        venue = "" if card.venue == "arXiv" else card.venue
    else:
        name = next((f"{scheme_name(scheme)}:{value}" for scheme, value in card.identifiers.pairs()), "")
        venue = card.venue
    return tuple(part for part in (venue, category_line(card, visit.words), name) if part)


def mark(text: str, words: str) -> Passage:
    """Find some words in a quote, in any case, to be set apart."""
    found = re.search(re.escape(words), text, re.IGNORECASE) if words else None
    if found is None:
        return Passage(text, "", "")
    return Passage(text[: found.start()], found.group(), text[found.end() :])
