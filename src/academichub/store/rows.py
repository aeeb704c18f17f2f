"""Turn drafts into rows and rows into shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from academichub.model.papers import (
    Announcement,
    Author,
    Form,
    Identifiers,
    Key,
    Kind,
    Known,
    Link,
    LinkRole,
    Moment,
    Precision,
    Prose,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    import sqlalchemy as sa

    from academichub.model.papers import Draft

Row: TypeAlias = dict[str, Any]
# Looked up, not constructed: a page reads hundreds.
ROLES = {role.value: role for role in LinkRole}
KINDS = {kind.value: kind for kind in Kind}
PRECISIONS = {precision.value: precision for precision in Precision}
ANNOUNCEMENTS = {announcement.value: announcement for announcement in Announcement}
SqlRow: TypeAlias = "sa.Row[*tuple[Any, ...]]"


def manifestation_row(
    draft: Draft, *, manifestation_id: int, work_id: int, now: datetime, language: str | None = None
) -> Row:
    """Make the row of a manifestation."""
    abstract, published, updated = draft.abstract, draft.published, draft.updated
    return {
        "id": manifestation_id,
        "work_id": work_id,
        "place": draft.key.place,
        "item": draft.key.item,
        "version": draft.key.version,
        "counts_versions": draft.version is not None,
        "external_id": draft.external_id,
        "fingerprint": draft.fingerprint,
        "kind": draft.kind.value,
        "venue": draft.venue,
        "language": language or draft.language,
        "title_raw": draft.title.raw,
        "title_plain": draft.title.plain,
        "title_html": draft.title.html,
        "title_form": draft.title.form.value,
        "abstract_raw": abstract.raw if abstract else None,
        "abstract_plain": abstract.plain if abstract else None,
        "abstract_html": abstract.html if abstract else None,
        "abstract_form": abstract.form.value if abstract else None,
        "is_teaser": draft.is_teaser,
        "byline": [author.name for author in draft.authors],
        "categories": list(draft.categories),
        "links": [f"{link.role.value} {link.href}" for link in draft.links],
        "identifiers": identifier_lines(draft.identifiers),
        "announcement": draft.announcement.value if draft.announcement else None,
        "announced_on": draft.announced_on,
        "published_at": published.at if published else None,
        "published_on": published.on if published else None,
        "published_precision": published.precision.value if published else None,
        "updated_at": updated.at if updated else None,
        "updated_on": updated.on if updated else None,
        "updated_precision": updated.precision.value if updated else None,
        "licence": draft.licence,
        "journal_ref": draft.journal_ref,
        "comment": draft.comment,
        "renderer": draft.renderer,
        "received_at": now,
    }


def author_rows(draft: Draft, manifestation_id: int) -> list[Row]:
    """Make the rows of a manifestation's authors, in reading order."""
    return [
        {
            "manifestation_id": manifestation_id,
            "position": position,
            "name": author.name,
            "orcid": author.orcid,
            "affiliations": list(author.affiliations) or None,
        }
        for position, author in enumerate(draft.authors)
    ]


def identifier_lines(identifiers: Identifiers) -> list[str]:
    """List every identifier that is there as "scheme:value", the venue's ISSN included."""
    found = [f"{scheme}:{value}" for scheme, value in identifiers.pairs()]
    return [*found, f"issn:{identifiers.issn}"] if identifiers.issn else found


def merged_identifiers(kept: Sequence[str], added: Sequence[str]) -> list[str]:
    """Add identifiers of schemes that are not there yet."""
    schemes = {line.split(":", 1)[0] for line in kept}
    return [*kept, *(line for line in added if line.split(":", 1)[0] not in schemes)]


def identifiers_of(lines: Sequence[str]) -> Identifiers:
    """Read the lines back."""
    return Identifiers(**dict([line.split(":", 1) for line in lines]))


def known_of(row: SqlRow) -> Known:
    """Read what judging needs; the identifiers are those of the whole work."""
    return Known(
        work_id=row.work_id,
        manifestation_id=row.id,
        key=Key(row.place, row.item, row.version),
        fingerprint=row.fingerprint,
        identifiers=identifiers_of(row.work_identifiers),
        abstract_length=row.abstract_length or 0,
        is_teaser=row.is_teaser,
    )


def moment_of(at: datetime | None, on: date | None, precision: str | None) -> Moment | None:
    """Read a moment back from its three columns."""
    if at is None or on is None or precision is None:
        return None
    return Moment(at=at, on=on, precision=PRECISIONS[precision])


def links_of(lines: Sequence[str]) -> tuple[Link, ...]:
    """Read links back."""
    found = [line.split(" ", 1) for line in lines]
    return tuple([Link(href, ROLES[role]) for role, href in found])


def prose_of(raw: str | None, plain: str | None, html: str | None, form: str | None) -> Prose | None:
    """Read a text back from its four columns."""
    if raw is None or plain is None or html is None or form is None:
        return None
    return Prose(raw=raw, plain=plain, html=html, form=Form(form))


def announcement_of(value: str | None) -> Announcement | None:
    """Read an announcement type back."""
    return ANNOUNCEMENTS[value] if value else None


def author_of(row: SqlRow) -> Author:
    """Read an author back."""
    return Author(row.name, row.orcid, tuple(row.affiliations or ()))


def kind_of(value: str) -> Kind:
    """Read a kind back."""
    return KINDS[value]
