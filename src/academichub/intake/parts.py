"""What every way from a Record to a Draft shares: texts, authors, licences, the fingerprint."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final, TypeVar

from academichub.errors import RecordUntitled
from academichub.intake.mending import unscrambled
from academichub.model.papers import Author, Kind
from academichub.text import identifiers, language, names, prose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from academichub.model.papers import (
        Draft,
        Flag,
        Form,
        Identifiers,
        Moment,
        Prose,
        Record,
        Relation,
    )

T = TypeVar("T")

LONGEST_TITLE: Final = 5_000  # characters; what is longer is cut
LONGEST_TEXT: Final = 100_000
LONGEST_ITEM: Final = 500
LONGEST_LICENCE: Final = 300
# Below this a journal's text is a standfirst, not an abstract (ingest reference, section 2.8).
TEASER_CHARACTERS: Final = 350
# A Chinese character says about as much as two and a half of English.
TEASER_HAN_CHARACTERS: Final = 140
_ENDS_CUT: Final = ("...", "…", "[…]", "[...]", "[&#8230;]", "[&hellip;]", "&hellip;")
_CUT_END: Final = 60  # characters at the end of a text in which its cut, and tags behind it, would stand
_TAG: Final = re.compile(r"<[^<>]*>")
_UNSAFE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_FIELD: Final = "\x1e"  # in no text that was cleaned
_PART: Final = "\x1f"
_LICENCES: Final = ("dc:rights", "cc:license", "creativeCommons:license", "dcterms:license", "dcterms:rights")


def fingerprint(draft: Draft) -> str:
    """Hash the content: 32 hex digits; equal for two drafts that show the same.

    What an announcement tells is left out, its type, its day and the dates taken from it: one version is
    `new` in one feed and `cross` in another, perhaps days later.
    """
    return content_fingerprint(
        title=draft.title,
        abstract=draft.abstract,
        authors=draft.authors,
        found=draft.identifiers,
        categories=draft.categories,
        kind=draft.kind,
        published=None if draft.announcement else draft.published,
        said=(
            draft.licence or "",
            draft.journal_ref,
            draft.comment,
            *belongings(draft.relations, draft.flags),
        ),
    )


def belongings(relations: Iterable[Relation], flags: Iterable[Flag]) -> tuple[str, ...]:
    """Write down what a paper says of others and of itself, for its fingerprint."""
    return (*(f"{one.bond.value} {one.scheme}:{one.value}" for one in relations), *flags)


def content_fingerprint(
    *,
    title: Prose,
    abstract: Prose | None,
    authors: tuple[Author, ...],
    found: Identifiers,
    categories: tuple[str, ...],
    kind: Kind,
    published: Moment | None,
    said: tuple[str, ...],
) -> str:
    """Hash what a draft will show. Finding it before the draft is made saves making the draft twice."""
    people = [one for who in authors for one in (who.name, who.orcid or "", *who.affiliations, "")]
    parts = (
        title.raw,
        abstract.raw if abstract else "",
        _PART.join(people),
        _PART.join([one for pair in found.pairs() for one in pair]),
        _PART.join(categories),
        kind.value,
        published.at.isoformat() if published else "",
        *said,
    )
    packed = _FIELD.join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(packed, digest_size=16).hexdigest()


def is_teaser(abstract: Prose, kind: Kind) -> bool:
    """True for a standfirst, a summary cut short, or a few words: nothing to overwrite an abstract with."""
    if is_cut(abstract.plain):
        return True
    if kind is Kind.POST:
        return False
    is_dense = language.guess(abstract.plain) in {"zh", "ja", "ko"}
    return len(abstract.plain) < (TEASER_HAN_CHARACTERS if is_dense else TEASER_CHARACTERS)


def is_cut(text: str) -> bool:
    """Tell a text whose end was cut off."""
    end = text[-_CUT_END:]
    return _TAG.sub("", end).rstrip().endswith(_ENDS_CUT)


def title_of(raw: str, form: Form, external_id: str) -> Prose:
    """Render a title.

    Raises:
        RecordUntitled: There is no title to show.
    """
    title = prose.render_title(unscrambled(safe(raw[:LONGEST_TITLE])), form)
    if not title.plain:
        raise RecordUntitled(external_id=safe(external_id)[:200])
    return title


def prose_of(raw: str, form: Form) -> Prose | None:
    """Render a text; None where nothing of it can be shown."""
    kept = safe(raw[:LONGEST_TEXT])
    rendered = prose.render(unscrambled(kept), form) if kept else None
    return rendered if rendered is not None and rendered.plain else None


def authors_of(record: Record, written: str) -> tuple[Author, ...]:
    """List the authors, joined names split; `written` stands in where no element names any."""
    entries = record.authors
    if not entries:
        return names.split_authors(name_of(written)) if written else ()
    if len(entries) == 1 and not entries[0].affiliations:
        split = names.split_authors(name_of(entries[0].name))
        orcid = identifiers.normalize_orcid(entries[0].uri) if len(split) == 1 and entries[0].uri else None
        return (Author(split[0].name, orcid, split[0].affiliations),) if orcid else split
    found: list[Author] = []
    for entry in entries:
        name = names.clean_name(name_of(entry.name))
        if name:
            affiliations = tuple(filter(None, map(line, entry.affiliations))) if entry.affiliations else ()
            orcid = identifiers.normalize_orcid(entry.uri) if entry.uri else None
            found.append(Author(name, orcid, affiliations))
    return tuple(dict.fromkeys(found))


def name_of(written: str) -> str:
    """Take the tags out of names: arXiv's old feeds link each author to a search."""
    is_tagged = "<a " in written or "</" in written or "<br" in written
    return unscrambled(_TAG.sub("", written) if is_tagged else written)


def licence_of(record: Record) -> str | None:
    """Give the licence's address, or None."""
    for name in _LICENCES:
        said = record.first(name) if name in record.fields else ""
        if said.startswith(("http://", "https://")):
            return safe(said)[:LONGEST_LICENCE]
    return None


def safe(text: str) -> str:
    """Drop control characters and what no database keeps, in everything that is stored as written."""
    # Asking whether all is printable is twenty times faster than searching.
    is_safe = text.replace("\n", " ").isprintable()
    return text.strip() if is_safe else _UNSAFE.sub("", text).strip()


def line(text: str) -> str:
    """Give a text as one safe line."""
    return " ".join(safe(text).split()) if text else ""


def first(values: Iterable[T | None]) -> T | None:
    """Give the first value that says anything, or None."""
    return next((value for value in values if value), None)


def shortened_item(item: str) -> str:
    """Give what an entry is known by at a length that databases index; what is cut off is hashed."""
    if len(item) <= LONGEST_ITEM:
        return item
    rest = hashlib.blake2b(item.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"{item[: LONGEST_ITEM - len(rest) - 1]}#{rest}"
