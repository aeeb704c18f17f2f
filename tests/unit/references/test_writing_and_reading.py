from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academichub.model.papers import Author, Identifiers
from academichub.references.dates import year_of
from academichub.references.entry import Reference
from academichub.references.kinds import with_preprints
from academichub.references.reading import read_library
from academichub.references.writing.details import details_of
from academichub.references.writing.files import write_references
from academichub.references.writing.sheets import Sheet
from academichub.text.unicode import flat, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMATS = ("bib", "biblatex", "ris", "csl.json", "zotero.json", "csv")
# What every format has a word for. Of the others each says the nearest.
TYPES = (
    *("article-journal", "book", "chapter", "paper-conference", "thesis", "report", "webpage", "article"),
    *("entry-encyclopedia", "software", "dataset", "patent", "standard", "document", "manuscript"),
)
NAMES = (
    *("Ada Lovelace", "Ludwig van Beethoven", "Martin Luther King Jr.", "Juan de la Cruz", "Plato", "李怀印"),
    *(
        "欧阳锋",
        "山田太郎",
        "The Example Collaboration",
        "Ştefan Çelik",
        "Łucja Øster-Müller",
        "Rui d'Almeida",
    ),
    *("Institute of Made-up Results", "王小明", "Jean-Luc O'Neil III", "김철수", "e e cummings", "Σωκράτης"),
)
ODD = list("\\{}$%&#_~^<>|`'\"-,.:;()[]@=+*/?! \n\tabcXYZ09éßłøçşếÅ“”‘’–—…«»£·µ×李雷αЯ\u202e\u200b\x00\x1b")
TEXTS = st.text(st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=["Cs"])), max_size=20)


def settled(text: str) -> str:
    """Write a text as every reader gives it: one that reading again does not change."""
    for _ in range(3):
        text = flat(fold(text))
    return text


WORDS = TEXTS.map(settled)
SIMPLE = st.from_regex(r"[A-Za-z][a-z]{1,8}( [a-z0-9]{1,8}){0,3}", fullmatch=True)
DATES = st.one_of(
    st.just(""),
    st.dates(min_value=date(1000, 1, 1)).map(lambda on: on.isoformat()),
    st.dates(min_value=date(1000, 1, 1)).map(lambda on: on.isoformat()[:7]),
    st.integers(1000, 2100).map(str),
)
IDENTIFIERS = st.builds(
    Identifiers,
    doi=st.sampled_from(
        [None, "10.1000/x-1", "10.1002/(sici)1097(1998)17:15/16<1661::aid-sim968>3.0.co;2-2", "10.1000/a_b"]
    ),
    arxiv=st.sampled_from([None, "2606.00001", "quant-ph/0201082"]),
    pmid=st.sampled_from([None, "12345678"]),
    pmcid=st.sampled_from([None, "PMC1234567"]),
    issn=st.sampled_from([None, "1476-4687"]),
)


@st.composite
def references(draw: st.DrawFn) -> Reference:
    """Make up a reference as a reader would give it."""
    identifiers = draw(IDENTIFIERS)
    venue = draw(st.one_of(st.just(""), SIMPLE))
    kind = with_preprints(draw(st.sampled_from(TYPES)), arxiv=identifiers.arxiv, venue=venue)
    on = draw(DATES)
    return Reference(
        position=0,
        line=1,
        key=draw(st.from_regex(r"[A-Za-z][A-Za-z0-9:_-]{0,12}", fullmatch=True)),
        type=kind,
        title=draw(WORDS),
        authors=tuple(
            Author(name) for name in draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True))
        ),
        abstract=draw(WORDS),
        year=year_of(on),
        date=on,
        venue=venue,
        identifiers=identifiers,
        url=draw(st.sampled_from(["", "https://example.org/a_b%20c?d=1&e=~f#g", "http://example.org/$x"])),
        keywords=tuple(draw(st.lists(SIMPLE, max_size=3, unique=True))),
        notes=tuple(draw(st.lists(SIMPLE, max_size=2, unique=True))),
        language=draw(st.sampled_from(["", "en", "zh", "de", "en-US", "zh-CN"])),
    )


def said(reference: Reference) -> dict[str, object]:
    """Give what a reference says, whatever it was written as."""
    return {
        "key": reference.key,
        "type": reference.type,
        "title": reference.title,
        "authors": [author.name for author in reference.authors],
        "abstract": flat(reference.abstract),
        "date": reference.date,
        "year": reference.year,
        "venue": reference.venue,
        "identifiers": reference.identifiers,
        "url": reference.url,
        "keywords": reference.keywords,
        "notes": flat(" ".join(reference.notes)),
        "language": reference.language,
    }


def read_again(sheets: Sequence[Sheet], suffix: str) -> tuple[Reference, ...]:
    """Write and read."""
    library = read_library(write_references(sheets, suffix), name="again")
    assert library.broken == ()
    return library.references


@pytest.mark.parametrize("suffix", FORMATS)
@settings(max_examples=15, deadline=None)
@given(st.lists(references(), min_size=1, max_size=3, unique_by=lambda each: each.key.lower()))
def test_what_was_written_is_read_again(suffix: str, listed: list[Reference]) -> None:
    again = read_again([Sheet(one) for one in listed], suffix)

    assert [said(one) for one in again] == [said(one) for one in listed]


@pytest.mark.parametrize("suffix", FORMATS)
@settings(max_examples=8, deadline=None)
@given(st.lists(references(), min_size=1, max_size=3, unique_by=lambda each: each.key.lower()))
def test_an_entry_that_came_in_a_format_leaves_in_it_as_it_came(suffix: str, listed: list[Reference]) -> None:
    file = write_references([Sheet(one) for one in listed], suffix)
    library = read_library(file, name="first")
    sheets = [
        Sheet(one, library.format, details=details_of(one, library.format)) for one in library.references
    ]

    again = read_again(sheets, suffix)

    assert [replace(one, line=0) for one in again] == [replace(one, line=0) for one in library.references]
