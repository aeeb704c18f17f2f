"""Read arXiv's own metadata formats, as its OAI-PMH service gives them: arXiv, arXivRaw and arXivOld.

Source: the service's templates (github.com/arXiv/oaipmh, oaipmh/templates/record_formats.xml) and real
answers of 2016, 2017 and 2026.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from academichub.errors import CategoryUnknown, RecordBroken
from academichub.model.papers import Form, Record, RecordAuthor, Text
from academichub.model.taxonomy import category, suggest
from academichub.sources.markup import plain
from academichub.sources.xmlanswer import local, text_of
from academichub.text.identifiers import normalize_arxiv

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml.etree import _Element

    _Fields: TypeAlias = Mapping[str, tuple[str, ...]]

ADDRESS: Final = "https://oaipmh.arxiv.org/oai"
IDENTIFIER: Final = "oai:arXiv.org:"
_SPACE: Final = "{http://arxiv.org/OAI/arXiv/}"
_RAW_SPACE: Final = "{http://arxiv.org/OAI/arXivRaw/}"
_OLD_SPACE: Final = "{http://arxiv.org/OAI/arXivOld/}"

# What an element is called in a Record; the others are read one by one.
_FIELDS: Final = (
    ("comments", "arxiv:comment"),
    ("journal-ref", "arxiv:journal_reference"),
    ("license", "dc:rights"),
    ("report-no", "arxiv:report_number"),
    ("msc-class", "arxiv:msc_class"),
    ("acm-class", "arxiv:acm_class"),
    ("proxy", "arxiv:proxy"),
    ("submitter", "arxiv:submitter"),
)
_COMMON: Final = ("id", "title", "abstract", "categories", "doi", *(part for part, _ in _FIELDS))
_AUTHORS: Final = _SPACE + "authors"
_KEYNAME: Final = _SPACE + "keyname"
_FORENAMES: Final = _SPACE + "forenames"
_SUFFIX: Final = _SPACE + "suffix"
_AFFILIATION: Final = _SPACE + "affiliation"
_VERSION: Final = _RAW_SPACE + "version"
_PARTS: Final[Mapping[str, str]] = {
    **{space + name: name for space in (_SPACE, _RAW_SPACE, _OLD_SPACE) for name in _COMMON},
    _SPACE + "created": "created",
    _SPACE + "updated": "updated",
    _RAW_SPACE + "authors": "authors",
    _OLD_SPACE + "authors": "authors",
    _AUTHORS: "",  # holds others, and is read by itself, as are the versions
    _VERSION: "",
}
# arXiv's texts are TeX, where "$a<b$" is no tag; yet some authors send what they wrote for a web page.
_TAGGED: Final = re.compile(r"<br\s?/?>|<(sub|sup|i|b|em|strong|tt)>[^<>$]{1,100}</\1>", re.IGNORECASE)
_DAY: Final = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}")
# An identifier is given when a paper is submitted or announced, by American clocks: the day of the first
# version, in UTC, lies in the identifier's month, before it, or in the first hours of the next.
# Source: 1 of 2,538 records of 2016 lies after its month, by one day; none by more.
_LAST_DAY_OF_GRACE: Final = "02"
_FIRST_CENTURY: Final = "91"  # years of identifiers from here on are of the 1900s
_NUMBER: Final = re.compile(r"v?([1-9][0-9]{0,3})")
_RAW_DATE: Final = re.compile(
    r"(?:[A-Z][a-z]{2},\s*)?([0-9]{1,2})\s+([A-Z][a-z]{2})\s+([0-9]{4})\s+([0-9]{2}:[0-9]{2}:[0-9]{2})\s+GMT"
)
_MONTHS: Final = {
    name: f"{number:02}"
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1
    )
}


class _Version(NamedTuple):
    number: int  # 0 where it has none
    date: str  # as written
    source_type: str
    line: str  # "NUMBER DATE SIZE"


def category_scope(name: str) -> str:
    """Give the scope of a harvest of one category: "https://oaipmh.arxiv.org/oai|arXivRaw|cs:cs:AI".

    One category, as for the feeds: whole archives are slow to come. Its set is the group, the archive and the
    subject; an archive without subjects is its own category ("physics:hep-th").

    Raises:
        CategoryUnknown: arXiv has no such active category; the facts suggest the nearest.
    """
    found = category(name)
    if found is None or not found.active:
        raise CategoryUnknown(category=name, suggestion=suggest(name))
    return f"{ADDRESS}|arXivRaw|{found.group.removeprefix('grp_')}:{found.name.replace('.', ':')}"


def read_arxiv(metadata: _Element, identifier: str, position: int, told: _Fields) -> Record:
    """Read metadata in the format `arXiv`, which splits the authors' names.

    It does not say which version it describes. `created` was the day of the first version until arXiv
    rewrote the service in 2025; since then it is the day of the newest (1706.03762 says 2023-08-02). Where
    it lies after the month that the identifier names it cannot be the first: `published` is then that
    month, `updated` the day, and what was written is kept under arxiv:created and arxiv:updated.

    Raises:
        RecordBroken: There is no arXiv identifier.
    """
    said, groups = _said(metadata)
    base = _base(said, identifier)
    fields = _fields(said, told)
    created, updated = said.get("created", ""), said.get("updated", "")
    month = _month(base)
    published = created or month
    if created[:7] > month and _is_past(created, month):
        fields["arxiv:created"] = (created,)
        if updated:
            fields["arxiv:updated"] = (updated,)
        published, updated = month, created
    return Record(
        position=position,
        external_id=IDENTIFIER + base,
        title=_text(said.get("title", "")),
        link="https://arxiv.org/abs/" + base,
        published=published,
        updated=updated,
        authors=tuple([who for group in groups for each in group if (who := _author(each)).name]),
        summary=_text(said.get("abstract", "")),
        categories=tuple(said.get("categories", "").split()),
        fields=fields,
    )


def read_arxiv_raw(metadata: _Element, identifier: str, position: int, told: _Fields) -> Record:
    """Read metadata in the format `arXivRaw`, or the older `arXivOld`, which has no versions.

    The authors are one text, to be split later. The record describes the newest version; all versions are
    listed in arxiv:versions, one "NUMBER DATE SIZE" each, as written. `published` is the instant of the first
    version, or the month that the identifier names.

    Raises:
        RecordBroken: There is no arXiv identifier.
    """
    said, written = _said(metadata)
    base = _base(said, identifier)
    fields = _fields(said, told)
    versions = [_version(each) for each in written]
    external_id, published, updated = IDENTIFIER + base, _month(base), ""
    if lines := tuple([each.line for each in versions if each.line]):
        fields["arxiv:versions"] = lines
    numbered = sorted(each for each in versions if each.number)
    if numbered:
        first, newest = numbered[0], numbered[-1]
        external_id += f"v{newest.number}"
        updated = _instant(newest.date)
        published = _instant(first.date) if first.number == 1 and first.date else published
        fields["hub:version"] = (str(newest.number),)
        for name, value in (("arxiv:version_date", newest.date), ("arxiv:source_type", newest.source_type)):
            if value:
                fields[name] = (value,)
    authors = said.get("authors", "")
    return Record(
        position=position,
        external_id=external_id,
        title=_text(said.get("title", "")),
        link="https://arxiv.org/abs/" + base,
        published=published,
        updated=updated,
        authors=(RecordAuthor(authors),) if authors else (),
        summary=_text(said.get("abstract", "")),
        categories=tuple(said.get("categories", "").split()),
        fields=fields,
    )


def _said(metadata: _Element) -> tuple[dict[str, str], list[_Element]]:
    """Collect the texts of the child elements by their names, and the elements that hold others.

    An element that comes twice keeps what was said first. What arXiv's formats do not know is kept under
    its own name, with a colon before it.
    """
    said: dict[str, str] = {}
    held: list[_Element] = []
    for child in metadata:
        part = _PARTS.get(child.tag)
        if part == "":
            held.append(child)
            continue
        text = ((child.text or "") if len(child) == 0 else plain(child)).strip()
        if text:
            said.setdefault(f":{local(child)}" if part is None else part, text)
    return said, held


def _base(said: Mapping[str, str], identifier: str) -> str:
    pair = normalize_arxiv(said.get("id", "")) or normalize_arxiv(identifier)
    if pair is None:
        raise RecordBroken(reason=f"no arXiv identifier: {said.get('id', '') or identifier}"[:300])
    return pair[0]


def _fields(said: Mapping[str, str], told: _Fields) -> dict[str, tuple[str, ...]]:
    fields = dict(told)
    for part, name in _FIELDS:
        if part in said:
            fields[name] = (said[part],)
    if "doi" in said:
        # Authors write several into one line; a DOI has no space in it.
        fields["arxiv:doi"] = tuple(said["doi"].split())
    if "categories" in said:
        fields["arxiv:primary_category@term"] = (said["categories"].split(None, 1)[0],)
    for part, text in said.items():
        if part[0] == ":":
            fields.setdefault("arxiv" + part, (text,))
    return fields


def _month(base: str) -> str:
    """Give the month that an identifier names, as 2017-06."""
    archive, _, digits = base.rpartition("/")
    century = "19" if archive and digits[:2] >= _FIRST_CENTURY else "20"
    return f"{century}{digits[:2]}-{digits[2:4]}"


def _is_past(day: str, month: str) -> bool:
    """Tell whether a day, of a later month, lies too late to be that of a first version."""
    if not _DAY.fullmatch(day):
        return False
    months = (int(day[:4]) - int(month[:4])) * 12 + int(day[5:7]) - int(month[5:])
    return months > 1 or day[8:] > _LAST_DAY_OF_GRACE


def _text(written: str) -> Text:
    """Say how to read a title or abstract: as TeX, or as HTML where it has tags beyond doubt."""
    return Text(written, Form.HTML if "<" in written and _TAGGED.search(written) else Form.PLAIN)


def _author(element: _Element) -> RecordAuthor:
    """Read one author: "forenames keyname suffix". A collaboration has a keyname only."""
    keyname = forenames = suffix = ""
    affiliations: tuple[str, ...] = ()
    for child in element:
        tag, text = child.tag, child.text or ""
        if tag == _KEYNAME:
            keyname = text
        elif tag == _FORENAMES:
            forenames = text
        elif tag == _SUFFIX:
            suffix = text
        elif tag == _AFFILIATION and (folded := " ".join(text.split())):
            affiliations = (*affiliations, folded)
    name = " ".join(f"{forenames} {keyname} {suffix}".split())
    return RecordAuthor(name, affiliations=affiliations)


def _version(element: _Element) -> _Version:
    written = " ".join((element.get("version") or "").split())
    number = _NUMBER.fullmatch(written)
    told = {local(child): text_of(child) for child in element}
    date = told.get("date", "")
    parts = (number[1] if number else written, date, told.get("size", ""))
    return _Version(
        number=int(number[1]) if number else 0,
        date=date,
        source_type=told.get("source_type", ""),
        line=" ".join(filter(None, parts)),
    )


def _instant(written: str) -> str:
    """Write "Wed, 23 Sep 2026 11:39:16 GMT" as ISO 8601 does; give anything else back."""
    match = _RAW_DATE.fullmatch(written)
    if match is None or match[2] not in _MONTHS:
        return written
    return f"{match[3]}-{_MONTHS[match[2]]}-{int(match[1]):02}T{match[4]}Z"


# The reader of each format, by the name of its root element. It is given the metadata, the identifier in the
# header, the record's place in the answer, and what else the header tells, to be added to the fields.
READERS: Final[Mapping[str, Callable[[_Element, str, int, _Fields], Record]]] = MappingProxyType(
    {
        _SPACE + "arXiv": read_arxiv,
        _RAW_SPACE + "arXivRaw": read_arxiv_raw,
        _OLD_SPACE + "arXivOld": read_arxiv_raw,
    }
)
