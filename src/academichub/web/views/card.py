"""One card of the daily feed, as the page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from markupsafe import Markup

from academichub.model.papers import Kind, LinkRole
from academichub.model.taxonomy import category as arxiv_category
from academichub.web.views.aside import NOTHING, build_remarks
from academichub.web.views.flags import badges

if TYPE_CHECKING:
    from academichub.model.shelf import Card
    from academichub.web.i18n import Catalogue
    from academichub.web.views.aside import Remarks, RemarksView
    from academichub.web.views.flags import Badge
    from academichub.web.views.marks import MarksView
    from academichub.web.views.matching import BadgeView

_NAMES_SHOWN: Final = 6
# Nothing to say about the ordinary kinds; the others change how a title is read.
_ORDINARY_KINDS: Final = frozenset({Kind.ARTICLE, Kind.PREPRINT})
_GRAVE_KINDS: Final = frozenset({Kind.CORRECTION, Kind.RETRACTION})


class CardSlot(NamedTuple):
    """A card's place on a page."""

    place: str  # counted through all pages of the day, from 1
    number: str  # "01.", "100."
    card: Card
    radars: tuple[BadgeView, ...] = ()  # that it matched, best first
    remarks: Remarks = NOTHING
    marks: MarksView | None = None  # None where the page has no use for them
    is_marked: bool = False  # the title or the abstract shows what a search found
    note: str = ""  # how it was found
    taken_from: str = ""  # where a form takes it out of the list it stands in


class CardView(NamedTuple):
    """What a card says, whatever its number. A named tuple: these cost least to make."""

    work_id: int
    href: str
    title: Markup
    flags: tuple[Badge, ...]
    language: str
    venue: str
    categories: str
    version: str
    dated: str
    badges: tuple[str, ...]
    grave: str
    byline: str
    abstract: Markup | None
    is_teaser: bool
    minutes: str
    versions: str
    original: str | None
    pdf: str | None
    remarks: RemarksView | None


class CardSetter:
    """Set cards for one reader: what is the same for all of them is worked out once."""

    __slots__ = (
        "_badge_by_announcement",
        "_grave_by_kind",
        "_kind_words",
        "_shows_abstracts",
        "_suffix",
        "_words",
    )

    def __init__(self, words: Catalogue, *, suffix: str, shows_abstracts: bool) -> None:
        self._words = words
        self._suffix = suffix
        self._shows_abstracts = shows_abstracts
        self._kind_words = {
            kind: words.text(f"kind:{kind.value}")
            for kind in Kind
            if kind not in _ORDINARY_KINDS | _GRAVE_KINDS
        }
        self._grave_by_kind = {kind: words.text(f"kind:{kind.value}") for kind in _GRAVE_KINDS}
        self._badge_by_announcement: dict[object, str] = {}

    def set(self, card: Card, remarks: Remarks = NOTHING) -> CardView:
        """Set one card, with what is known of the paper beside its own words."""
        words = self._words
        original, pdf = _links(card)
        return CardView(
            work_id=card.work_id,
            href=f"/p/{card.work_id}{self._suffix}",
            title=Markup(card.title_html),  # noqa: S704 - sanitised when it was shelved
            flags=badges(card.flags, words) if card.flags else (),
            language=card.language,
            venue=card.venue,
            categories=category_line(card, words),
            version=f"v{card.version}" if card.version else "",
            dated=date_line(card, words),
            badges=self._badges(card),
            grave=self._grave_by_kind.get(card.kind, ""),
            byline=byline(card.byline),
            abstract=self._abstract(card),
            is_teaser=card.is_teaser,
            minutes=str(card.minutes),
            versions=words.text("{n} versions", n=card.manifestations) if card.manifestations > 1 else "",
            original=original,
            pdf=pdf,
            remarks=build_remarks(remarks, words) if remarks is not NOTHING else None,
        )

    def _abstract(self, card: Card) -> Markup | None:
        if not self._shows_abstracts or not card.abstract_html:
            return None
        return Markup(card.abstract_html)  # noqa: S704 - sanitised when it was shelved

    def _badges(self, card: Card) -> tuple[str, ...]:
        kind = self._kind_words.get(card.kind)
        announcement = card.announcement
        if announcement is None:
            return (kind,) if kind else ()
        badge = self._badge_by_announcement.get(announcement)
        if badge is None:
            badge = self._words.text(f"announcement:{announcement.value}")
            self._badge_by_announcement[announcement] = badge
        return (kind, badge) if kind else (badge,)


def byline(names: tuple[str, ...]) -> str:
    """Write the first authors, and how many more there are."""
    if len(names) <= _NAMES_SHOWN + 1:  # "+ 1" would take the room of the name it hides
        return ", ".join(names)
    return f"{', '.join(names[:_NAMES_SHOWN])} + {len(names) - _NAMES_SHOWN}"


def category_line(card: Card, words: Catalogue) -> str:
    """Write the categories; of an arXiv paper the primary with its cross-lists: quant-ph (cross: cs.LG)."""
    categories = card.categories
    if len(categories) <= 1 or card.identifiers.arxiv is None:
        return ", ".join(categories)
    return words.text("{primary} (cross: {others})", primary=categories[0], others=", ".join(categories[1:]))


def category_title(name: str, words: Catalogue) -> str:
    """Give an arXiv category's full name in the reader's language; nothing for what is not arXiv's."""
    found = arxiv_category(name)
    if found is None or found.name != name:
        return ""
    return found.title_zh if words.language == "zh" else found.title_en


def date_line(card: Card, words: Catalogue) -> str:
    """Write a card's date at the precision its source gave; the update where there was one."""
    year = card.listed_on.year
    if card.updated is not None and card.version is not None and card.version > 1:
        return words.text("updated {day}", day=words.moment(card.updated, year))
    if card.published is not None:
        return words.moment(card.published, year)
    return words.day_of(card.listed_on, year)


def _links(card: Card) -> tuple[str | None, str | None]:
    original = pdf = None
    for link in card.links:
        if link.role is LinkRole.PDF:
            pdf = pdf or link.href
        elif link.role is LinkRole.LANDING or (link.role is LinkRole.DOI and original is None):
            original = link.href
    return original, pdf
