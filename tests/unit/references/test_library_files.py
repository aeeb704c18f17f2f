from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import LibraryUnreadable
from academichub.references.entry import Limits
from academichub.references.reading import read_library

BIB = "@misc{k, title = {Über 图}}"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n\t", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0", "it is no text"),
        (b"%PDF-1.4\n\x01\x02\x03\x04", "it is no text"),
        (b"<html></html>", "a web page or XML, not the export of a library"),
        (b"Dear reader", "no format of a reference manager that the hub reads"),
        (b"[{]", "list"),
        (b"[1, 2]", "JSON, but without references of Zotero or CSL"),
        (b'{"a": 1}', "JSON, but without references of Zotero or CSL"),
        (b'{"a" 1}', "no name and colon on line 1"),
        (b"{1: 2}", "no name and colon on line 1"),
        (b'{"a": x}', "JSON: Expecting value on line 1"),
        (b"[" * 60, "more than 50 lists and objects in it"),
        (b"@a{k}" * 9, "more than 8 entries; split the file"),
        (b"TY  - JOUR\nER  - \n" * 9, "more than 8 entries; split the file"),
        (b'[{"title": "x"}' + b',{"title": "x"}' * 9 + b"]", "more than 8 entries; split the file"),
        (b'"Title","Item Type"\n' + b'"x","book"\n' * 12, "more than 8 entries; split the file"),
        (b"x" * 20_001, "larger than 0 MB"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    limits = Limits(file_bytes=20_000, entries=8, json_values=50)
    if content == b"[{]":
        assert read_library(content, name="x", limits=limits).broken
        return

    with pytest.raises(LibraryUnreadable) as refused:
        read_library(content, name="x.bib", limits=limits)

    assert refused.value.facts == {"file": "x.bib", "reason": reason}


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (BIB.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + BIB.encode(), "utf-8"),
        (b"\xff\xfe" + BIB.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + BIB.encode("utf-16-be"), "utf-16-be"),
        (BIB.encode("utf-16-le"), "utf-16-le"),
        (BIB.encode("utf-16-be"), "utf-16-be"),
        (b"\xff\xfe\0\0" + BIB.encode("utf-32-le"), "utf-32-le"),
        (("% Encoding: GBK\n" + BIB.replace("Ü", "书馆")).encode("gbk"), "gb18030"),
        (BIB.replace("Ü", "图书").encode("gbk"), "gb18030"),
    ],
)
def test_every_usual_encoding_is_found_out(content: bytes, encoding: str) -> None:
    library = read_library(content, name="x")

    assert library.encoding == encoding
    assert library.references[0].title.endswith("图")


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("% Encoding: ISO-8859-1", "cp1252"),
        ("%% Saved with string encoding Western (ISO Latin 1)", "cp1252"),
        ("%% Saved with string encoding Unicode (UTF-8)", "cp1252"),
        ("% encoding: rot13", "cp1252"),
        ("% encoding: nonsense", "cp1252"),
        ("% Encoding: windows-1250", "cp1250"),
        ("% some encoding (windows-1252)", "cp1252"),
    ],
)
def test_what_the_head_says_of_the_encoding_is_tried_before_guessing(head: str, encoding: str) -> None:
    library = read_library(
        f"{head}\n@misc{{k, title={{Pérez Muñoz}}}}\r\n".encode(encoding, "replace"), name="x"
    )

    assert library.encoding == encoding
    assert library.references[0].title.startswith("Pérez")


def test_a_guess_at_the_encoding_is_said() -> None:
    guessed = read_library("@misc{k, title={Pérez “é”}}".encode("cp1252"), name="x")

    assert guessed.references[0].title == "Pérez “é”"
    assert "read as cp1252" in guessed.warnings[0].reason
    assert read_library(b"@misc{k, title={\xff}}", name="x").encoding == "cp1252"


def test_a_library_in_one_format_may_quote_another() -> None:
    ris = read_library(b"TY  - JOUR\nTI  - x\nN1  - @misc{k, title={y}}\nER  - \n", name="x")
    bib = read_library(b"@misc{k, title={y}, note={\nTY  - JOUR\n}}", name="x")

    assert (ris.format, bib.format) == ("ris", "bibtex")


@pytest.mark.parametrize("content", [b"% nothing yet\n%\n", b"[]", b'{"items": []}', b"@comment{x}"])
def test_an_empty_library_is_a_library(content: bytes) -> None:
    assert read_library(content, name="x").references == ()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        positions = [each.position for each in read_library(content, name="x").references]
    except LibraryUnreadable:
        positions = []

    assert positions == list(range(len(positions)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
NAMES = ["itemType", "title", "creators", "date", "tags", "collections", "extra", "notes", "DOI", "author"]
FIELDS = st.sampled_from([*NAMES, "issued", "type", "id", "ISSN", "keyword", "note", "data"])


@given(st.lists(st.dictionaries(FIELDS, JSON, max_size=8), min_size=1, max_size=4))
def test_json_with_fields_of_any_shape_never_stops_the_reading(entries: list[dict[str, object]]) -> None:
    content = json.dumps([{"title": "x"}, *entries]).encode()

    library = read_library(content, name="x")

    skipped = sum(library.skipped.values())
    assert len(library.references) + len(library.broken) + skipped == len(entries) + 1
