"""Make references of Zotero's items: its own JSON, its API's, Better BibTeX's, and its CSV.

Field names are those of Zotero's schema; publishers' variants of a field (publicationTitle, bookTitle ...)
are listed where they are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from academichub.references import kinds
from academichub.references.dates import iso_date, year_of
from academichub.references.entry import Reference
from academichub.references.extra import read_extra
from academichub.references.finding import Clues, identify
from academichub.references.languages import language_tag
from academichub.references.people import authors, whole_name
from academichub.references.plain import from_prose, from_rich, web_address
from academichub.references.values import as_written, many, mapping, words

if TYPE_CHECKING:
    from collections.abc import Mapping

CHILDREN: Final = frozenset({"attachment", "note", "annotation"})
# Who made an item of another type than a paper; the first kind of creator that is there counts.
_MAKERS: Final = (
    "author", "artist", "performer", "director", "programmer", "presenter", "inventor", "podcaster",
    "cartographer", "interviewee", "sponsor", "composer", "contributor",
)  # fmt: skip
_TITLES: Final = ("title", "caseName", "nameOfAct", "subject")
_VENUES: Final = (
    "publicationTitle", "bookTitle", "proceedingsTitle", "encyclopediaTitle", "dictionaryTitle", "blogTitle",
    "websiteTitle", "programTitle", "conferenceName", "meetingName", "university", "institution",
    "repository", "publisher", "court", "journalAbbreviation",
)  # fmt: skip
_DATES: Final = ("date", "dateDecided", "dateEnacted", "issueDate", "filingDate")
_CLUES: Final = (
    "url",
    "archiveID",
    "archiveLocation",
    "reportNumber",
    "number",
    "publicationTitle",
    "callNumber",
)


def is_zotero(entry: Mapping[str, Any]) -> bool:
    """Tell an item of Zotero from any other object."""
    return isinstance(entry.get("itemType"), str)


def is_child(entry: Mapping[str, Any]) -> bool:
    """Tell an attachment, a note or an annotation, which are parts of items."""
    return is_zotero(entry) and entry["itemType"] in CHILDREN


def collections_of_items(beside: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """List the names of the collections that hold each item, by the item's number or key as text.

    Better BibTeX writes `{"KEY": {"name", "parent", "items": [1, 2]}}`; a list of such objects is read too.
    """
    listed = beside.get("collections")
    found: dict[str, dict[str, None]] = {}
    for each in mapping(listed).values() if isinstance(listed, dict) else many(listed):
        said = mapping(each)
        name = words(said.get("name"))
        for item in many(said.get("items")):
            if name and words(item):
                found.setdefault(words(item), {})[name] = None
    return {item: tuple(names) for item, names in found.items()}


def collection_names(beside: Mapping[str, Any]) -> dict[str, str]:
    """Give the names of collections by their keys."""
    return {
        key: name
        for key, each in mapping(beside.get("collections")).items()
        if (name := words(mapping(each).get("name")))
    }


def zotero_reference(
    item: Mapping[str, Any],
    *,
    position: int,
    line: int,
    held_by: Mapping[str, tuple[str, ...]],
    names: Mapping[str, str],
) -> Reference:
    """Read one item that is no child.

    Args:
        item: Its fields.
        position: 0-based place among the references.
        line: 1-based line where it starts.
        held_by: Names of collections by item number or key.
        names: Names of collections by their own key; the API's items say only keys.
    """
    written = item.get("extra")
    extra, note = read_extra("\n".join(words(each) for each in many(written)))
    identifiers = identify(
        Clues(
            doi=words(item.get("DOI")) or extra.get("doi", ""),
            eprint=extra.get("eprint", ""),
            archive=extra.get("eprinttype", "") or extra.get("archiveprefix", ""),
            arxiv=extra.get("arxiv", "") or extra.get("arxivid", ""),
            pmid=words(item.get("PMID")) or extra.get("pmid", ""),
            pmcid=words(item.get("PMCID")) or extra.get("pmcid", ""),
            issn=words(item.get("ISSN")),
            texts=[*(words(item.get(name)) for name in _CLUES), *extra.values(), note],
        )
    )
    date = next((read for name in _DATES if (read := iso_date(_day(words(item.get(name)))))), "")
    kind = kinds.ZOTERO.get(words(item.get("itemType")), kinds.OTHER)
    raw = _said(item, _TITLES)
    venue = from_rich(_said(item, _VENUES))
    places = [words(item.get(name)) for name in ("itemID", "key", "itemKey")]
    held = [name for place in places for name in held_by.get(place, ())]
    own = [names.get(key, key) for each in many(item.get("collections")) if (key := words(each))]
    return Reference(
        position=position,
        line=line,
        key=words(item.get("citationKey")) or words(item.get("citekey")) or extra.get("citationkey", "")
        or words(item.get("key")) or words(item.get("itemKey")),
        type=kinds.with_preprints(kind, arxiv=identifiers.arxiv, venue=venue),
        title=from_rich(raw),
        title_raw=raw,
        authors=authors(_makers(item)),
        abstract=from_prose(words(item.get("abstractNote"))),
        year=year_of(date),
        date=date,
        venue=venue,
        identifiers=identifiers,
        url=web_address(words(item.get("url"))),
        keywords=tuple(dict.fromkeys(tag for each in many(item.get("tags")) if (tag := _tag(each)))),
        collections=tuple(dict.fromkeys([*own, *held])),
        notes=tuple(said for each in (note, *_notes(item)) if (said := from_prose(each))),
        language=language_tag(words(item.get("language"))),
        fields=as_written(item),
    )  # fmt: skip


def _said(item: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := words(item.get(name)))), "")


def _day(written: str) -> str:
    """Undo Zotero's way of storing dates: "2014-00-00 spring 2014"."""
    stored, _, shown = written.partition(" ")
    has_zeros = "-00" in stored or stored.startswith("0000")
    return shown if has_zeros and shown else stored.replace("-00", "") if has_zeros else written


def _makers(item: Mapping[str, Any]) -> list[str]:
    by_kind: dict[str, list[str]] = {}
    for each in many(item.get("creators")):
        creator = mapping(each)
        # Zotero keeps a suffix behind the given name: "Martin Luther, Jr.".
        given, _, suffix = words(creator.get("firstName")).partition(",")
        # Quotes keep Zotero from taking particles off a surname: "de la Mare".
        family = words(creator.get("lastName")).strip('"')
        name = words(creator.get("name")) or whole_name(family, given, suffix=suffix.strip())
        by_kind.setdefault(words(creator.get("creatorType")) or "author", []).append(from_rich(name))
    return next((by_kind[kind] for kind in _MAKERS if kind in by_kind), [])


def _tag(written: object) -> str:
    return from_rich(words(written) or words(mapping(written).get("tag")))


def _notes(item: Mapping[str, Any]) -> list[str]:
    return [words(each) or words(mapping(each).get("note")) for each in many(item.get("notes"))]
