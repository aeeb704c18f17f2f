from __future__ import annotations

import json
from dataclasses import replace

import jsonschema  # type: ignore[import-untyped]  # it brings no types
import pytest

from academichub.errors import FormatUnknown
from academichub.model.papers import Author, Identifiers
from academichub.references.entry import Reference
from academichub.references.plain import from_prose
from academichub.references.reading import read_library
from academichub.references.writing.details import details_of
from academichub.references.writing.files import format_named, write_feed, write_references
from academichub.references.writing.formats import FORMATS
from academichub.references.writing.jsontext import structure
from academichub.references.writing.sheets import Heading, Sheet, sound
from academichub.references.writing.spelling import spell
from tests.fakes.drafts import NOW

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


def test_bibtex_has_the_fields_that_styles_print() -> None:
    assert (
        written(ARTICLE, suffix="bib", **DETAILS)
        == r"""@article{lovelace2021learning,
  author = {Lovelace, Ada and van Beethoven, Ludwig and King, Jr., Martin Luther},
  title = {Learning {DNA} \& proteins},
  journal = {Journal of Examples},
  year = {2021},
  month = jun # "~5",
  volume = {12},
  number = {3},
  pages = {5--9},
  publisher = {Example Press},
  address = {Bern},
  edition = {2},
  isbn = {978-3-16-148410-0},
  series = {Series},
  editor = {Hopper, Grace and {The Example Group}},
  doi = {10.1000/x_1},
  eprint = {2106.00001},
  archiveprefix = {arXiv},
  primaryclass = {cs.LG},
  pmid = {123},
  pmcid = {PMC9},
  issn = {1476-4687},
  url = {https://example.org/a},
  abstract = {First. Second.},
  keywords = {one, two},
  groups = {To read},
  note = {A note.},
  annote = {Another.},
  language = {en},
}
"""
    )


def test_an_arxiv_preprint_is_what_arxiv_itself_writes_for_bibtex_and_biblatex() -> None:
    for_bibtex, for_biblatex = written(PREPRINT, suffix="bib"), written(PREPRINT, suffix="biblatex")

    assert for_bibtex.startswith("@misc{lovelace2021learning,")
    assert "  eprint = {2106.00001},\n  archiveprefix = {arXiv},\n  primaryclass = {cs.LG},\n" in for_bibtex
    assert "  date = {2021-06-05},\n" in for_biblatex
    assert "  eprint = {2106.00001},\n  eprinttype = {arXiv},\n  eprintclass = {cs.LG},\n" in for_biblatex
    assert "  langid = {english},\n" in for_biblatex


@pytest.mark.parametrize(
    ("date", "lines"),
    [
        ("2021", ["  year = {2021},"]),
        ("2021-02", ["  year = {2021},", "  month = feb,"]),
        ("1103-02-03", ["  year = {1103},", "  month = {2},", "  day = {3},"]),
        ("", []),
    ],
)
def test_bibtex_says_no_more_of_a_date_than_is_known(date: str, lines: list[str]) -> None:
    text = written(replace(ARTICLE, date=date), suffix="bib")

    assert [line for line in text.split("\n") if line.startswith(("  year", "  month", "  day"))] == lines


@pytest.mark.parametrize(
    ("kind", "fields", "head"),
    [
        ("thesis", {"type": ("Master's thesis",)}, "@mastersthesis{"),
        ("thesis", {}, "@phdthesis{"),
        ("chapter", {}, "@incollection{"),
        ("musical_score", {}, "@misc{"),
        ("article", {}, "@preprint{"),
    ],
)
def test_types_are_the_nearest_of_bibtex(kind: str, fields: dict[str, tuple[str, ...]], head: str) -> None:
    reference = replace(ARTICLE, type=kind, fields=fields, identifiers=Identifiers())

    assert written(reference, suffix="bib").startswith(head)


def test_lists_keep_commas_and_semicolons_of_their_words() -> None:
    reference = replace(ARTICLE, keywords=("salt, sea", "x"), collections=("a; b", "c"), notes=())

    text = written(reference, suffix="bib")
    again = read_library(text.encode(), name="x").references[0]

    assert (again.keywords, again.collections) == (reference.keywords, reference.collections)


def test_an_inherited_part_is_written_out_where_its_parent_stays_behind() -> None:
    library = read_library(
        b"@inproceedings{part, title={Part}, author={A B}, crossref={whole}}\n"
        b"@proceedings{whole, title={Proceedings of Examples}, year={2020}}",
        name="x",
    )
    part, whole = library.references

    together = written(part, whole, suffix="bib", written_in="bibtex")
    alone = written(part, suffix="bib", written_in="bibtex")

    assert "crossref = {whole}" in together
    assert "booktitle" not in together
    assert "crossref" not in alone
    assert "  booktitle = {Proceedings of Examples},\n  year = {2020},\n" in alone


def test_a_parent_whose_key_had_to_change_is_still_the_parent() -> None:
    library = read_library(
        b"@misc{Whole, title={First}}\n@inproceedings{part, title={Part}, crossref={whole 1}}\n"
        b"@proceedings{whole 1, title={Proceedings}, year={2020}}",
        name="x",
    )

    text = written(*library.references, suffix="bib", written_in="bibtex")

    assert "crossref = {whole_1}" in text
    assert "@book{whole_1," in text


def test_groups_that_a_comment_of_the_file_named_are_kept_in_the_entry() -> None:
    library = read_library(
        b"@article{a, title={T}, year={2020}}\n@comment{jabref-meta: groupstree:\n0 AllEntriesGroup:;\n"
        b"1 ExplicitGroup:Reading\\;0\\;a\\;;\n}",
        name="x",
    )

    assert "  groups = {Reading},\n" in written(*library.references, suffix="bib", written_in="bibtex")


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("a {b} c", "a {b} c"),
        ("a {b c", "a b c"),
        (r"a {b \\ c", r"a b \\ c"),
        ("a } b", "a  b"),
        (r"a \} b", r"a \textbraceright{} b"),
        (r"a \{b} c", r"a \textbraceleft{}b c"),
        ("a\n@book{x, title={y}}", "a @book{x, title={y}}"),
    ],
)
def test_braces_of_a_kept_field_always_pair(value: str, kept: str) -> None:
    reference = replace(ARTICLE, key="k", title=value, fields={"title": (value,)})

    text = written(reference, suffix="bib", written_in="bibtex")

    assert f"  title = {{{kept}}},\n" in text or "title = {" in text
    assert len(read_library(text.encode(), name="x").references) == 1


def test_what_only_biblatex_knows_is_said_again_for_bibtex() -> None:
    library = read_library(
        b"@online{a, title={T}, subtitle={S}, date={2020-05}, eprint={2106.00001}, eprinttype={arxiv}}",
        name="x",
    )

    text = written(*library.references, suffix="bib", written_in="biblatex")

    assert "date" not in text
    assert "  title = {T: S},\n" in text
    assert "  year = {2020},\n  month = may,\n" in text
    assert "archiveprefix = {arxiv}" in text


def test_ris_has_a_tag_for_every_part() -> None:
    text = written(ARTICLE, suffix="ris", **DETAILS)

    assert text.startswith("TY  - JOUR\nID  - lovelace2021learning\nTI  - Learning DNA & proteins\n")
    for line in (
        "AU  - van Beethoven, Ludwig", "AU  - King, Martin Luther, Jr.", "ED  - The Example Group",
        "PY  - 2021", "DA  - 2021/06/05", "SP  - 5", "EP  - 9", "VL  - 12", "AN  - arXiv:2106.00001",
        "PM  - 123", "C2  - PMC9",
        "KW  - two", "N1  - Another.",
    ):  # fmt: skip
        assert f"\n{line}\n" in text
    assert text.endswith("ER  - \n")


def test_ris_keeps_a_value_of_several_lines() -> None:
    library = read_library(b"TY  - JOUR\nAB  - one\n      TY  - two\nthree\nER  - \n", name="x")

    again = read_library(written(*library.references, suffix="ris", written_in="ris").encode(), name="x")

    assert again.references[0].fields == library.references[0].fields


CSL_TEXT: dict[str, object] = {"type": "string", "minLength": 1}
CSL_NAME: dict[str, object] = {
    "type": "object",
    "properties": {
        name: {"type": "string", "minLength": 1} for name in ("family", "given", "literal", "suffix")
    },
    "anyOf": [{"required": ["family", "given"]}, {"required": ["literal"]}],
}
CSL_TEXTS = (
    *(
        "id",
        "type",
        "title",
        "container-title",
        "volume",
        "issue",
        "page",
        "publisher",
        "publisher-place",
        "edition",
    ),
    *(
        "ISBN",
        "collection-title",
        "number",
        "archive",
        "archive_location",
        "DOI",
        "PMID",
        "PMCID",
        "ISSN",
        "URL",
    ),
    *("abstract", "keyword", "language", "annote"),
)
CSL_SCHEMA: dict[str, object] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "type"],
        "additionalProperties": False,
        "properties": {
            **dict.fromkeys(CSL_TEXTS, CSL_TEXT),
            "author": {"type": "array", "items": CSL_NAME},
            "editor": {"type": "array", "items": CSL_NAME},
            "issued": {
                "type": "object",
                "properties": {
                    "date-parts": {
                        "type": "array",
                        "maxItems": 2,
                        "items": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": 3,
                            "items": {"type": "integer"},
                        },
                    }
                },
            },
        },
    },
}


def test_csl_json_is_as_its_schema_says() -> None:
    entries = json.loads(
        written(ARTICLE, PREPRINT, replace(ARTICLE, type="odd", authors=()), suffix="csl.json", **DETAILS)
    )

    jsonschema.validate(entries, CSL_SCHEMA)
    assert entries[0]["author"][1] == {
        "family": "Beethoven",
        "given": "Ludwig",
        "non-dropping-particle": "van",
    }
    assert entries[0]["issued"] == {"date-parts": [[2021, 6, 5]]}
    assert entries[1]["number"] == "arXiv:2106.00001"
    assert entries[2]["type"] == "document"


def test_csl_json_leaves_as_it_came() -> None:
    entries: list[dict[str, object]] = [
        {"id": "a", "type": "book", "title": '{"not": 1}', "author": [{"family": "X"}, "Y", 5],
         "ISSN": ["1", "2"],
         "issued": {"date-parts": [[2020]]}, "custom": {"a": [1, {"b": None}]}, "volume": "", "number": 7},
        {"citation-key": "b", "title": "No id"},
        {"title": "Nothing", "DOI": "10.1000/x"},
        {"type": "book", "title": "", "URL": "https://example.org"},
    ]  # fmt: skip
    library = read_library(json.dumps(entries).encode(), name="x")

    again = json.loads(written(*library.references, suffix="csl.json", written_in="csl-json"))

    assert again[0] == {**entries[0], "number": "7"}
    assert again[1] == entries[1]
    assert again[2] == {"id": "nothing", **entries[2]}


def test_zotero_json_names_collections_by_key_and_by_list() -> None:
    library = read_library(
        json.dumps({
            "collections": {"K1": {"name": "Mine"}, "K2": {"name": "Other", "items": [7, "Z"]}},
            "items": [
                {"itemType": "book", "itemID": 7, "title": "A", "collections": ["K1"], "version": 3},
                {"itemType": "book", "key": "Z", "title": "B", "creators": [], "tags": [{"tag": "x"}],
                 "itemID": "07"},
            ],
        }).encode(), name="x",
    )  # fmt: skip

    text = written(*library.references, suffix="zotero.json", written_in="zotero-json")
    again = read_library(text.encode(), name="x")

    assert [one.collections for one in again.references] == [("Mine", "Other"), ("Other",)]
    assert json.loads(text)["items"][0]["itemID"] == 7
    assert json.loads(text)["items"][1]["itemID"] == "07"


def test_zotero_json_of_the_api_keeps_what_it_does_not_know() -> None:
    items = [{"key": "A", "itemType": "book", "title": "T", "collections": ["K9"], "extra": None}]
    library = read_library(json.dumps(items).encode(), name="x")

    text = written(*library.references, suffix="zotero.json", written_in="zotero-json")

    assert read_library(text.encode(), name="x").references[0].collections == ("K9",)
    assert json.loads(text) == {"collections": {}, "items": [{**items[0], "extra": ""}]}


def test_zotero_json_of_a_reference_has_the_fields_of_its_type() -> None:
    items = json.loads(
        written(ARTICLE, replace(PREPRINT, type="patent"), PREPRINT, suffix="zotero.json", **DETAILS)
    )

    first, patent, preprint = items["items"]
    assert first["itemType"] == "journalArticle"
    assert first["publicationTitle"] == "Journal of Examples"
    assert first["extra"] == "arXiv: 2106.00001\nPMID: 123\nPMCID: PMC9"
    assert first["creators"][2] == {
        "firstName": "Martin Luther, Jr.",
        "lastName": "King",
        "creatorType": "author",
    }
    assert first["creators"][4] == {"name": "The Example Group", "creatorType": "editor"}
    assert (patent["issueDate"], patent["creators"][0]["creatorType"]) == ("2021-06-05", "inventor")
    assert (preprint["archiveID"], preprint["repository"]) == ("arXiv:2106.00001", "arXiv")
    assert items["collections"]["LIST0001"]["items"] == [1]


@pytest.mark.parametrize("suffix", FILES)
def test_the_same_list_gives_the_same_bytes(suffix: str) -> None:
    assert written(ARTICLE, PREPRINT, suffix=suffix) == written(ARTICLE, PREPRINT, suffix=suffix)


def test_what_nothing_is_written_as_is_refused() -> None:
    heading = Heading("T", "https://hub.example/", NOW)

    for attempt in (
        lambda: format_named("docx"),
        lambda: write_references([], "atom"),
        lambda: write_feed(heading, [], "bib"),
    ):
        with pytest.raises(FormatUnknown):
            attempt()
    assert format_named("bib").media_type.startswith("application/x-bibtex")


@pytest.mark.parametrize(
    "spelled",
    ["plain", "{", '{"a": NaN}', '{"a":1}', "{} ", '{"a": ' * 150 + "1" + "}" * 150, '{"a": ' * 90_000],
)
def test_a_text_that_only_looks_like_json_stays_a_text(spelled: str) -> None:
    assert structure(spelled) is None


def test_an_object_kept_as_text_is_an_object_again() -> None:
    assert structure('{"a": [1, {"b": "c"}]}') == {"a": [1, {"b": "c"}]}


def test_texts_lose_only_what_no_file_can_carry() -> None:
    assert sound("a\x00b\u202ec\ud800d\te\nf\u200d") == "abc\ufffdd\te\nf\u200d"


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("plain", "plain"),
        ("", ""),
        ("<b>x</b>", "&#60;b&#62;x&#60;/b&#62;"),
        ("A~0", r"A\textasciitilde{}0"),
        ("\\{", r"\textbackslash{}\textbraceleft{}"),
    ],
)
def test_an_abstract_is_spelled_so_that_it_is_read_as_it_is(text: str, spelled: str) -> None:
    assert spell(text, from_prose) == spelled


def test_what_cannot_be_spelled_stays_as_it_is() -> None:
    assert spell("x", lambda _: "y") == "x"
