from __future__ import annotations

import json

import pytest

from academichub.references.csljson import csl_name
from academichub.references.entry import Limits
from academichub.references.jsonscan import NotJson, scan_json
from academichub.references.reading import read_library
from academichub.references.values import as_written, longest, many, words


@pytest.mark.parametrize(
    "written",
    [
        '[\n  {"title": "One"},\n  {"title": "Bad" "type": 1},\n  {"title": "Two"}\n]',
        '[{"title": "One"}, {"title": "Bad" "a": ["}", {"b\\"": 1}]}, {"title": "Two"}]',
        '[\n  {"title": "One"},\n  {"title": "Bad", "a": [1,\n  {"title": "Two"}\n]',
        '[{"title": "One"}, nonsense, {"title": "Two"}]',
        '[\n  {"title": "One"},\n  {"title": "Bad", "n": ' + "9" * 5000 + '},\n  {"title": "Two"}\n]',
        '[\n  {"title": "One"},\n  {"title": "Bad", "n": ' + "[" * 5000 + '},\n  {"title": "Two"}\n]',
        '[{"title": "One"}, }, {"title": "Two"}]',
        '{"config": {"a" 1}, "items": [{"title": "One"}, {"title": "Two"}]}',
        '{"items": [\n  {"title": "One"},\n  {"title": "Bad": 2},\n  {"title": "Two"}\n], "config": }',
    ],
)
def test_a_broken_entry_of_json_is_named_and_its_neighbours_are_read(written: str) -> None:
    library = read_library(written.encode(), name="my.json")

    titles = [each.title for each in library.references]
    assert titles[0] == "One"
    assert titles[-1] == "Two" or "nonsense" in written
    assert library.broken[0].facts["file"] == "my.json"


def test_the_line_and_key_of_a_broken_entry_are_those_of_its_beginning() -> None:
    library = read_library(b'[\n {"title": "x"},\n {\n  "id": "doe",\n  "title" 5\n }\n]', name="x")

    assert library.broken[0].facts == {
        "file": "x",
        "line": 3,
        "entry": "doe",
        "reason": "JSON: Expecting ':' delimiter on line 5",
    }


@pytest.mark.parametrize("written", ['[{"title": "x"}', '[{"title": "x"},', '[{"title": "x"}, {"title": "y'])
def test_a_file_that_is_cut_off_keeps_what_came_before(written: str) -> None:
    library = read_library(written.encode(), name="x")

    assert [each.title for each in library.references] == ["x"]
    assert library.broken[-1].facts["reason"] == "the file ends inside the list of entries"


def test_entries_are_read_across_the_pieces_that_the_decoder_is_shown() -> None:
    items = [{"title": f"T{n}", "note": "x" * 4_000 * (n % 30), "n": n} for n in range(90)]
    broken = '{"title": "bad" 1}'
    text = (
        "[\n"
        + ",\n".join([*(json.dumps(item) for item in items[:45]), broken, *map(json.dumps, items[45:])])
        + "]"
    )

    library = read_library(text.encode(), name="x")

    assert [each.title for each in library.references] == [f"T{n}" for n in range(90)]
    assert library.broken[0].facts["line"] == 47


def test_one_entry_alone_is_a_library_of_one() -> None:
    assert read_library(b'{"type": "book", "title": "Alone"}', name="x").references[0].title == "Alone"
    assert read_library(b'{"references": [{"title": "x"}], "more": {}}', name="x").format == "csl-json"


def test_a_file_made_to_be_read_again_and_again_is_read_only_so_often() -> None:
    lines = "[\n" + '  {"a": [1, 2,\n' * 2000

    assert len(scan_json(lines).broken) < 2000
    assert scan_json("[]]]").entries == ()
    with pytest.raises(NotJson):
        scan_json("5")
    assert scan_json('[{"a" 1]').broken


def test_a_field_beyond_the_limit_breaks_its_entry_only() -> None:
    content = json.dumps([{"title": "x" * 60, "id": "big"}, {"title": "y"}]).encode()

    library = read_library(content, name="x", limits=Limits(field_characters=50))

    assert library.broken[0].facts["entry"] == "big"
    assert [each.title for each in library.references] == ["y"]


def test_items_of_zotero_may_lack_anything() -> None:
    items = [
        {"itemType": "book"},
        {
            "itemType": "book",
            "date": "0000-00-00 forthcoming",
            "creators": [{"creatorType": "editor", "name": "E"}],
        },
        {"itemType": "book", "date": "2014-00-00", "collections": [1, None], "tags": [{"tag": ""}]},
        {
            "itemType": "journalArticle",
            "title": "T",
            "extra": "Citation Key: doe\nhttp://x.example\nType: article",
        },
    ]
    document = {
        "items": items,
        "collections": [{"name": "C", "items": [1, None]}, {"name": "", "items": [2]}, 3],
    }

    library = read_library(json.dumps(document).encode(), name="x")

    assert [each.date for each in library.references] == ["", "", "2014", ""]
    assert library.references[1].authors == ()
    assert library.references[2].collections == ("1",)
    assert library.references[3].key == "doe"
    assert library.references[3].notes == ("http://x.example",)


def test_quoted_surnames_and_suffixes_of_zotero_are_understood() -> None:
    creators = [{"lastName": '"de la Mare"', "firstName": "Walter, III"}]

    library = read_library(json.dumps([{"itemType": "book", "creators": creators}]).encode(), name="x")

    assert library.references[0].authors[0].name == "Walter de la Mare III"


def test_names_of_csl_come_in_every_shape() -> None:
    assert (
        csl_name({"family": "Doe", "given": "J", "dropping-particle": "von", "suffix": "Jr"})
        == "J von Doe Jr"
    )
    assert csl_name({"name": "Org"}) == csl_name("Org") == "Org"
    assert csl_name(None) == ""


def test_values_of_the_wrong_shape_are_no_values() -> None:
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]

    assert words("\ud800x") == "?x"
    assert words(value=True) == words(None) == words([]) == ""
    assert many("") == many(None) == []
    assert longest("abc") == 3
    assert longest(5) == longest({"a": 1}) == 0
    assert as_written({"a": [1, "b"], "c": deep, "d": {"e": None}}) == {
        "a": ("1", "b"),
        "c": ("",),
        "d": ('{"e": null}',),
    }
