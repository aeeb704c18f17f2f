"""One paper: everything the shelves know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from academichub.model.papers import Kind, LinkRole
from academichub.text.licences import licence_name
from academichub.web.address import author_address, write
from academichub.web.views.aside import NOTHING, build_remarks
from academichub.web.views.card import category_line, category_title, date_line
from academichub.web.views.changes import build_changes
from academichub.web.views.flags import build_flags, build_related
from academichub.web.views.marks import build_done
from academichub.web.views.matching import badge_views
from academichub.web.views.names import Named, name_identifiers, provider_name
from academichub.web.views.notice import work_notice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from academichub.model.papers import Author
    from academichub.model.radarpages import Badge
    from academichub.model.shelf import ManifestationRow, Origin, PaperPage
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit
    from academichub.web.views.aside import Remarks, RemarksView
    from academichub.web.views.changes import ChangeView
    from academichub.web.views.flags import FlagView, RelatedLine
    from academichub.web.views.keeping import KeepingView
    from academichub.web.views.marks import DoneView, MarksView
    from academichub.web.views.matching import BadgeView
    from academichub.web.views.notice import Notice
    from academichub.web.views.similar import SimilarView

_LINK_WORDS: Final = {LinkRole.LANDING: "Original", LinkRole.CODE: "Code", LinkRole.RELATED: "Related"}


@dataclass(frozen=True, slots=True)
class AuthorLine:
    """One author; marks point to the affiliations below."""

    name: str
    href: str  # the author's page
    orcid: str | None
    marks: str
    is_last: bool


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One row of the table of versions."""

    version: str
    where: str
    place: str  # where that is not the venue's name already
    href: str | None
    announced: str
    received: str
    received_iso: str
    licence: str
    seen_in: str
    is_face: bool


@dataclass(frozen=True, slots=True)
class MergedView:
    """From how many places the paper was brought together, and how to take the last merge back."""

    words: str
    label: str  # of the button
    merge_id: int
    work_id: int
    action: str
    log: str


@dataclass(frozen=True, slots=True)
class PaperView:
    """The page of one paper."""

    plain_title: str
    notice: Notice | None
    done: DoneView | None
    marks: MarksView
    keeping: KeepingView
    similar: SimilarView | None
    flags: tuple[FlagView, ...]
    title: Markup
    language: str
    meta: tuple[str, ...]
    badge: str
    minutes: str
    authors: tuple[AuthorLine, ...]
    affiliations: tuple[tuple[str, str], ...]
    abstract: Markup | None
    abstract_from: str
    is_teaser: bool
    links: tuple[Named, ...]
    radars: tuple[BadgeView, ...]
    remarks: RemarksView
    identifiers: tuple[Named, ...]
    facts: tuple[Named, ...]
    related: tuple[RelatedLine, ...]
    versions: tuple[VersionLine, ...]
    changes: tuple[ChangeView, ...]
    merged: MergedView | None
    earlier: str | None
    later: str | None
    day: str
    day_href: str


def build_paper(
    page: PaperPage,
    visit: Visit,
    *,
    now: datetime,
    marks: MarksView,
    keeping: KeepingView,
    similar: SimilarView | None = None,
    radars: Sequence[Badge] = (),
    remarks: Remarks = NOTHING,
) -> PaperView:
    """Build the page of one paper: what the shelves gave, what the reader holds, what else is known of it."""
    words, card = visit.words, page.card
    mark_by_affiliation = _marks(page.authors)
    is_plain_kind = card.kind in {Kind.ARTICLE, Kind.PREPRINT}
    meta = (card.venue, category_line(card, words), f"v{card.version}" if card.version else "")
    flags = build_flags(card.flags, page.related, words, suffix=visit.suffix)
    return PaperView(
        plain_title=" · ".join([*(flag.label for flag in flags[:1]), card.title_plain]),
        notice=work_notice(visit, ("undone",), words.text("Open the other one")),
        done=build_done(visit),
        marks=marks,
        keeping=keeping,
        similar=similar,
        flags=flags,
        title=Markup(page.title.html),  # noqa: S704 - sanitised when it was shelved
        language=card.language,
        meta=tuple(part for part in (*meta, date_line(card, words)) if part),
        badge="" if is_plain_kind else words.text(f"kind:{card.kind.value}"),
        minutes=words.text("about {minutes} min", minutes=card.minutes),
        authors=_authors(page.authors, mark_by_affiliation, visit),
        affiliations=tuple((mark, name) for name, mark in mark_by_affiliation.items()),
        abstract=Markup(page.abstract.html) if page.abstract else None,  # noqa: S704 - as the title
        abstract_from=_abstract_from(page.origins, words),
        is_teaser=card.is_teaser,
        links=_links(page, words),
        radars=badge_views(radars, visit, work_id=card.work_id),
        remarks=build_remarks(remarks, words),
        identifiers=name_identifiers(card.identifiers),
        facts=_facts(page, words, now),
        related=build_related(card.flags, page.related, words, suffix=visit.suffix),
        versions=tuple(_version(row, words, now) for row in page.manifestations),
        changes=build_changes(page.texts, words, year=now.year),
        merged=_merged(page, visit),
        earlier=f"/p/{page.earlier}{visit.suffix}" if page.earlier else None,
        later=f"/p/{page.later}{visit.suffix}" if page.later else None,
        day=words.long_day(card.listed_on),
        day_href=write("/", {}, date=card.listed_on.isoformat(), lang=visit.lang),
    )


def _marks(authors: tuple[Author, ...]) -> dict[str, str]:
    names = dict.fromkeys(name for author in authors for name in author.affiliations)
    return {name: str(mark) for mark, name in enumerate(names, start=1)}


def _authors(
    authors: tuple[Author, ...], mark_by_affiliation: dict[str, str], visit: Visit
) -> tuple[AuthorLine, ...]:
    return tuple(
        AuthorLine(
            name=author.name,
            href=author_address(author.name, author.orcid, lang=visit.lang),
            orcid=f"https://orcid.org/{author.orcid}" if author.orcid else None,
            marks=",".join(mark_by_affiliation[name] for name in author.affiliations),
            is_last=place == len(authors),
        )
        for place, author in enumerate(authors, start=1)
    )


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
    if page.origins:
        found.append(Named(words.text("Completed from"), _completed(page.origins, words)))
    if page.signals:
        said = [_signal(name, strength, words) for name, strength in page.signals]
        found.append(Named(words.text("Attention"), words.text("list separator").join(said)))
    return tuple(found)


def _completed(origins: tuple[Origin, ...], words: Catalogue) -> str:
    """Write which fields came from whom: "Crossref (abstract, licence)"."""
    fields_by_provider: dict[str, list[str]] = {}
    for origin in origins:
        fields_by_provider.setdefault(origin.provider, []).append(words.text(f"field:{origin.field}"))
    return words.text("list separator").join(
        words.text(
            "{provider} ({fields})",
            provider=provider_name(provider),
            fields=words.text("list comma").join(fields),
        )
        for provider, fields in fields_by_provider.items()
    )


def _abstract_from(origins: tuple[Origin, ...], words: Catalogue) -> str:
    provider = next((origin.provider for origin in origins if origin.field == "abstract"), "")
    return words.text("Abstract from {provider}", provider=provider_name(provider)) if provider else ""


def _signal(name: str, strength: int, words: Catalogue) -> str:
    if name == "hf-daily":
        if not strength:
            return words.text("listed on HF Daily Papers")
        return words.count("{n} vote on HF Daily Papers", "{n} votes on HF Daily Papers", strength)
    return f"{name} {strength:,}" if strength else name


def _merged(page: PaperPage, visit: Visit) -> MergedView | None:
    if not page.merge_ids:
        return None
    words, merges = visit.words, len(page.merge_ids)
    places = len({(row.place, row.item) for row in page.manifestations})
    return MergedView(
        words=words.count("Merged from {n} place.", "Merged from {n} places.", places),
        label=words.text("Undo the merge")
        if merges == 1
        else words.text("Undo the last of {n} merges", n=merges),
        merge_id=page.merge_ids[0],
        work_id=page.card.work_id,
        action=f"/review{visit.suffix}",
        log=f"/review{visit.suffix}#merges",
    )


def _version(row: ManifestationRow, words: Catalogue, now: datetime) -> VersionLine:
    received = row.received_at.astimezone(now.tzinfo)
    announced = words.day_of(row.announced_on, now.year) if row.announced_on else ""
    return VersionLine(
        version=f"v{row.version}",
        where=row.venue or row.place,
        place=row.place if row.venue and row.place.casefold() != row.venue.casefold() else "",
        href=row.link,
        announced=announced or (words.moment(row.published, now.year) if row.published else ""),
        received=words.stamp(received),
        received_iso=received.isoformat(timespec="minutes"),
        licence=licence_name(row.licence or ""),
        seen_in=words.text("list comma").join(row.seen_in),
        is_face=row.is_face,
    )
