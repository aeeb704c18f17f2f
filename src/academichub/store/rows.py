"""Turn drafts into rows and rows into shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from academichub.model.papers import (
    Announcement,
    Author,
    Bond,
    Draft,
    Flag,
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
    Relation,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    import sqlalchemy as sa

Row: TypeAlias = dict[str, Any]
# Looked up, not constructed: a page reads hundreds.
ROLES = {role.value: role for role in LinkRole}
FLAGS = {flag.value: flag for flag in Flag}
KINDS = {kind.value: kind for kind in Kind}
PRECISIONS = {precision.value: precision for precision in Precision}
ANNOUNCEMENTS = {announcement.value: announcement for announcement in Announcement}
SqlRow: TypeAlias = "sa.Row[*tuple[Any, ...]]"


def manifestation_row(
    draft: Draft,
    *,
    manifestation_id: int,
    work_id: int,
    now: datetime,
    origins: Mapping[str, str] | None = None,
) -> Row:
    """Make the row of a manifestation; `origins` as in `intake.completing.Completed`."""
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
        "language": draft.language,
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
        "relations": [f"{one.bond.value} {one.scheme}:{one.value}" for one in draft.relations],
        "flags": [flag.value for flag in draft.flags],
        "origins": [f"{name} {provider}" for name, provider in sorted(origins.items())] if origins else [],
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


def known_of(
    row: SqlRow, *, names: tuple[tuple[str, str], ...] = (), ties: tuple[tuple[str, str], ...] = ()
) -> Known:
    """Read what judging needs of one manifestation.

    Args:
        row: Of `kinship.KNOWN`.
        names: Further (scheme, value) by which its work was found.
        ties: (scheme, value) of what its work says it is the same as.
    """
    return Known(
        work_id=row.work_id,
        manifestation_id=row.id,
        key=Key(row.place, row.item, row.version),
        fingerprint=row.fingerprint,
        identifiers=identifiers_of(row.identifiers),
        names=names,
        said=row.said or "",
        ties=ties,
        is_record=KINDS[row.kind].is_record,
    )


def relations_of(lines: Sequence[str]) -> tuple[Relation, ...]:
    """Read relations back."""
    found = []
    for line in lines:
        bond, _, name = line.partition(" ")
        scheme, _, value = name.partition(":")
        found.append(Relation(Bond(bond), scheme, value))
    return tuple(found)


def origins_of(lines: Sequence[str]) -> dict[str, str]:
    """Read back which fields are from which provider."""
    return dict([line.split(" ", 1) for line in lines])


def draft_of(row: sa.RowMapping, authors: Sequence[Author]) -> Draft:
    """Read a whole manifestation back as the draft that it once was."""
    title = prose_of(row["title_raw"], row["title_plain"], row["title_html"], row["title_form"])
    if title is None:  # the columns are NOT NULL
        msg = "a manifestation without a title"
        raise ValueError(msg)
    return Draft(
        key=Key(row["place"], row["item"], row["version"]),
        external_id=row["external_id"],
        title=title,
        abstract=prose_of(
            row["abstract_raw"], row["abstract_plain"], row["abstract_html"], row["abstract_form"]
        ),
        authors=tuple(authors),
        identifiers=identifiers_of(row["identifiers"]),
        categories=tuple(row["categories"]),
        kind=KINDS[row["kind"]],
        links=links_of(row["links"]),
        version=row["version"] if row["counts_versions"] else None,
        announcement=announcement_of(row["announcement"]),
        announced_on=row["announced_on"],
        published=moment_of(row["published_at"], row["published_on"], row["published_precision"]),
        updated=moment_of(row["updated_at"], row["updated_on"], row["updated_precision"]),
        licence=row["licence"],
        venue=row["venue"],
        journal_ref=row["journal_ref"],
        comment=row["comment"],
        language=row["language"],
        is_teaser=row["is_teaser"],
        relations=relations_of(row["relations"]),
        flags=tuple(map(Flag, row["flags"])),
        fingerprint=row["fingerprint"],
        renderer=row["renderer"],
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
