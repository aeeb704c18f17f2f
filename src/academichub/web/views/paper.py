"""One paper: everything the shelves know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from markupsafe import Markup

from academichub.model.papers import Kind, LinkRole
from academichub.text.licences import licence_name
from academichub.web.address import write
from academichub.web.views.card import category_line, category_title, date_line

if TYPE_CHECKING:
    from datetime import datetime

    from academichub.model.papers import Author, Identifiers
    from academichub.model.shelf import ManifestationRow, PaperPage
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit

_RESOLVERS: Final = {
    "doi": ("DOI", "https://doi.org/{}"),
    "arxiv": ("arXiv", "https://arxiv.org/abs/{}"),
    "pmid": ("PubMed", "https://pubmed.ncbi.nlm.nih.gov/{}/"),
    "pmcid": ("PMC", "https://pmc.ncbi.nlm.nih.gov/articles/{}/"),
    "openalex": ("OpenAlex", "https://openalex.org/{}"),
    "s2": ("Semantic Scholar", "https://www.semanticscholar.org/paper/{}"),
}
_LINK_WORDS: Final = {LinkRole.LANDING: "Original", LinkRole.CODE: "Code", LinkRole.RELATED: "Related"}


@dataclass(frozen=True, slots=True)
class AuthorLine:
    """One author; marks point to the affiliations below."""

    name: str
    orcid: str | None
    marks: str
    is_last: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A labelled value, with a link where it has one."""

    label: str
    value: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One row of the table of versions."""

    version: str
    where: str
    href: str | None
    announced: str
    received: str
    received_iso: str
    licence: str
    seen_in: str
    is_face: bool


@dataclass(frozen=True, slots=True)
class PaperView:
    """The page of one paper."""

    plain_title: str
    title: Markup
    language: str
    meta: tuple[str, ...]
    badge: str
    authors: tuple[AuthorLine, ...]
    affiliations: tuple[tuple[str, str], ...]
    abstract: Markup | None
    is_teaser: bool
    links: tuple[Named, ...]
    identifiers: tuple[Named, ...]
    facts: tuple[Named, ...]
    versions: tuple[VersionLine, ...]
    earlier: str | None
    later: str | None
    day: str
    day_href: str


def build_paper(page: PaperPage, visit: Visit, *, now: datetime) -> PaperView:
    """Build the page of one paper from what the shelves gave."""
    words, card = visit.words, page.card
    mark_by_affiliation = _marks(page.authors)
    is_plain_kind = card.kind in {Kind.ARTICLE, Kind.PREPRINT}
    meta = (card.venue, category_line(card, words), f"v{card.version}" if card.version else "")
    return PaperView(
        plain_title=card.title_plain,
        title=Markup(page.title.html),  # noqa: S704 - sanitised when it was shelved
        language=card.language,
        meta=tuple(part for part in (*meta, date_line(card, words)) if part),
        badge="" if is_plain_kind else words.text(f"kind:{card.kind.value}"),
        authors=tuple(
            AuthorLine(
                name=author.name,
                orcid=f"https://orcid.org/{author.orcid}" if author.orcid else None,
                marks=",".join(mark_by_affiliation[name] for name in author.affiliations),
                is_last=place == len(page.authors),
            )
            for place, author in enumerate(page.authors, start=1)
        ),
        affiliations=tuple((mark, name) for name, mark in mark_by_affiliation.items()),
        abstract=Markup(page.abstract.html) if page.abstract else None,  # noqa: S704 - as the title
        is_teaser=card.is_teaser,
        links=_links(page, words),
        identifiers=_identifiers(card.identifiers),
        facts=_facts(page, words, now),
        versions=tuple(_version(row, words, now) for row in page.manifestations),
        earlier=f"/p/{page.earlier}{visit.suffix}" if page.earlier else None,
        later=f"/p/{page.later}{visit.suffix}" if page.later else None,
        day=words.long_day(card.listed_on),
        day_href=write("/", {}, date=card.listed_on.isoformat(), lang=visit.lang),
    )


def _marks(authors: tuple[Author, ...]) -> dict[str, str]:
    names = dict.fromkeys(name for author in authors for name in author.affiliations)
    return {name: str(mark) for mark, name in enumerate(names, start=1)}


def _links(page: PaperPage, words: Catalogue) -> tuple[Named, ...]:
    links = []
    for link in page.card.links:
        # Only arXiv says that its PDFs may be linked; elsewhere the landing page is the polite way in.
        is_arxiv = link.href.startswith("https://arxiv.org/")
        if link.role is LinkRole.PDF and is_arxiv:
            links.append(Named("PDF", "", link.href))
        elif link.role in _LINK_WORDS:
            links.append(Named(words.text(_LINK_WORDS[link.role]), "", link.href))
    return tuple(links)


def _identifiers(identifiers: Identifiers) -> tuple[Named, ...]:
    found = []
    for scheme, value in identifiers.pairs():
        label, resolver = _RESOLVERS[scheme]
        found.append(Named(label, value, resolver.format(quote(value, safe="/:().;-"))))
    return tuple(found)


def _facts(page: PaperPage, words: Catalogue, now: datetime) -> tuple[Named, ...]:
    card = page.card
    pairs = (
        ("Published", words.moment(card.published, now.year) if card.published else ""),
        ("Journal reference", page.journal_ref),
        ("Comment", page.comment),
        ("First seen", words.stamp(page.first_seen_at.astimezone(now.tzinfo))),
    )
    found = [Named(words.text(label), value) for label, value in pairs if value]
    if card.categories:
        named = [" ".join(filter(None, (name, category_title(name, words)))) for name in card.categories]
        found.insert(0, Named(words.text("Categories"), words.text("list comma").join(named)))
    if page.licence:
        found.append(Named(words.text("Licence"), licence_name(page.licence), page.licence))
    return tuple(found)


def _version(row: ManifestationRow, words: Catalogue, now: datetime) -> VersionLine:
    received = row.received_at.astimezone(now.tzinfo)
    announced = words.day_of(row.announced_on, now.year) if row.announced_on else ""
    return VersionLine(
        version=f"v{row.version}",
        where=row.venue or row.place,
        href=row.link,
        announced=announced or (words.moment(row.published, now.year) if row.published else ""),
        received=words.stamp(received),
        received_iso=received.isoformat(timespec="minutes"),
        licence=licence_name(row.licence or ""),
        seen_in=words.text("list comma").join(row.seen_in),
        is_face=row.is_face,
    )
