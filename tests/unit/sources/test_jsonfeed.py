from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from academichub.errors import FeedError, FeedTooDeep, FeedUnreadable, RecordBroken
from academichub.model.papers import Feed, Form, Record, RecordAuthor, Text
from academichub.sources.limits import Limits
from academichub.sources.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def feed_of(*items: object, version: str = "https://jsonfeed.org/version/1.1", **members: object) -> Feed:
    body = json.dumps({"version": version, "items": items, **members}).encode()
    return read(body, base="https://base.example.org/feed.json", limits=Limits(title_characters=100))


def record_of(**members: Any) -> Record:
    return feed_of(members).records[0]


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("https://jsonfeed.org/version/1", "json feed 1.0"),
        ("http://www.jsonfeed.org/version/1.1/", "json feed 1.1"),
    ],
)
def test_the_version_is_told(version: str, name: str) -> None:
    assert feed_of(version=version).format == name


@pytest.mark.parametrize("version", ["", "2", "https://jsonfeed.org/version/2"])
def test_another_version_is_no_feed_we_know(version: str) -> None:
    with pytest.raises(FeedUnreadable):
        feed_of(version=version)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("a", "a"), (7, "7"), (3.5, "3.5"), (True, ""), (None, ""), ([], ""), (float("inf"), "")],
)
def test_an_identifier_may_be_a_number(given: object, kept: str) -> None:
    assert record_of(id=given).external_id == kept


@pytest.mark.parametrize(
    ("members", "summary", "content"),
    [
        ({"content_text": "a<b"}, Text("a<b", Form.PLAIN), Text("a<b", Form.PLAIN)),
        ({"content_html": "<p>"}, Text("<p>", Form.HTML), Text("<p>", Form.HTML)),
        ({"summary": "s", "content_html": "<p>"}, Text("s", Form.PLAIN), Text("<p>", Form.HTML)),
    ],
)
def test_texts_say_how_they_are_to_be_read(members: dict[str, str], summary: Text, content: Text) -> None:
    record = record_of(**members)

    assert (record.summary, record.content) == (summary, content)


def test_an_entry_that_is_no_object_is_kept_aside() -> None:
    feed = feed_of({"id": "1"}, "text", {"id": "3", "title": "x" * 200}, {"id": "4"})

    assert [record.external_id for record in feed.records] == ["1", "4"]
    assert [(each.position, each.external_id) for each in feed.rejected] == [(1, ""), (2, "3")]
    assert all(isinstance(each.error, RecordBroken) for each in feed.rejected)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"version": ' + b"[" * 50_000, FeedTooDeep),
        (b'{"version": ' + b"9" * 5_000 + b"}", FeedUnreadable),
        (b'{"version": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", FeedTooDeep),
    ],
)
def test_json_that_python_itself_gives_up_on_is_refused(body: bytes, error: type[FeedError]) -> None:
    with pytest.raises(error):
        read(body)


def test_too_many_json_values_are_refused_before_they_are_read() -> None:
    with pytest.raises(FeedTooDeep):
        read(b'{"items": [{}, {}, {}]}', limits=Limits(json_values=3))


def test_a_feed_with_no_home_has_no_link() -> None:
    assert feed_of().link == ""
    assert feed_of(home_page_url="/home").link == "https://base.example.org/home"


def test_samples_of_another_reader_are_read_as_it_reads_them(data: Callable[[str], Path]) -> None:
    full, invalid = (
        read(data(f"feeds/reader/tests/data/{name}.json").read_bytes()) for name in ("full", "invalid")
    )

    assert full.title == "My Example Feed"
    assert [record.external_id for record in full.records] == ["2", "1"]
    assert full.records[0].content == Text('Content with <a href="http://example.com/">link</a>', Form.HTML)
    assert full.records[0].authors == (
        RecordAuthor("", uri="mailto:joe@example.com", email="joe@example.com"),
    )
    assert full.records[1].authors == (RecordAuthor("Jane"),)
    assert sum(link.rel == "enclosure" for link in full.records[0].links) == 2
    assert (invalid.title, invalid.link, invalid.language) == ("", "", "")
    assert [record.external_id for record in invalid.records][:2] == ["2", "3.1415"]
    assert not invalid.records[0].title
    assert not invalid.records[0].content
    assert invalid.records[-1].authors == (RecordAuthor("Jane"),)
