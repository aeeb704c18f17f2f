"""Make terms of bare words and of what stands behind a field's name. Knows no operators and no groups."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from academichub.model.papers import Kind
from academichub.model.query import FEATURES, STATES, DateRange, Field, Not, QueryFault, Term
from academichub.model.taxonomy import category
from academichub.text.identifiers import normalize_arxiv, normalize_doi, normalize_orcid
from academichub.text.titles import bare
from academichub.text.words import readings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SHORTEST_PREFIX: Final = 2  # characters of the last word before the star

_REGISTRANT: Final = re.compile(r"10\.[0-9]{4,9}/?")
_DOI_START: Final = re.compile(r"10\.[0-9]")
_DAY: Final = r"([0-9]{4})(?:[-/年]([0-9]{1,2})(?:[-/月]([0-9]{1,2})日?|月)?|年)?"
_SINGLE: Final = re.compile(rf"(>=|<=|>|<|=)?\s*{_DAY}", re.ASCII)
_SPAN: Final = re.compile(rf"(?:{_DAY})?\.\.(?:{_DAY})?", re.ASCII)
_LOOSE: Final = frozenset((None, Field.TITLE, Field.ABSTRACT))
_ONE_DAY: Final = timedelta(days=1)
_DECEMBER: Final = 12


class ValueRefusedError(Exception):
    """A value that its field cannot take; the parser adds where it stands."""

    def __init__(self, fault: QueryFault) -> None:
        super().__init__(fault)
        self.fault = fault


def term_of(
    text: str, field: Field | None, *, is_quoted: bool, is_loose: bool = False
) -> Term | DateRange | Not:
    """Read a value.

    Args:
        text: No quotation marks, single spaces between words, perhaps a star at its end.
        field: What it is sought in; None is the title or the abstract.
        is_quoted: Whether it stood in quotation marks; there, a star inside is only a mark.
        is_loose: Whether a word outside quotation marks is found in its other forms too.

    Raises:
        ValueRefusedError: The field cannot take it.
    """
    if field is Field.DATE:
        return _date_range(text)
    if field is Field.DOI:
        return _doi(text)
    if field in _CLOSED:
        if "*" in text and not is_quoted:
            raise ValueRefusedError(QueryFault.STAR_MISPLACED)
        return _CLOSED[field](text)
    stem = text.rstrip("* ")
    if "*" in stem and not is_quoted:
        raise ValueRefusedError(QueryFault.STAR_MISPLACED)
    if field is Field.CATEGORY or field is Field.SOURCE:
        return _key_term(stem, field, is_prefix=text.endswith("*"))
    term = _words_term(stem, field, is_prefix=text.endswith("*"))
    if is_quoted or not is_loose or term.is_prefix or field not in _LOOSE:
        return term
    return replace(term, is_loose=True)


def tag_key(name: str) -> str:
    """Give the key under which tags and collections are compared: no case, single spaces."""
    return " ".join(name.casefold().split())


def identifier_keys(identifier: str) -> tuple[str, str]:
    """Give the keys that find an identifier "scheme:value": itself, and its value alone."""
    whole = identifier.lower()
    return whole, whole.partition(":")[2]


def key_of(text: str) -> str:
    """Give the key under which a category or a source is compared: no case, no accents, single spaces."""
    return " ".join(bare(text).split())


@lru_cache(maxsize=4_096)  # works share few of them
def category_keys(name: str) -> tuple[str, ...]:
    """Give every key that finds a category: itself, the one that stands for it, and their archives."""
    own = key_of(name)
    known = category(name)
    standing = own if known is None else known.name.lower()
    wholes = (own,) if own == standing else (own, standing)
    archives = (whole.partition(".")[0] for whole in wholes if "." in whole)
    return tuple(dict.fromkeys((*wholes, *archives)))


def _keyed(text: str, field: Field, key: str) -> Term:
    return Term(text, field, (key,), (key,))


def _state(text: str) -> Term | Not:
    """Read a mark; "unread" is what is not read."""
    state = tag_key(text)
    if state == "unread":
        return Not(_keyed("read", Field.IS, "read"))
    if state not in STATES:
        raise ValueRefusedError(QueryFault.STATE_UNKNOWN)
    return _keyed(state, Field.IS, state)


def _feature(text: str) -> Term:
    feature = tag_key(text)
    if feature == "note":
        return _keyed("noted", Field.IS, "noted")
    if feature not in FEATURES:
        raise ValueRefusedError(QueryFault.FEATURE_UNKNOWN)
    return _keyed(feature, Field.HAS, feature)


def _kind(text: str) -> Term:
    kind = tag_key(text)
    if kind not in set(Kind):
        raise ValueRefusedError(QueryFault.KIND_UNKNOWN)
    return _keyed(kind, Field.KIND, kind)


def _named(text: str, field: Field) -> Term:
    key = tag_key(text)
    if not key:
        raise ValueRefusedError(QueryFault.NO_WORDS)
    return _keyed(text, field, key)


def _orcid(text: str) -> Term:
    orcid = normalize_orcid(text)
    if orcid is None:
        raise ValueRefusedError(QueryFault.ORCID_MALFORMED)
    return _keyed(orcid, Field.ORCID, orcid.lower())


def _identifier(text: str) -> Term:
    """Read an identifier of any scheme, with its scheme before a colon or without."""
    arxiv, doi = normalize_arxiv(text), normalize_doi(text)
    if arxiv is not None:
        written = f"arxiv:{arxiv[0]}"
    elif doi is not None:
        written = f"doi:{doi}"
    else:
        written = " ".join(text.split())
    if not written:
        raise ValueRefusedError(QueryFault.NO_WORDS)
    return _keyed(written, Field.ID, written.lower())


def _words_term(stem: str, field: Field | None, *, is_prefix: bool) -> Term:
    found = readings(stem)
    if not found.parted:
        raise ValueRefusedError(QueryFault.STAR_MISPLACED if is_prefix else QueryFault.NO_WORDS)
    last = found.parted[-1]
    if is_prefix and len(last) < SHORTEST_PREFIX:
        if last.isascii():
            raise ValueRefusedError(QueryFault.PREFIX_TOO_SHORT)
        is_prefix = False  # a Chinese character is a whole word, so the star says nothing
    return Term(stem, field, found.parted, found.joined, is_prefix)


def _key_term(stem: str, field: Field, *, is_prefix: bool) -> Term:
    """Read a category or a source. "cs.*" is the archive itself: "cs"."""
    if is_prefix and field is Field.CATEGORY and stem.endswith("."):
        stem, is_prefix = stem.rstrip(". "), False
    key = key_of(stem)
    if not key:
        raise ValueRefusedError(QueryFault.STAR_MISPLACED if is_prefix else QueryFault.NO_WORDS)
    known = category(stem) if field is Field.CATEGORY and not is_prefix else None
    if known is not None:
        key = known.name.lower()
    return Term(stem, field, (key,), (key,), is_prefix)


def _doi(text: str) -> Term:
    """Read a DOI, or its beginning before a star; "10.1038" is everything of that registrant."""
    stem = text.rstrip("*")
    if stem == text and not _REGISTRANT.fullmatch(text):
        doi = normalize_doi(text)
        if doi is None:
            raise ValueRefusedError(QueryFault.DOI_MALFORMED)
        return Term(doi, Field.DOI, (doi,), (doi,))
    if stem == text:
        stem = text.rstrip("/") + "/"
    begin = _DOI_START.search(stem)
    if begin is None or "*" in stem:
        raise ValueRefusedError(QueryFault.DOI_MALFORMED)
    key = stem[begin.start() :].lower()
    return Term(key, Field.DOI, (key,), (key,), is_prefix=True)


def _date_range(text: str) -> DateRange:
    """Read a year, month or day: alone, behind a comparison, or with ".." on a side of it or between two."""
    single = _SINGLE.fullmatch(text)
    span = _SPAN.fullmatch(text)
    try:
        if single is not None:
            return _compared(single[1] or "=", *_ends(*single.group(2, 3, 4)))
        if span is None or not (span[1] or span[4]):
            raise ValueRefusedError(QueryFault.DATE_MALFORMED)
        first = _ends(*span.group(1, 2, 3))[0] if span[1] else None
        last = _ends(*span.group(4, 5, 6))[1] if span[4] else None
    except (ValueError, OverflowError) as error:  # 31 June, the year 0, or the day after the last
        raise ValueRefusedError(QueryFault.DATE_MALFORMED) from error
    if first and last and first > last:
        raise ValueRefusedError(QueryFault.DATE_BACKWARDS)
    return DateRange(first, last)


def _compared(sign: str, first: date, last: date) -> DateRange:
    if sign == ">=":
        return DateRange(first, None)
    if sign == ">":
        return DateRange(last + _ONE_DAY, None)
    if sign == "<=":
        return DateRange(None, last)
    if sign == "<":
        return DateRange(None, first - _ONE_DAY)
    return DateRange(first, last)


def _ends(year: str, month: str | None, day: str | None) -> tuple[date, date]:
    """Give the first and last day of a year, a month or a day."""
    if month is None:
        return date(int(year), 1, 1), date(int(year), _DECEMBER, 31)
    if day is None:
        last = monthrange(int(year), int(month))[1]
        return date(int(year), int(month), 1), date(int(year), int(month), last)
    return (date(int(year), int(month), int(day)),) * 2


# Fields that take one value as it is, without stars.
_CLOSED: Final[Mapping[Field | None, Callable[[str], Term | Not]]] = {
    Field.IS: _state,
    Field.HAS: _feature,
    Field.KIND: _kind,
    Field.TAG: partial(_named, field=Field.TAG),
    Field.IN: partial(_named, field=Field.IN),
    Field.ORCID: _orcid,
    Field.ID: _identifier,
}
