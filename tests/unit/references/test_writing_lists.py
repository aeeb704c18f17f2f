from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from academichub.model.papers import Author, Identifiers
from academichub.references.entry import Reference
from academichub.references.reading import read_library
from academichub.references.writing.details import details_of
from academichub.references.writing.files import write_references
from academichub.references.writing.formats import FORMATS
from academichub.references.writing.sheets import Sheet

ARTICLE = Reference(
    position=0,
    line=1,
    key="",
    type="article-journal",
    title="Learning DNA & proteins",
    authors=(Author("Ada Lovelace"), Author("Ludwig van Beethoven"), Author("Martin Luther King Jr.")),
    abstract="First.\n\nSecond.",
    year=2021,
    date="2021-06-05",
    venue="Journal of Examples",
    identifiers=Identifiers(
        doi="10.1000/x_1", pmid="123", pmcid="PMC9", issn="1476-4687", arxiv="2106.00001"
    ),
    url="https://example.org/a",
    keywords=("one", "two"),
    collections=("To read",),
    notes=("A note.", "Another."),
    language="en",
)
PREPRINT = replace(
    ARTICLE,
    type="article",
    venue="arXiv",
    identifiers=Identifiers(arxiv="2106.00001"),
    collections=(),
    notes=(),
)
DETAILS = {
    "volume": "12",
    "issue": "3",
    "page": "5–9",
    "publisher": "Example Press",
    "publisher-place": "Bern",
    "edition": "2",
    "ISBN": "978-3-16-148410-0",
    "collection-title": "Series",
    "editor": "Grace Hopper\nThe Example Group",
}
HOSTILE = (
    'a } , title = {x}}\n@book{y, title = {z\nTY  - BOOK\nER  - \n</title>]]><b>\x00\x1b\ud800\u202e"; =1+1'
)
FILES = tuple(each.suffix for each in FORMATS if not each.is_feed)


def written(*references: Reference, suffix: str, written_in: str = "", **details: str) -> str:
    sheets = [
        Sheet(one, written_in, categories=("cs.LG",), details=details or details_of(one, written_in))
        for one in references
    ]
    return write_references(sheets, suffix, title="My list").decode()


@pytest.mark.parametrize("suffix", FILES)
@pytest.mark.parametrize(
    "part", ["title", "abstract", "venue", "key", "url", "language", "notes", "keywords", "authors"]
)
def test_hostile_text_stays_inside_its_field(suffix: str, part: str) -> None:
    value: object = HOSTILE
    if part in {"notes", "keywords"}:
        value = (HOSTILE, HOSTILE)
    elif part == "authors":
        value = (Author(HOSTILE), Author("Ada Lovelace"))
    hostile = replace(ARTICLE, **{part: value})  # type: ignore[arg-type]  # each part of its own type

    body = write_references(
        [Sheet(hostile, details=DETAILS), Sheet(replace(ARTICLE, title="Second"))], suffix
    )

    assert not any(mark in body for mark in (b"\x00", b"\x1b", "\u202e".encode()))
    if suffix == "md":
        assert body.decode().count("\n- ") == 1
    else:
        library = read_library(body, name="x")
        assert library.broken == ()
        assert len(library.references) == 2
        assert library.references[1].title == "Second"


@pytest.mark.parametrize(
    ("library_format", "fields"),
    [
        ("bibtex", {"title": (HOSTILE,), "na me": ("x",)}),
        ("ris", {"TY": ("JOUR",), "TI": (HOSTILE,), "AB": ("one\nTY  - BOOK\nER  - \n\nlast",)}),
        ("csl-json", {"title": (HOSTILE,), "custom": ('{"a": NaN}', '{"b": 1}', "{" * 3), "none": ()}),
        ("zotero-json", {"itemType": ("book",), "title": (HOSTILE,), "creators": ("x", '{"name": "y"}')}),
        ("zotero-csv", {"itemType": ("book",), "title": (HOSTILE,), "tags": ("a",)}),
    ],
)
@pytest.mark.parametrize("suffix", FILES)
def test_kept_fields_of_any_content_give_a_file_that_is_whole(
    library_format: str, fields: dict[str, tuple[str, ...]], suffix: str
) -> None:
    reference = replace(ARTICLE, title="Kept", fields=fields)

    body = write_references(
        [Sheet(reference, library_format), Sheet(replace(ARTICLE, title="Second"))], suffix
    )

    if suffix != "md":
        assert read_library(body, name="x").references[-1].title == "Second"


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_csv_has_zoteros_columns_and_begins_with_the_mark_that_excel_needs() -> None:
    text = written(ARTICLE, suffix="csv", **DETAILS)
    row = rows_of(text)[0]

    assert text.startswith('\ufeff"Key","Item Type","Publication Year","Author","Title","Publication Title"')
    assert row["Author"] == "Lovelace, Ada; van Beethoven, Ludwig; King, Martin Luther, Jr."
    assert row["Editor"] == "Hopper, Grace; The Example Group"
    assert (row["Publication Year"], row["Date"], row["Manual Tags"]) == ("2021", "2021-06-05", "one; two")
    assert row["Notes"] == "A note.\n\nAnother."


@pytest.mark.parametrize(
    ("title", "cell"),
    [("=1+1", " =1+1"), ("@SUM(A1)", " @SUM(A1)"), ("-5", "-5"), ("+x", " +x"), ("a = b", "a = b")],
)
def test_no_cell_of_csv_is_a_formula(title: str, cell: str) -> None:
    assert rows_of(written(replace(ARTICLE, title=title), suffix="csv"))[0]["Title"] == cell


def test_csv_keeps_columns_that_zotero_does_not_have() -> None:
    file = (
        b'"Item Type","Title","My Column","Author","Manual Tags","Publication Year"\n'
        b'"book","T","x","Doe, J","a; b","1999"\n'
    )
    library = read_library(file, name="x")

    text = written(*library.references, suffix="csv", written_in="zotero-csv")
    item = json.loads(written(*library.references, suffix="zotero.json", written_in="zotero-csv"))["items"][0]

    assert rows_of(text)[0]["My Column"] == "x"
    assert rows_of(text)[0]["Date"] == ""
    assert read_library(text.encode(), name="x").references[0].fields == library.references[0].fields
    assert item["creators"] == [{"creatorType": "author", "lastName": "Doe", "firstName": "J"}]
    assert "author" not in item


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"@article{a, title={T}, volume={1}, number={2}, pages={3--4}, editor={Hopper, Grace}, publisher=P}",
         {"volume": "1", "issue": "2", "page": "3–4", "editor": "Grace Hopper", "publisher": "P"}),
        (b"TY  - JOUR\nTI  - T\nVL  - 1\nSP  - 3\nEP  - 4\nED  - Hopper, Grace\nER  - \n",
         {"volume": "1", "page": "3–4", "editor": "Grace Hopper"}),
        (b'[{"type": "book", "title": "T", "volume": 1, "editor": [{"literal": "G"}, "H"]}]',
         {"volume": "1", "editor": "G\nH"}),
        (json.dumps([{"itemType": "book", "title": "T", "pages": "3", "creators": [
            {"creatorType": "editor", "name": "G"}, {"creatorType": "author", "name": "A"},
            {"creatorType": "editor", "lastName": "B", "firstName": "C"}]}]).encode(),
         {"page": "3", "editor": "G\nC B"}),
        (b"PMID- 1\nTI  - T\nVI  - 1\nIP  - 2\nPG  - 3-4\n\n", {"volume": "1", "issue": "2", "page": "3-4"}),
        (b"FN X\nVR 1.0\nPT J\nTI T\nBP 3\nEP 4\nER\nEF\n", {"page": "3–4"}),
    ],
)  # fmt: skip
def test_volume_pages_and_editors_go_from_any_format_to_any_other(
    content: bytes, found: dict[str, str]
) -> None:
    library = read_library(content, name="x")

    assert details_of(library.references[0], library.format) == found


def test_a_work_of_the_hub_has_no_more_than_its_parts() -> None:
    assert details_of(ARTICLE, "") == {}


def test_markdown_is_a_list_with_links() -> None:
    many = replace(ARTICLE, authors=tuple(Author(f"A{number}") for number in range(12)), venue="", title="")
    bare = Reference(position=0, line=1, key="", type="book", url="javascript:alert(1)")
    own = replace(bare, title="Own", url="https://example.org/(a) b")

    text = write_references(
        [Sheet(ARTICLE), Sheet(PREPRINT), Sheet(many), Sheet(bare), Sheet(own)], "md", title="A *list*"
    )

    assert text.decode() == (
        "# A \\*list\\*\n\n"
        "- [Learning DNA \\& proteins](https://doi.org/10.1000/x_1) · Ada Lovelace, Ludwig van Beethoven, "
        "Martin Luther King Jr. · *Journal of Examples* · 2021-06-05 · doi:10.1000/x\\_1"
        " · [arXiv:2106.00001](https://arxiv.org/abs/2106.00001)\n"
        "- [Learning DNA \\& proteins](https://arxiv.org/abs/2106.00001) · Ada Lovelace, "
        "Ludwig van Beethoven, Martin Luther King Jr. · *arXiv* · 2021-06-05 · arXiv:2106.00001\n"
        "- [—](https://doi.org/10.1000/x_1) · A0, A1, A2, A3, A4, A5, A6, A7, A8, A9 … · 2021-06-05"
        " · doi:10.1000/x\\_1 · [arXiv:2106.00001](https://arxiv.org/abs/2106.00001)\n"
        "- —\n"
        "- [Own](https://example.org/%28a%29%20b)\n"
    )
    assert write_references([Sheet(bare)], "md") == "- —\n".encode()
