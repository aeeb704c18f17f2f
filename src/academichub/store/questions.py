"""The statements behind `store.reading`, built once: composing one costs more than running it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from academichub.db.tables import (
    authors,
    categories,
    day_tallies,
    identifiers,
    manifestations,
    merges,
    sightings,
    source_days,
    sources,
    ties,
    works,
)

MOST_REVISED = 50


def as_kept(column: sa.Column[Any]) -> sa.Label[str]:
    """Read lines as the one text they are kept as; `reading.card_of` splits them where it needs them."""
    return sa.type_coerce(column, sa.Text).label(column.name)


CARD_COLUMNS = (
    works.c.id,
    works.c.kind,
    works.c.venue,
    as_kept(works.c.categories),
    as_kept(works.c.identifiers),
    works.c.announcement,
    works.c.listed_on,
    works.c.order_key,
    works.c.minutes,
    works.c.manifestation_count,
    manifestations.c.title_html,
    manifestations.c.title_plain,
    manifestations.c.language,
    as_kept(manifestations.c.byline),
    manifestations.c.abstract_html,
    manifestations.c.is_teaser,
    manifestations.c.version,
    manifestations.c.counts_versions,
    manifestations.c.published_on,
    manifestations.c.published_precision,
    manifestations.c.updated_on,
    manifestations.c.updated_precision,
    as_kept(manifestations.c.links),
    works.c.change,
    as_kept(works.c.flags),
)
CARD_WIDTH = len(CARD_COLUMNS)


def _day_statement(
    columns: tuple[Any, ...], *, by_category: bool, by_venue: bool, by_kind: bool, joins_face: bool
) -> sa.Select[Any]:
    statement = sa.select(*columns)
    if by_category:
        statement = statement.select_from(categories.join(works, works.c.id == categories.c.work_id)).where(
            categories.c.category == sa.bindparam("category"),
            categories.c.listed_on == sa.bindparam("day"),
        )
    else:
        statement = statement.select_from(works).where(works.c.listed_on == sa.bindparam("day"))
    if joins_face:
        statement = statement.join(manifestations, manifestations.c.id == works.c.face_id)
    if by_venue:
        statement = statement.where(works.c.venue == sa.bindparam("venue"))
    if by_kind:
        statement = statement.where(works.c.kind == sa.bindparam("kind"))
    return statement


def _card_statement(*, by_category: bool, by_venue: bool, by_kind: bool, after: bool) -> sa.Select[Any]:
    statement = _day_statement(
        CARD_COLUMNS, by_category=by_category, by_venue=by_venue, by_kind=by_kind, joins_face=True
    )
    key = categories.c.order_key if by_category else works.c.order_key
    if after:
        statement = statement.where(key < sa.bindparam("after"))
    return statement.order_by(key.desc(), works.c.id.desc()).limit(sa.bindparam("size"))


CARDS = {
    (by_category, by_venue, by_kind, after): _card_statement(
        by_category=by_category, by_venue=by_venue, by_kind=by_kind, after=after
    )
    for by_category in (False, True)
    for by_venue in (False, True)
    for by_kind in (False, True)
    for after in (False, True)
}
COUNTS = {
    (by_category, by_venue, by_kind): _day_statement(
        (sa.func.count().label("works"), sa.func.sum(works.c.minutes).label("minutes")),
        by_category=by_category,
        by_venue=by_venue,
        by_kind=by_kind,
        joins_face=False,
    )
    for by_category in (False, True)
    for by_venue in (False, True)
    for by_kind in (False, True)
}
DAYS = (
    sa.select(day_tallies.c.listed_on, day_tallies.c.works)
    .where(day_tallies.c.facet == "all", day_tallies.c.works > 0)
    .order_by(day_tallies.c.listed_on)
)
FACETS = (
    sa.select(day_tallies.c.facet, day_tallies.c.value, day_tallies.c.works, day_tallies.c.minutes)
    .where(
        day_tallies.c.facet.in_(("all", "category", "kind", "revised", "venue")),
        day_tallies.c.listed_on == sa.bindparam("day"),
        day_tallies.c.works > 0,
    )
    .order_by(day_tallies.c.works.desc(), day_tallies.c.value)
)
_REVISED = sa.and_(
    manifestations.c.announced_on == sa.bindparam("day"), works.c.listed_on < sa.bindparam("day")
)
REVISED = (
    sa.select(
        works.c.id,
        works.c.listed_on,
        manifestations.c.venue,
        manifestations.c.title_html,
        manifestations.c.language,
        manifestations.c.version,
        manifestations.c.counts_versions,
    )
    .join(works, works.c.id == manifestations.c.work_id)
    .where(_REVISED)
    .order_by(works.c.order_key.desc(), works.c.id, manifestations.c.id)
    .limit(MOST_REVISED)
)
NOTES = (
    sa.select(
        sources.c.key,
        sources.c.title,
        sources.c.failures,
        sources.c.last_try_at,
        sources.c.next_due_at,
        sources.c.error_code,
        source_days.c.good,
        source_days.c.quiet,
        source_days.c.received,
        source_days.c.new,
        source_days.c.rejected,
    )
    .select_from(
        sources.outerjoin(
            source_days,
            sa.and_(source_days.c.source_id == sources.c.id, source_days.c.day == sa.bindparam("day")),
        )
    )
    .where(sources.c.is_paused.is_(False))
    .order_by(sources.c.kind, sources.c.key)
    .limit(1000)
)
PAPER = (
    sa.select(
        *CARD_COLUMNS,
        works.c.face_id,
        works.c.first_seen_at,
        manifestations.c.title_raw,
        manifestations.c.title_form,
        manifestations.c.abstract_raw,
        manifestations.c.abstract_plain,
        manifestations.c.abstract_form,
        manifestations.c.licence,
        manifestations.c.journal_ref,
        manifestations.c.comment,
        manifestations.c.origins,
    )
    .join(manifestations, manifestations.c.id == works.c.face_id)
    .where(works.c.id == sa.bindparam("work_id"))
)
TEXTS = (
    sa.select(
        manifestations.c.id,
        manifestations.c.place,
        manifestations.c.item,
        manifestations.c.version,
        manifestations.c.announced_on,
        manifestations.c.title_plain,
        manifestations.c.abstract_plain,
    )
    .where(manifestations.c.work_id == sa.bindparam("work_id"), manifestations.c.counts_versions)
    .order_by(manifestations.c.place, manifestations.c.item, manifestations.c.version)
    .limit(100)
)
_SPOKEN_OF = works.alias("spoken_of")
_FACE = manifestations.alias("face")
SAYS = (
    sa.select(
        ties.c.bond,
        ties.c.scheme,
        ties.c.value,
        _SPOKEN_OF.c.id.label("work_id"),
        _FACE.c.title_html,
        _FACE.c.venue,
    )
    .select_from(
        ties.outerjoin(
            identifiers,
            sa.and_(identifiers.c.scheme == ties.c.scheme, identifiers.c.value == ties.c.value),
        )
        .outerjoin(_SPOKEN_OF, _SPOKEN_OF.c.id == identifiers.c.work_id)
        .outerjoin(_FACE, _FACE.c.id == _SPOKEN_OF.c.face_id)
    )
    .where(ties.c.work_id == sa.bindparam("work_id"))
    .order_by(ties.c.bond, ties.c.scheme, ties.c.value)
    .limit(50)
)
SAID_OF = (
    sa.select(
        ties.c.bond,
        ties.c.scheme,
        ties.c.value,
        _SPOKEN_OF.c.id.label("work_id"),
        _FACE.c.title_html,
        _FACE.c.venue,
    )
    .select_from(
        identifiers.join(
            ties, sa.and_(ties.c.scheme == identifiers.c.scheme, ties.c.value == identifiers.c.value)
        )
        .join(_SPOKEN_OF, _SPOKEN_OF.c.id == ties.c.work_id)
        .join(_FACE, _FACE.c.id == _SPOKEN_OF.c.face_id)
    )
    .where(identifiers.c.work_id == sa.bindparam("work_id"), ties.c.work_id != sa.bindparam("work_id"))
    .order_by(ties.c.bond, _SPOKEN_OF.c.id)
    .limit(50)
)
VERSIONS = (
    sa.select(
        manifestations.c.id,
        manifestations.c.place,
        manifestations.c.item,
        manifestations.c.version,
        manifestations.c.kind,
        manifestations.c.venue,
        manifestations.c.announced_on,
        manifestations.c.announcement,
        manifestations.c.published_at,
        manifestations.c.published_on,
        manifestations.c.published_precision,
        manifestations.c.received_at,
        manifestations.c.licence,
        manifestations.c.links,
    )
    .where(manifestations.c.work_id == sa.bindparam("work_id"))
    .order_by(
        manifestations.c.received_at.desc(), manifestations.c.version.desc(), manifestations.c.id.desc()
    )
    .limit(100)
)
SEEN_IN = (
    sa.select(sightings.c.manifestation_id, sources.c.title)
    .join(sources, sources.c.id == sightings.c.source_id)
    .join(manifestations, manifestations.c.id == sightings.c.manifestation_id)
    .where(manifestations.c.work_id == sa.bindparam("work_id"))
    .order_by(sources.c.key)
    .limit(500)
)
AUTHORS = (
    sa.select(authors.c.name, authors.c.orcid, authors.c.affiliations)
    .where(authors.c.manifestation_id == sa.bindparam("face_id"))
    .order_by(authors.c.position)
    .limit(5000)  # the largest collaborations sign with some three thousand names
)
CARDS_BY_ID = (
    sa.select(*CARD_COLUMNS)
    .join(manifestations, manifestations.c.id == works.c.face_id)
    .where(works.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(works.c.id)
)
MERGES_OF = (
    sa.select(merges.c.id)
    .where(merges.c.kept_id == sa.bindparam("work_id"), merges.c.undone_at.is_(None))
    .order_by(merges.c.id.desc())
    .limit(50)
)
BEFORE = (
    sa.select(works.c.id)
    .where(works.c.listed_on == sa.bindparam("day"), works.c.order_key > sa.bindparam("key"))
    .order_by(works.c.order_key, works.c.id)
    .limit(1)
)
AFTER = (
    sa.select(works.c.id)
    .where(works.c.listed_on == sa.bindparam("day"), works.c.order_key < sa.bindparam("key"))
    .order_by(works.c.order_key.desc(), works.c.id.desc())
    .limit(1)
)
FIND = sa.select(identifiers.c.work_id).where(
    identifiers.c.scheme == sa.bindparam("scheme"), identifiers.c.value == sa.bindparam("value")
)
