"""An author: what is signed so, who that may be, with whom, and which radar follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.model.radar import FollowKind
from academichub.text.authornames import has_initials_alone
from academichub.web.address import author_address, quote, write
from academichub.web.exportaddress import feed_links
from academichub.web.prefilling import follow_address
from academichub.web.views.aside import NOTHING
from academichub.web.views.card import CardSlot
from academichub.web.views.marks import build_done, build_marks, here
from academichub.web.views.matching import badge_views
from academichub.web.views.notice import Notice
from academichub.web.views.takeaway import build_takeaway

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.model.authors import AuthorPage, NameVariant
    from academichub.model.keeping import State
    from academichub.model.radar import Interest
    from academichub.model.radarpages import Badge, RadarRow
    from academichub.web.exportaddress import FeedLink
    from academichub.web.press import Visit
    from academichub.web.views.aside import Remarks
    from academichub.web.views.marks import DoneView
    from academichub.web.views.takeaway import Takeaway

_ORCID_PAGE: Final = "https://orcid.org/{}"


@dataclass(frozen=True, slots=True)
class Held:
    """What the hub holds about the works of a page, and the reader's radars."""

    states: Mapping[int, State]
    badges: Mapping[int, Sequence[Badge]]
    remarks: Mapping[int, Remarks]
    radars: Sequence[RadarRow]


class Signer(NamedTuple):
    """A name with a page of its own, and how many works it counts."""

    href: str
    name: str
    orcid: str  # "" where none is known
    tally: str


class FollowOption(NamedTuple):
    """A radar that can follow the author."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class FollowView:
    """The form that lets a radar follow the author."""

    action: str
    name: str
    orcid: str
    radars: tuple[FollowOption, ...]  # that do not follow yet
    by: tuple[tuple[str, str], ...]  # address and name of the radars that do
    new: str


@dataclass(frozen=True, slots=True)
class AuthorView:
    """An author's page."""

    title: str
    tally: str
    orcid: str
    orcid_href: str
    done: DoneView | None
    notice: Notice | None
    variants: tuple[Signer, ...]
    variants_label: str
    doubt: str  # what is not sure about who signs so; "" where nothing is in doubt
    unsure: str
    unsure_href: str
    people: tuple[Signer, ...]
    people_label: str
    coauthors: tuple[Signer, ...]
    follow: FollowView | None
    nothing: str
    search: str
    density: str
    cards: tuple[CardSlot, ...]
    works: str
    show_abstracts: bool
    start: str | None
    more: str | None
    more_label: str
    feeds: tuple[FeedLink, ...]
    files: tuple[Takeaway, ...]


def build_author(page: AuthorPage, held: Held, visit: Visit, *, asked: str) -> AuthorView:
    """Build an author's page.

    Args:
        page: What the shelves gave.
        held: What is held about its works.
        visit: The request.
        asked: The name in the address; "" where an ORCID is asked for.
    """
    words, parameters = visit.words, visit.parameters
    name = page.name or asked or page.orcid or ""
    density = visit.reader.density
    path = here_path(page.orcid)
    return AuthorView(
        title=name,
        tally=words.count("{n} paper", "{n} papers", page.works) if page.works else "",
        orcid=page.orcid or "",
        orcid_href=_ORCID_PAGE.format(page.orcid) if page.orcid else "",
        done=build_done(visit),
        notice=_notice(held.radars, visit),
        variants=tuple(_variant(one, page, visit) for one in page.variants if one.name != page.name),
        variants_label=words.text("Also signs as") if page.orcid else words.text("Written alike"),
        doubt=_doubt(page, visit),
        unsure=_unsure(page, visit),
        unsure_href=author_address(page.name, None, lang=visit.lang) if page.orcid and page.unsure else "",
        people=tuple(
            Signer(
                author_address(one.name, one.orcid, lang=visit.lang), one.name, one.orcid, f"{one.works:,}"
            )
            for one in page.people
        ),
        people_label=words.text("Others who sign so") if page.orcid else words.text("Who signs so"),
        coauthors=tuple(
            Signer(
                author_address(one.name, one.orcid, lang=visit.lang),
                one.name,
                one.orcid or "",
                f"{one.works:,}",
            )
            for one in page.coauthors
        ),
        follow=_follow(page, held.radars, visit) if page.works else None,
        nothing="" if page.works else words.text("The hub has no paper that is signed so."),
        search=write("/search", {}, q=_question(page, name), lang=visit.lang),
        density=density,
        cards=_slots(page, held, visit),
        works=str(page.works),
        show_abstracts=density != "titles",
        start=write(path, parameters, after=None, n=None, done=None, radar=None)
        if "after" in parameters
        else None,
        more=_more(page, path, visit),
        more_label=words.text(
            "Load more ({shown} of {works})",
            shown=f"{page.first_number + len(page.cards) - 1:,}",
            works=f"{page.works:,}",
        ),
        feeds=feed_links(path, parameters) if page.works else (),
        files=build_takeaway(path, visit) if page.works else (),
    )


def here_path(orcid: str | None) -> str:
    """Write the path of an author's page."""
    return f"/authors/{quote(orcid)}" if orcid else "/authors"


def is_followed(interest: Interest, name: str, orcid: str | None) -> bool:
    """Tell whether an interest follows an author: by ORCID where both have one, else by name."""
    return any(
        one.orcid == orcid if one.orcid and orcid else one.name.casefold() == name.casefold()
        for one in interest.follows
        if one.kind is FollowKind.AUTHOR
    )


def _question(page: AuthorPage, name: str) -> str:
    """Ask the index for an author, in the query language."""
    return f"orcid:{page.orcid}" if page.orcid else 'au:"{}"'.format(name.replace('"', ""))


def _more(page: AuthorPage, path: str, visit: Visit) -> str | None:
    if page.next is None:
        return None
    return write(
        path,
        visit.parameters,
        after=f"{page.next.on.isoformat()}:{page.next.work_id}",
        n=str(page.next.number),
        done=None,
        radar=None,
    )


def _slots(page: AuthorPage, held: Held, visit: Visit) -> tuple[CardSlot, ...]:
    back = here(visit)
    return tuple(
        CardSlot(
            place=str(place),
            number=f"{place:02d}.",
            card=card,
            radars=badge_views(found, visit, work_id=card.work_id)
            if (found := held.badges.get(card.work_id))
            else (),
            remarks=held.remarks.get(card.work_id, NOTHING),
            marks=build_marks(card.work_id, held.states.get(card.work_id), visit, back=back),
        )
        for place, card in enumerate(page.cards, start=page.first_number)
    )


def _variant(one: NameVariant, page: AuthorPage, visit: Visit) -> Signer:
    # Under an ORCID a variant is the same person and has no page of its own; another spelling of a name has.
    href = "" if page.orcid else author_address(one.name, None, lang=visit.lang)
    return Signer(href, one.name, "", f"{one.works:,}")


def _doubt(page: AuthorPage, visit: Visit) -> str:
    words = visit.words
    if page.orcid or not page.works:
        return ""
    if len(page.people) > 1:
        return words.text("Several people sign with this name.")
    if has_initials_alone(page.name):
        return words.text("Initials and a surname: these may be several people.")
    return (
        "" if page.people else words.text("No paper names an ORCID: whether this is one person is not known.")
    )


def _unsure(page: AuthorPage, visit: Visit) -> str:
    words, n = visit.words, page.unsure
    if not n:
        return ""
    if page.orcid:
        return words.count(
            "{n} more paper is signed with one of these names and no ORCID; it may be a namesake's.",
            "{n} more papers are signed with one of these names and no ORCID; they may be a namesake's.",
            n,
        )
    if not page.people:
        return ""
    return words.count(
        "{n} of these papers has no ORCID for the name.", "{n} of these papers have no ORCID for the name.", n
    )


def _follow(page: AuthorPage, radars: Sequence[RadarRow], visit: Visit) -> FollowView:
    name = page.name
    following = [row for row in radars if is_followed(row.radar.interest, name, page.orcid)]
    return FollowView(
        action=f"/authors/follow{visit.suffix}",
        name=name,
        orcid=page.orcid or "",
        radars=tuple(
            FollowOption(row.radar.key, row.radar.interest.name) for row in radars if row not in following
        ),
        by=tuple(
            (f"/radars/{quote(row.radar.key)}{visit.suffix}", row.radar.interest.name) for row in following
        ),
        new=follow_address(name, page.orcid, lang=visit.lang),
    )


def _notice(radars: Sequence[RadarRow], visit: Visit) -> Notice | None:
    """Say that a radar follows the author from now on."""
    if visit.parameters.get("done") != "followed":
        return None
    key = visit.parameters.get("radar")
    row = next((row for row in radars if row.radar.key == key), None)
    if row is None:
        return None
    href = f"/radars/{quote(row.radar.key)}{visit.suffix}"
    return Notice(visit.words.text("done:followed"), row.radar.interest.name, href)
