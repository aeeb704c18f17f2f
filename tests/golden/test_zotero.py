"""What Zotero's answers are read as: hand-made ones, whole and odd."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from academichub.errors import AnswerUnknown, FeedEmptyAnswer, FeedIsWebPage, FeedUnreadable
from academichub.sources import zoteroapi

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent / "zotero"


def test_items_are_read_as_they_always_were(golden: Callable[[Path, object], None]) -> None:
    found = zoteroapi.read_items(
        (FOLDER / "items.json").read_bytes(), position=100, names={"QQQQ1111": "Quanta"}
    )

    golden(FOLDER / "items.expected.json", [asdict(one) for one in found])


def test_collections_are_read_as_they_always_were(golden: Callable[[Path, object], None]) -> None:
    count, found = zoteroapi.read_collections((FOLDER / "collections.json").read_bytes())

    told = {
        "count": count,
        "collections": [one._asdict() for one in found],
        "paths": zoteroapi.paths_of(found),
        "around": [one.key for one in zoteroapi.around(found, "RING0001")],
    }
    golden(FOLDER / "collections.expected.json", told)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", FeedEmptyAnswer),
        (b"<html><title>Down</title></html>", FeedIsWebPage),
        (b"[1, 2", FeedUnreadable),
        (b'{"a": "list is wanted"}', AnswerUnknown),
        (b"null", FeedUnreadable),
    ],
)
def test_what_is_no_page_of_items_is_named_for_what_it_is(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        zoteroapi.read_items(body, position=0, names={})


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"userID": "nobody"}', b'{"items": "none"}'])
def test_an_answer_without_what_was_asked_for_is_none(body: bytes) -> None:
    with pytest.raises(AnswerUnknown):
        zoteroapi.read_key(body)
    with pytest.raises(AnswerUnknown):
        zoteroapi.read_deleted(body)


def test_a_key_is_its_owners() -> None:
    found = zoteroapi.read_key(b'{"userID": 475425, "username": "ada", "access": {}}')

    assert found == zoteroapi.ZoteroKey(475425, "ada")


def test_of_what_is_gone_the_items_are_named() -> None:
    body = b'{"items": ["ABCD2345", 5, ""], "collections": ["QQQQ1111"], "tags": [], "searches": []}'

    assert zoteroapi.read_deleted(body) == ("ABCD2345",)


@pytest.mark.parametrize(
    ("headers", "heads"),
    [
        (
            {"last-modified-version": "41", "total-results": "250", "backoff": "30"},
            zoteroapi.Heads(41, 250, 30.0),
        ),
        ({}, zoteroapi.Heads(None, None, 0.0)),
        (
            {"last-modified-version": "-1", "total-results": "many", "backoff": "soon"},
            zoteroapi.Heads(None, None, 0.0),
        ),
        ({"backoff": "999999"}, zoteroapi.Heads(None, None, 86_400.0)),
    ],
)
def test_headers_are_believed_as_far_as_they_make_sense(
    headers: dict[str, str], heads: zoteroapi.Heads
) -> None:
    assert zoteroapi.read_heads(headers) == heads


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("users/12", "users/12"),
        (" group:34 ", "groups/34"),
        ("https://www.zotero.org/groups/34/reading_circle/library", "groups/34"),
        ("groups/0034", "groups/34"),
    ],
)
def test_a_library_is_named_in_several_ways(said: str, place: str) -> None:
    assert zoteroapi.read_place(said) == place


@pytest.mark.parametrize("said", ["", "12", "users/", "users/x", "users/1/items", "keys/current"])
def test_what_names_no_library_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="a library is"):
        zoteroapi.read_place(said)


def test_questions_are_for_version_3_and_for_the_trash_too() -> None:
    address = zoteroapi.items_question("users/12", start=100, since=7, collection="QQQQ1111")

    assert address == (
        "https://api.zotero.org/users/12/collections/QQQQ1111/items/top"
        "?v=3&includeTrashed=1&limit=100&start=100&since=7"
    )
