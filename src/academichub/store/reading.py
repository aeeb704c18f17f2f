"""Questions that pages ask the shelves: one function a question, no query grows with the rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from academichub.errors import WorkUnknown
from academichub.model.papers import Bond, Identifiers, LinkRole
from academichub.model.shelf import (
    Card,
    Cursor,
    Dated,
    FeedPage,
    ManifestationRow,
    Origin,
    PaperPage,
    RelatedRow,
    VersionText,
)
from academichub.store import questions as ask
from academichub.store import signals
from academichub.store.kinship import chunks
from academichub.store.rows import (
    ANNOUNCEMENTS,
    FLAGS,
    KINDS,
    PRECISIONS,
    announcement_of,
    author_of,
    identifiers_of,
    kind_of,
    links_of,
    moment_of,
    prose_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import sqlalchemy as sa

    from academichub.model.shelf import FeedQuery
    from academichub.store.almanac import Almanac, Around
    from academichub.store.rows import SqlRow


def feed_page(
    connection: sa.Connection, query: FeedQuery, *, today: date, almanac: Almanac, revision: int
) -> FeedPage:
    """Read one page of the daily feed, with everything around it.

    Args:
        connection: For reading.
        query: What the reader asks for.
        today: The reader's today, where the strip of days may end.
        almanac: Keeps what pages of a day share.
        revision: The pages' revision; what the almanac read before another one is read again.
    """
    days = almanac.days(connection, revision)
    on = query.on or days.latest
    if on is None:
        around = almanac.around(connection, revision, today, is_current=True)
        return replace(_empty(query), notes=around.notes, announced=around.announced)
    around = almanac.around(connection, revision, on, is_current=days.latest is None or on >= days.latest)
    rows = connection.execute(_cards(query), _card_parameters(query, on, query.size + 1)).all()
    cards = tuple([card_of(row) for row in rows[: query.size]])
    first = query.after.number + 1 if query.after else 1
    works, minutes = _totals(connection, query, on, around)
    return FeedPage(
        query=query,
        on=on,
        cards=cards,
        first_number=first,
        works=works,
        minutes=minutes,
        next=Cursor(cards[-1].order_key, first + len(cards) - 1) if len(rows) > query.size else None,
        strip=days.strip(on, today=today),
        earlier=days.earlier(on),
        later=days.later(on),
        latest=days.latest,
        categories=around.categories,
        venues=around.venues,
        kinds=around.kinds,
        revised=around.revised,
        revised_total=around.revised_total,
        notes=around.notes,
        announced=around.announced,
    )


def paper_page(connection: sa.Connection, work_id: int) -> PaperPage:
    """Read everything known of one work.

    Raises:
        WorkUnknown: There is no such work.
    """
    row = connection.execute(ask.PAPER, {"work_id": work_id}).one_or_none()
    if row is None:
        raise WorkUnknown(work=str(work_id))
    seen: dict[int, list[str]] = {}
    for sighting in connection.execute(ask.SEEN_IN, {"work_id": work_id}):
        seen.setdefault(sighting.manifestation_id, []).append(sighting.title)
    versions = connection.execute(ask.VERSIONS, {"work_id": work_id}).all()
    place = {"day": row.listed_on, "key": row.order_key}
    title = prose_of(row.title_raw, row.title_plain, row.title_html, row.title_form)
    if title is None:  # the columns are NOT NULL
        raise WorkUnknown(work=str(work_id))
    return PaperPage(
        card=card_of(row),
        title=title,
        abstract=prose_of(row.abstract_raw, row.abstract_plain, row.abstract_html, row.abstract_form),
        authors=tuple(author_of(one) for one in connection.execute(ask.AUTHORS, {"face_id": row.face_id})),
        manifestations=tuple(_manifestation_of(one, row.face_id, seen) for one in versions),
        licence=row.licence,
        journal_ref=row.journal_ref,
        comment=row.comment,
        first_seen_at=row.first_seen_at,
        earlier=connection.execute(ask.BEFORE, place).scalar(),
        later=connection.execute(ask.AFTER, place).scalar(),
        origins=tuple(Origin(*line.split(" ", 1)) for line in row.origins),
        texts=_texts(connection, work_id),
        related=_related(connection, work_id),
        signals=tuple(
            signals.of_pairs(connection, identifiers_of(row.identifiers.split("\n")).pairs()).items()
        )
        if row.identifiers
        else (),
        merge_ids=tuple(connection.execute(ask.MERGES_OF, {"work_id": work_id}).scalars()),
    )


def find_work(connection: sa.Connection, scheme: str, value: str) -> int:
    """Find a work by one of its canonical identifiers.

    Raises:
        WorkUnknown: No work has it.
    """
    found = connection.execute(ask.FIND, {"scheme": scheme, "value": value}).scalar()
    if found is None:
        raise WorkUnknown(work=f"{scheme}:{value}")
    return int(found)


def cards_of(connection: sa.Connection, work_ids: Iterable[int]) -> dict[int, Card]:
    """Read the cards of works by number, those that are there."""
    found: dict[int, Card] = {}
    for chunk in chunks(set(work_ids)):
        for row in connection.execute(ask.CARDS_BY_ID, {"ids": chunk}):
            card = card_of(row)
            found[card.work_id] = card
    return found


def card_of(row: SqlRow) -> Card:
    """Read a card from a row that begins with `questions.CARD_COLUMNS`."""
    (work_id, kind, venue, categories, identifiers, announcement, listed_on, order_key, minutes,
     manifestations, title_html, title_plain, language, byline, abstract_html, is_teaser, version,
     counts_versions, published_on, published_precision, updated_on, updated_precision,
     links, change, flags) = row[:ask.CARD_WIDTH]  # fmt: skip  # by place: names cost 40 % more
    return Card(
        work_id=work_id,
        kind=KINDS[kind],
        title_html=title_html,
        title_plain=title_plain,
        language=language,
        byline=tuple(byline.split("\n")) if byline else (),
        abstract_html=abstract_html,
        is_teaser=is_teaser,
        venue=venue,
        categories=tuple(categories.split("\n")) if categories else (),
        announcement=ANNOUNCEMENTS[announcement] if announcement else None,
        version=version if counts_versions else None,
        listed_on=listed_on,
        published=Dated(published_on, PRECISIONS[published_precision]) if published_on else None,
        updated=Dated(updated_on, PRECISIONS[updated_precision]) if updated_on else None,
        links=links_of(links.split("\n")) if links else (),
        identifiers=identifiers_of(identifiers.split("\n")) if identifiers else Identifiers(),
        minutes=minutes,
        manifestations=manifestations,
        order_key=order_key,
        change=change,
        flags=tuple([FLAGS[flag] for flag in flags.split("\n")]) if flags else (),
    )


def _texts(connection: sa.Connection, work_id: int) -> tuple[VersionText, ...]:
    """Read the versions of the place that has most of them; nothing where no place has two."""
    places: dict[tuple[str, str], list[VersionText]] = {}
    for row in connection.execute(ask.TEXTS, {"work_id": work_id}):
        text = VersionText(row.id, row.version, row.announced_on, row.title_plain, row.abstract_plain or "")
        places.setdefault((row.place, row.item), []).append(text)
    most = max(places.values(), key=len, default=[])
    return tuple(most) if len(most) > 1 else ()


# How the other paper of a relation would put it.
_INVERSE = {
    Bond.CORRECTS: Bond.CORRECTED_BY,
    Bond.RETRACTS: Bond.RETRACTED_BY,
    Bond.RAISES_CONCERN: Bond.CONCERN_RAISED_BY,
    Bond.PREPRINT_OF: Bond.HAS_PREPRINT,
    Bond.HAS_PREPRINT: Bond.PREPRINT_OF,
    Bond.CORRECTED_BY: Bond.CORRECTS,
    Bond.RETRACTED_BY: Bond.RETRACTS,
    Bond.CONCERN_RAISED_BY: Bond.RAISES_CONCERN,
}


def _related(connection: sa.Connection, work_id: int) -> tuple[RelatedRow, ...]:
    """Read what the work says of others and others of it; what became one work says nothing any more."""
    found: dict[tuple[Bond, object], RelatedRow] = {}
    for statement, is_said_of in ((ask.SAYS, False), (ask.SAID_OF, True)):
        for row in connection.execute(statement, {"work_id": work_id}):
            bond = Bond(row.bond)
            if is_said_of:
                if bond not in _INVERSE:  # only the other paper's page has words for it
                    continue
                bond = _INVERSE[bond]
            if row.work_id == work_id or (bond.is_same_work and row.work_id is not None):
                continue
            known = RelatedRow(
                bond, row.scheme, row.value, row.work_id, row.title_html or "", row.venue or ""
            )
            found.setdefault((bond, row.work_id or row.value), known)
    return tuple(found.values())


def _empty(query: FeedQuery) -> FeedPage:
    return FeedPage(
        query=query,
        on=None,
        cards=(),
        first_number=1,
        works=0,
        minutes=0,
        next=None,
        strip=(),
        earlier=None,
        later=None,
        latest=None,
        categories=(),
        venues=(),
        kinds=(),
        revised=(),
        revised_total=0,
        notes=(),
    )


def _cards(query: FeedQuery) -> sa.Select[Any]:
    return ask.CARDS[
        query.category is not None, query.venue is not None, query.kind is not None, bool(query.after)
    ]


def _card_parameters(query: FeedQuery, on: date, size: int) -> dict[str, Any]:
    wanted = {
        "category": query.category,
        "venue": query.venue,
        "kind": query.kind.value if query.kind else None,
        "after": query.after.order_key if query.after else None,
    }
    return {"day": on, "size": size} | {name: value for name, value in wanted.items() if value is not None}


def _totals(connection: sa.Connection, query: FeedQuery, on: date, around: Around) -> tuple[int, int]:
    said = (
        ("category", query.category),
        ("venue", query.venue),
        ("kind", query.kind.value if query.kind else None),
    )
    chosen = [(facet, value) for facet, value in said if value is not None] or [("all", "")]
    if len(chosen) == 1:
        return around.totals.get(chosen[0], (0, 0))
    # No tally keeps combinations: count the day's rows.
    by = (query.category is not None, query.venue is not None, query.kind is not None)
    counted = connection.execute(ask.COUNTS[by], _card_parameters(query, on, 0)).one()
    return int(counted.works), int(counted.minutes or 0)


def _manifestation_of(row: SqlRow, face_id: int, seen: dict[int, list[str]]) -> ManifestationRow:
    return ManifestationRow(
        manifestation_id=row.id,
        place=row.place,
        item=row.item,
        version=row.version,
        kind=kind_of(row.kind),
        venue=row.venue,
        announced_on=row.announced_on,
        announcement=announcement_of(row.announcement),
        published=moment_of(row.published_at, row.published_on, row.published_precision),
        received_at=row.received_at,
        licence=row.licence,
        link=next((link.href for link in links_of(row.links) if link.role is LinkRole.LANDING), None),
        is_face=row.id == face_id,
        seen_in=tuple(seen.get(row.id, ())),
    )
