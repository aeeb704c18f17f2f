"""Lead papers from the shelves into files and feeds; entries that readers brought go out as they came."""

from __future__ import annotations

from abc import ABC
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from academichub.flows.keptentries import read_back
from academichub.model.papers import Kind, LinkRole, Precision
from academichub.references.entry import Reference
from academichub.references.kinds import OTHER, PREPRINT
from academichub.references.writing.details import details_of
from academichub.references.writing.files import format_named, write_feed, write_references
from academichub.references.writing.formats import MOST_IN_A_FEED, MOST_IN_A_FILE
from academichub.references.writing.sheets import Face, Heading, Sheet
from academichub.store import collections, libraryentries
from academichub.store.exporting import whole_works

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from academichub.db.engine import Connection, Database
    from academichub.model.papers import Moment
    from academichub.store.exporting import WholeWork

_TYPES: Final = {
    Kind.ARTICLE: "article-journal",
    Kind.REVIEW: "article-journal",
    Kind.EDITORIAL: "article-journal",
    Kind.CORRECTION: "article-journal",
    Kind.RETRACTION: "article-journal",
    Kind.PREPRINT: PREPRINT,
    Kind.NEWS: "webpage",
    Kind.POST: "post-weblog",
    Kind.DATASET: "dataset",
}
_ENTRIES_AT_ONCE: Final = 500
_PRECISIONS: Final = {Precision.YEAR: 4, Precision.MONTH: 7}


class ListDesk(ABC):
    """Lists of papers as files and feeds. The hub is one."""

    database: Database

    def list_file(
        self,
        work_ids: Sequence[int],
        file_format: str,
        *,
        title: str,
        address: str,
        now: datetime,
        file_address: str = "",
        next_address: str = "",
        language: str = "",
    ) -> tuple[bytes, str]:
        """Write works as a file or a feed, in their order; give it with its media type.

        Args:
            work_ids: Works as they are now; numbers of none are left out, and what a file or feed does
                not take.
            file_format: The suffix of a format: "bib", "csl.json", "atom".
            title: Of the list. A Markdown file without one has no heading.
            address: Of the list's page, absolute. Papers' pages have addresses on the same host.
            now: When a feed that has no entries was made.
            file_address: Of the feed itself, absolute.
            next_address: Of the feed's next part, absolute.
            language: Of the title.

        Raises:
            FormatUnknown: Nothing is written as that.
        """
        chosen = format_named(file_format)
        most = MOST_IN_A_FEED if chosen.is_feed else MOST_IN_A_FILE
        wanted = list(dict.fromkeys(work_ids))[:most]
        with self.database.reading() as connection:
            whole = whole_works(connection, wanted)
        listed = [whole[work_id] for work_id in wanted if work_id in whole]
        if not chosen.is_feed:
            sheets = [sheet_of(work) for work in listed]
            return write_references(sheets, chosen.suffix, title=title), chosen.media_type
        heading = Heading(
            title=title,
            address=address,
            updated_at=now,
            file_address=file_address,
            next_address=next_address,
            language=language,
        )
        faces = [face_of(work, host=_host_of(address)) for work in listed]
        return write_feed(heading, faces, chosen.suffix), chosen.media_type

    def collection_file(
        self, key: str, file_format: str, *, title: str, size: int = MOST_IN_A_FILE
    ) -> tuple[bytes, str, bool]:
        """Write a collection as a file: the entries that were brought along, as they came, then other works.

        Gives the file, its media type, and whether there was more than `size`.

        Raises:
            CollectionUnknown: There is no such collection.
            FormatUnknown: No file is written as that; a feed has works alone, see `list_file`.
        """
        chosen = format_named(file_format)
        with self.database.reading() as connection:
            collection_id = collections.find(connection, key).collection_id
            sheets: list[Sheet] = []
            brought: set[int] = set()
            for work_id, sheet in _entries(connection, collection_id):
                if len(sheets) > size:
                    break
                sheets.append(sheet)
                if work_id is not None:
                    brought.add(work_id)
            for stretch in _works(connection, collection_id):
                if len(sheets) > size:
                    break
                wanted = [each for each in stretch if each not in brought]
                whole = whole_works(connection, wanted)
                sheets += [sheet_of(whole[each]) for each in wanted if each in whole]
        body = write_references(sheets[:size], chosen.suffix, title=title)
        return body, chosen.media_type, len(sheets) > size


def _entries(connection: Connection, collection_id: int) -> Iterator[tuple[int | None, Sheet]]:
    """Read what a collection was brought, in the order it came, with the work that each entry is now."""
    after = 0
    while kept := libraryentries.references_of(connection, collection_id, after=after, size=_ENTRIES_AT_ONCE):
        for one in kept:
            reference, written_in = read_back(one.reference)
            yield one.work_id, Sheet(reference, written_in, details=details_of(reference, written_in))
        after = kept[-1].entry_id


def _works(connection: Connection, collection_id: int) -> Iterator[tuple[int, ...]]:
    after: int | None = None
    while True:
        works, after = collections.works_of(connection, collection_id, after=after, size=_ENTRIES_AT_ONCE)
        yield works
        if after is None:
            return


# -- works as references --------------------------------------------------------------------------


def sheet_of(work: WholeWork, *, has_teaser: bool = False) -> Sheet:
    """Make a reference of a work; a teaser is no abstract, and only feeds show it."""
    on = _date(work.published) or _date(work.updated) or f"{work.listed_on:%Y-%m-%d}"
    return Sheet(
        Reference(
            position=0,
            line=0,
            key="",
            type=_TYPES.get(work.kind, OTHER),
            title=work.title_plain,
            title_raw=work.title_raw,
            authors=work.authors,
            abstract=work.abstract_plain if has_teaser or not work.is_teaser else "",
            year=int(on[:4]),
            date=on,
            venue=work.venue,
            identifiers=work.identifiers,
            url=_best_link(work),
            notes=(work.journal_ref,) if work.journal_ref else (),
            language=work.language,
        ),
        categories=work.categories,
    )


def face_of(work: WholeWork, *, host: str) -> Face:
    """Make what a feed shows of a work; `host` is scheme and host of the hub's pages."""
    listed_at = datetime.combine(work.listed_on, time(), tzinfo=UTC)
    published_at = work.published.at if work.published else None
    updated_at = (
        max(moment.at for moment in (work.updated, work.published) if moment)
        if (work.updated or work.published)
        else listed_at
    )
    return Face(
        sheet=sheet_of(work, has_teaser=True),
        address=f"{host}/p/{work.work_id}",
        title_html=work.title_html,
        abstract_html=work.abstract_html,
        published_at=published_at or listed_at,
        updated_at=updated_at,
        pdf=next((link.href for link in work.links if link.role is LinkRole.PDF), ""),
        links=tuple(
            link.href for link in work.links if link.role in {LinkRole.DOI, LinkRole.LANDING, LinkRole.CODE}
        ),
    )


def _date(moment: Moment | None) -> str:
    """Write a date with no more than its source said."""
    if moment is None:
        return ""
    return moment.on.isoformat()[: _PRECISIONS.get(moment.precision, 10)]


def _best_link(work: WholeWork) -> str:
    for role in (LinkRole.LANDING, LinkRole.DOI, LinkRole.PDF):
        for link in work.links:
            if link.role is role:
                return link.href
    return ""


def _host_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
