"""Write items of Zotero as JSON: a list under "items", with the collections that hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from academichub.references import kinds
from academichub.references.plain import from_prose, from_rich
from academichub.references.writing.details import EDITORS, ZOTERO_FORMATS
from academichub.references.writing.jsontext import structure, to_json
from academichub.references.writing.keys import keys_for
from academichub.references.writing.namewords import name_words
from academichub.references.writing.spelling import spell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.references.writing.sheets import Sheet

_TYPES: Final[Mapping[str, str]] = {
    **{csl: zotero for zotero, csl in reversed(list(kinds.ZOTERO.items()))},
    "personal_communication": "letter",
    "motion_picture": "film",
    "broadcast": "radioBroadcast",
}
_OTHER: Final = "document"
_MAKERS: Final = {
    "artwork": "artist", "audioRecording": "performer", "bill": "sponsor", "computerProgram": "programmer",
    "film": "director", "hearing": "contributor", "interview": "interviewee", "map": "cartographer",
    "patent": "inventor", "presentation": "presenter", "radioBroadcast": "director",
}  # fmt: skip
_TITLES: Final = {"case": "caseName", "statute": "nameOfAct", "email": "subject"}
_VENUES: Final = {
    "journalArticle": "publicationTitle", "magazineArticle": "publicationTitle",
    "newspaperArticle": "publicationTitle", "bookSection": "bookTitle", "conferencePaper": "proceedingsTitle",
    "encyclopediaArticle": "encyclopediaTitle", "dictionaryEntry": "dictionaryTitle", "blogPost": "blogTitle",
    "webpage": "websiteTitle", "thesis": "university", "report": "institution", "preprint": "repository",
    "presentation": "meetingName", "radioBroadcast": "programTitle", "case": "court",
}  # fmt: skip
_DATES: Final = {"case": "dateDecided", "statute": "dateEnacted", "patent": "issueDate"}
_DETAILS: Final = (
    ("volume", "volume"),
    ("issue", "issue"),
    ("page", "pages"),
    ("publisher", "publisher"),
    ("publisher-place", "place"),
    ("edition", "edition"),
    ("ISBN", "ISBN"),
    ("collection-title", "series"),
)
_LISTS: Final = frozenset(
    {"creators", "tags", "collections", "notes", "attachments", "relations", "seeAlso", "items"}
)
# Columns of the CSV that `creators`, `tags` and `date` say better.
_ONLY_IN_CSV: Final = frozenset(
    {"author", "editor", "contributor", "manualTags", "automaticTags", "publicationYear", "linkAttachments"}
)


def write_zotero(sheets: Sequence[Sheet]) -> str:
    """Write a file."""
    keys = keys_for([sheet.reference for sheet in sheets], is_tex=False)
    items: list[dict[str, Any]] = []
    held: dict[str, list[Any]] = {}
    own: dict[str, str] = {}
    for number, (sheet, key) in enumerate(zip(sheets, keys, strict=True), start=1):
        item = zotero_item(sheet, key)
        names = _own_collections(item, sheet, own)
        if rest := [name for name in sheet.reference.collections if name not in names]:
            mark = next((item[name] for name in ("itemID", "key", "itemKey") if item.get(name)), None)
            if mark is None:
                mark = item["itemID"] = number
            for name in rest:
                held.setdefault(name, []).append(mark)
        items.append(item)
    collections: dict[str, Any] = {key: {"key": key, "name": name, "items": []} for key, name in own.items()}
    for number, (name, marks) in enumerate(held.items(), start=1):
        key = f"LIST{number:04}"
        collections[key] = {"key": key, "name": name, "items": marks}
    return to_json({"collections": collections, "items": items})


def _own_collections(item: Mapping[str, Any], sheet: Sheet, own: dict[str, str]) -> tuple[str, ...]:
    """Learn the names of the collections that an item names by key; give those it names."""
    keys = item.get("collections") or []
    names = sheet.reference.collections[: len(keys)]
    for key, name in zip(keys, names, strict=False):
        if isinstance(key, str) and key != name:
            own.setdefault(key, name)
    return names


def zotero_item(sheet: Sheet, key: str) -> dict[str, Any]:
    """Make one item."""
    if sheet.written_in not in ZOTERO_FORMATS:
        return from_parts(sheet, key)
    of_csv = _ONLY_IN_CSV if sheet.written_in == "zotero-csv" else frozenset[str]()
    return {
        name: _value(name, values) for name, values in sheet.reference.fields.items() if name not in of_csv
    }


def _value(name: str, values: tuple[str, ...]) -> object:
    read = [_element(name, value) for value in values]
    if name in _LISTS and name != "relations":
        return read
    if not read:
        return ""
    return read[0] if len(read) == 1 else read


def _element(name: str, value: str) -> object:
    found = structure(value) if name in _LISTS else None
    if found is not None:
        return found
    is_number = (
        name in {"itemID", "version"} and value.isascii() and value.isdigit() and str(int(value)) == value
    )
    return int(value) if is_number else value


def from_parts(sheet: Sheet, key: str) -> dict[str, Any]:
    """Make an item of what a reference says in words of its own."""
    reference, details = sheet.reference, sheet.details
    kind = _TYPES.get(reference.type, _OTHER)
    identifiers = reference.identifiers
    maker = _MAKERS.get(kind, "author")
    item: dict[str, Any] = {
        "itemType": kind,
        "citationKey": key,
        _TITLES.get(kind, "title"): spell(reference.title, from_rich),
        "creators": [
            *(_creator(author.name, maker) for author in reference.authors),
            *(_creator(name, "editor") for name in filter(None, details.get(EDITORS, "").split("\n"))),
        ],
        _DATES.get(kind, "date"): reference.date,
        **{name: details.get(detail, "") for detail, name in _DETAILS},
        "archiveID": f"arXiv:{identifiers.arxiv}" if identifiers.arxiv and kind == "preprint" else "",
        "DOI": identifiers.doi,
        "ISSN": identifiers.issn,
        "url": reference.url,
        "abstractNote": spell(reference.abstract, from_prose),
        "language": reference.language,
        "extra": _extra(sheet, kind),
        "tags": [{"tag": spell(word, from_rich)} for word in reference.keywords],
        "notes": [{"note": spell(note, from_prose)} for note in reference.notes],
    }
    if reference.venue:
        item[_VENUES.get(kind, "publisher")] = spell(reference.venue, from_rich)
    return {name: value for name, value in item.items() if value}


def _extra(sheet: Sheet, kind: str) -> str:
    """Say what items have no field for, in the way that Zotero reads it."""
    identifiers = sheet.reference.identifiers
    lines = (
        ("arXiv", identifiers.arxiv if kind != "preprint" else None),
        ("PMID", identifiers.pmid),
        ("PMCID", identifiers.pmcid),
    )
    return "\n".join(f"{name}: {value}" for name, value in lines if value)


def _creator(name: str, kind: str) -> dict[str, str]:
    words = name_words(name)
    if words.is_body or not words.given:
        return {"name": spell(name, from_rich), "creatorType": kind}
    family = f"{words.particle} {words.family}".lstrip()
    given = f"{words.given}, {words.suffix}" if words.suffix else words.given
    return {
        "firstName": spell(given, from_rich),
        "lastName": spell(family, from_rich),
        "creatorType": kind,
    }
