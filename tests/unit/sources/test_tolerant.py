from __future__ import annotations

import io
import json
import resource
import sys
from typing import TYPE_CHECKING, Any

import pytest

from academichub.errors import FeedTooManyEntries, FeedUnreadable
from academichub.model.papers import Form, Text
from academichub.sources import tolerant, tolerant_child
from academichub.sources.limits import Limits
from academichub.sources.reading import read

if TYPE_CHECKING:
    from academichub.model.papers import Feed

BROKEN = """<rss version="2.0" xmlns:p="http://prismstandard.org/namespaces/basic/2.0/"
 xmlns:thing="urn:thing" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Broken</title>
<item><title>One</title><link>/1</link><guid isPermaLink="false">1</guid><x></y>
<author>a@b.org (Ann)</author><description>D &lt;b&gt;</description><p:publicationName>J</p:publicationName>
<thing:Part role="x"/><media:content url="u1"/><media:content url="u2"/></item>{}</channel></rss>"""


def broken(more: str = "", **limits: int) -> Feed:
    return read(BROKEN.format(more).encode(), base="https://base.example.org/", limits=Limits(**limits))


def test_a_broken_feed_is_read_and_says_so() -> None:
    feed = broken("<item><title>Two</title></item>")

    assert feed.parser == "feedparser"
    assert feed.warnings[0].startswith("broken: Opening and ending tag mismatch: x")
    assert [record.title.value for record in feed.records] == ["One", "Two"]
    first = feed.records[0]
    assert first.link == "https://base.example.org/1"
    assert (first.authors[0].name, first.authors[0].email) == ("Ann", "a@b.org")
    assert first.summary == Text("D <b>", Form.UNSAID)


def test_a_broken_feed_keeps_its_names() -> None:
    fields = broken().records[0].fields

    assert fields["prism:publicationName"] == ("J",)
    assert fields["media:content@url"] == ("u1", "u2")
    assert fields["thing:Part@role"] == ("x",)


def test_a_broken_atom_feed_keeps_the_forms_of_its_texts() -> None:
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">a &lt;i></title>'
        b"<summary>plain</summary><updated>2026</updated><x></y></entry></feed>"
    )

    record = read(body).records[0]

    assert record.title == Text("a <i>", Form.HTML)
    assert record.summary == Text("plain", Form.PLAIN)
    assert (record.published, record.updated) == ("2026", "")


def test_an_entry_beyond_its_cap_is_kept_aside() -> None:
    feed = broken(f"<item><guid>2</guid><title>{'x' * 300}</title></item>", title_characters=200)

    assert [record.title.value for record in feed.records] == ["One"]
    assert [(each.position, each.external_id) for each in feed.rejected] == [(1, "2")]


def test_too_many_entries_are_refused() -> None:
    with pytest.raises(FeedTooManyEntries):
        broken("<item></item>", entries=1)


def test_a_broken_feed_too_long_to_try_is_unreadable() -> None:
    for size in (100, len(BROKEN) + 1):
        with pytest.raises(FeedUnreadable) as caught:
            broken("é" * 20, tolerant_bytes=size)
        assert caught.value.facts["line"] == 3


def test_what_feedparser_finds_nothing_in_is_unreadable() -> None:
    with pytest.raises(FeedUnreadable):
        read(b"<a><b></a>")


def test_entries_that_were_not_counted_beforehand_are_counted_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tolerant, "refuse_piles", lambda *_, **__: None)

    with pytest.raises(FeedTooManyEntries):
        broken("<item></item>", entries=1)


def test_a_feed_that_breaks_feedparser_itself_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tolerant, "CHILD", "academichub.sources.no_such_child")

    with pytest.raises(FeedUnreadable):
        broken()


# -- the child, without its process ---------------------------------------------------------------


class Pipes:
    """Standard input and output as `tolerant_child` uses them."""

    def __init__(self, body: bytes) -> None:
        self.buffer = io.BytesIO(body)


def child(monkeypatch: pytest.MonkeyPatch, body: bytes) -> tuple[int, bytes, list[int]]:
    limited: list[int] = []
    out = Pipes(b"")
    monkeypatch.setattr(resource, "setrlimit", lambda what, _: limited.append(what))
    monkeypatch.setattr(sys, "argv", ["child", "5", "1000000000"])
    monkeypatch.setattr(sys, "stdin", Pipes(body))
    monkeypatch.setattr(sys, "stdout", out)
    status = tolerant_child.main()
    return status, out.buffer.getvalue(), limited


def test_the_child_limits_itself_before_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    status, answer, limited = child(monkeypatch, BROKEN.format("").encode())

    told: dict[str, Any] = json.loads(answer)
    assert status == 0
    assert {resource.RLIMIT_CPU, resource.RLIMIT_AS} <= set(limited)
    assert told["version"] == "rss20"
    assert told["entries"][0]["title"]["value"] == "One"
    assert "id" in told["entries"][0]


def test_the_child_does_not_flood_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tolerant_child, "OUTPUT_CHARACTERS", 10)

    assert child(monkeypatch, BROKEN.format("").encode())[:2] == (tolerant_child.OUT_OF_MEMORY, b"")


@pytest.mark.parametrize("error", [MemoryError, RecursionError])
def test_the_child_names_its_want_of_memory(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def fail(_: bytes) -> dict[str, Any]:
        raise error

    monkeypatch.setattr(tolerant_child, "_read", fail)

    assert child(monkeypatch, b"")[0] == tolerant_child.OUT_OF_MEMORY == tolerant.OUT_OF_MEMORY
