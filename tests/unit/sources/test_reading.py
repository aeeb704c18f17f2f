from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import (
    FeedEmptyAnswer,
    FeedError,
    FeedIsWebPage,
    FeedSaysError,
    FeedThrottled,
    FeedTooDeep,
    FeedTooLarge,
    FeedTooManyEntries,
    FeedUnreadable,
)
from academichub.model.papers import Feed
from academichub.sources.reading import Limits, read
from benchmarks.feeds import arxiv_feed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RSS = '<rss version="2.0"><channel><title>t</title>{}</channel></rss>'
ENTRY = "<item><title>x</title><guid>1</guid></item>"
ATOM_ERROR = """<feed xmlns="http://www.w3.org/2005/Atom"><title>arXiv Search Results</title><entry>
<id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id><title>Error</title>
<summary>incorrect id format for abc</summary></entry></feed>"""


def rss(inside: str) -> bytes:
    return RSS.format(inside).encode()


@pytest.mark.parametrize("body", [b"", b" \r\n\t ", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_nothing_is_an_empty_answer(body: bytes) -> None:
    with pytest.raises(FeedEmptyAnswer):
        read(body)


@pytest.mark.parametrize(
    "body",
    [
        b"Rate exceeded.",
        b"\n Rate exceeded.\n",
        b"429 Too Many Requests",
        b'{"message": "API rate limit exceeded for this address"}',
        b"You have exceeded the request rate limit. Please slow down.",
    ],
)
def test_a_request_to_slow_down_is_not_an_error_of_the_feed(body: bytes) -> None:
    with pytest.raises(FeedThrottled) as caught:
        read(body)

    assert caught.value.retryable
    assert caught.value.facts["message"] == " ".join(body.decode().split())


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<!DOCTYPE html><html><head><title>Just a\n moment&hellip;</title></head></html>", "Just a moment…"),
        ("<html><body>No title</body></html>", ""),
        ('<?xml version="1.0"?><!-- c --><HTML xmlns="x"><TITLE>Up</TITLE><p>unclosed</HTML>', "Up"),
        ("<div>Not found</div>", ""),
        (
            '<x:html xmlns:x="http://www.w3.org/1999/xhtml"><x:head><x:title>X</x:title></x:head></x:html>',
            "X",
        ),
    ],
)
def test_a_web_page_is_named_with_its_title(body: str, title: str) -> None:
    with pytest.raises(FeedIsWebPage) as caught:
        read(body.encode())

    assert caught.value.facts == {"title": title}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"Permission denied", "no element at all"),
        (b"\x1f\x8b\x08\x00", "gzip, not text"),
        (b"%PDF-1.7", "a PDF document, not text"),
        (b'<?xml version="1.0"?><urlset><url/></urlset>', "XML, but no feed: <urlset>"),
        (
            b"<Error><Code>AccessDenied</Error>",
            "Opening and ending tag mismatch: Code line 1 and Error, line 1",
        ),
        (b"[1, 2]", "JSON, but no feed"),
        (b'{"a": ', "JSON: Expecting value"),
        (b'{"version": "https://jsonfeed.org/version/1234", "items": []}', "JSON, but no JSON Feed we know"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "a JSON Feed without items"),
    ],
)
def test_what_is_no_feed_says_what_it_is(body: bytes, reason: str) -> None:
    with pytest.raises(FeedUnreadable) as caught:
        read(body)

    assert str(caught.value.facts["reason"]).startswith(reason)


def test_arxivs_error_feed_is_an_error() -> None:
    body = RSS.replace("<title>t", "<title>Feed error for query: cs.NOPE").format(
        "<description>No such category</description>"
    )

    with pytest.raises(FeedSaysError) as caught:
        read(body.encode())

    assert caught.value.facts == {"message": "Feed error for query: cs.NOPE: No such category"}


def test_arxivs_error_entry_is_an_error() -> None:
    with pytest.raises(FeedSaysError) as caught:
        read(ATOM_ERROR.encode())

    assert caught.value.facts == {"message": "incorrect id format for abc"}


@pytest.mark.parametrize(
    "body",
    [
        RSS.format(""),
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>arXiv Query</title></feed>',
        '{"version": "https://jsonfeed.org/version/1.1", "items": []}',
    ],
)
def test_a_feed_without_entries_is_a_feed(body: str) -> None:
    assert read(body.encode()).records == ()


def test_a_paper_about_errors_is_no_error() -> None:
    feed = read(ATOM_ERROR.replace("https://arxiv.org/api/errors#", "http://arxiv.org/abs/").encode())

    assert feed.records[0].title.value == "Error"


def test_text_is_refused_for_it_might_be_taken_for_an_address() -> None:
    with pytest.raises(TypeError):
        read("https://example.org/feed")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("limits", "error"),
    [
        (Limits(body_bytes=10), FeedTooLarge),
        (Limits(entries=1), FeedTooManyEntries),
        (Limits(depth=3), FeedTooDeep),
        (Limits(attributes=1), FeedTooDeep),
    ],
)
def test_limits_may_be_set_tighter(limits: Limits, error: type[FeedError]) -> None:
    body = rss(ENTRY + '<item><title>y</title><x a="1" b="2"/></item>')

    assert len(read(body).records) == 2
    with pytest.raises(error):
        read(body, limits=limits)


def test_json_entries_are_counted_too() -> None:
    body = json.dumps({"version": "https://jsonfeed.org/version/1", "items": [{}, {}]}).encode()

    with pytest.raises(FeedTooManyEntries):
        read(body, limits=Limits(entries=1))


@given(st.binary(max_size=400))
def test_any_bytes_give_a_feed_or_a_named_error(noise: bytes) -> None:
    # Tolerated bytes are none: whatever is not well-formed is refused without starting a child.
    limits = Limits(tolerant_bytes=0)

    for body in (noise, b"<rss><channel><item>" + noise + b"</item></channel></rss>", b"{" + noise):
        try:
            feed = read(body, limits=limits)
        except FeedError:
            continue
        assert isinstance(feed, Feed)


PLAIN = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=60
)


@given(st.lists(st.tuples(PLAIN, PLAIN, PLAIN), max_size=5))
def test_every_character_of_a_feed_arrives(papers: list[tuple[str, str, str]]) -> None:
    records = [
        {
            "id": f"2605.{index:05}",
            "title": title,
            "abstract": abstract,
            "authors": [author],
            "categories": [],
        }
        for index, (title, abstract, author) in enumerate(papers)
    ]

    feed = read(arxiv_feed(records))

    assert [record.title.value for record in feed.records] == [title.strip() for title, _, _ in papers]
    assert [record.summary.value.partition("Abstract: ")[2] for record in feed.records] == [
        abstract.strip() if not abstract.strip() else abstract.rstrip() for _, abstract, _ in papers
    ]
    assert [record.fields["dc:creator"] for record in feed.records] == [(author,) for _, _, author in papers]


def test_every_real_feed_is_read(data: Callable[[str], Path]) -> None:
    folders = ["captures/journal_rss", "captures/arxiv_rss", "cjk/chinese-econ-rss", "feeds/real-feeds"]
    paths = [path for folder in folders for path in data(folder).rglob("*") if path.is_file()]

    feeds = {
        path: read(path.read_bytes())
        for path in paths
        if path.suffix in {".xml", ".rss", ""} and path.name != "LICENSE"
    }

    assert len(feeds) > 90
    for path, feed in feeds.items():
        assert feed.rejected == (), path
        assert all(record.title or record.summary or record.external_id for record in feed.records), path


def test_every_answer_of_arxivs_api_is_read(data: Callable[[str], Path]) -> None:
    refused, read_well = {}, {}
    for path in data("captures/arxiv_api/arxiv.py/tests/fixtures").glob("*.json"):
        answer = json.loads(path.read_text(encoding="utf-8"))
        try:
            read_well[path.name] = len(read(answer["body"].encode()).records)
        except FeedSaysError as error:
            refused[path.name] = (answer["status_code"], error.facts["message"])

    assert len(read_well) > 10
    assert max(read_well.values()) == 100
    assert list(refused.values()) == [(400, "incorrect id format for abc")]


def test_natures_feed_keeps_its_identifiers(data: Callable[[str], Path]) -> None:
    feed = read(data("captures/journal_rss/nature.rss").read_bytes())

    assert feed.format == "rss 1.0"
    assert all(record.first("prism:doi").startswith("10.1038/") for record in feed.records)
    assert all(record.summary.value == record.content.value != "" for record in feed.records)
    assert feed.records[0].published == "2024-07-18"
    assert len(feed.records[0].authors) == 3


@pytest.mark.parametrize(
    "before",
    [
        "",
        "\ufeff",
        "\n ",
        "<?xml version='1.0' encoding='utf-8'?>\n<!-- é -->",
        "<!DOCTYPE rss [<!ENTITY a 'ü'>]>",
    ],
)
@pytest.mark.parametrize("title", ["Café α", "Caf&eacute; &#945;", "Café\x00 α"])
def test_what_stands_before_the_root_never_shifts_what_is_read(before: str, title: str) -> None:
    body = f"{before}<rss version='2.0'><channel><item><title>{title}</title></item></channel></rss>"

    (record,) = read(body.encode()).records

    assert record.title.value == "Café α"
