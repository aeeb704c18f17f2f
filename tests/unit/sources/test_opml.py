"""Lists of feeds, as readers hand them to each other."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import (
    FeedEmptyAnswer,
    FeedError,
    FeedIsWebPage,
    FeedTooLarge,
    FeedTooManyEntries,
    FeedUnreadable,
)
from academichub.sources.limits import DEFAULT_LIMITS, Limits
from academichub.sources.opml import MOST_FOLDERS, Opml, Outline, in_order, read_opml, write_opml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = datetime(2026, 6, 18, 9, 30, tzinfo=timezone(timedelta(hours=8)))


def read(
    body: str, *, head: str = "<head><title>Mine</title></head>", limits: Limits = DEFAULT_LIMITS
) -> Opml:
    return read_opml(f'<opml version="2.0">{head}<body>{body}</body></opml>'.encode(), limits)


def written(*outlines: Outline, title: str = "Mine") -> str:
    return write_opml(outlines, title=title, created_at=NOW).decode()


# -- reading --------------------------------------------------------------------------------------


def test_a_list_gives_feeds_with_their_pages_and_folders() -> None:
    said = read(
        """
        <outline text="Light" title="Letters &amp; Light" type="rss"
                 xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/>
        <outline text="Science"><outline text=" Physics  today ">
          <outline text="Waves" xmlUrl=" feed://b.example/rss "/>
        </outline>
        <outline text="Quanta" XMLURL="feed:https://c.example/rss" htmlUrl="javascript:1"/></outline>
        <outline xmlUrl="HTTPS://d.example/x" text="HTTPS://d.example/x" category="/Law/Courts,/News"
                 type="atom"/>
        """
    )

    assert said == Opml(
        "Mine",
        (
            Outline("https://a.example/feed", "Letters & Light", "https://a.example/"),
            Outline("http://b.example/rss", "Waves", folder=("Science", "Physics today")),
            Outline("https://c.example/rss", "Quanta", folder=("Science",)),
            Outline("HTTPS://d.example/x", folder=("Law", "Courts"), type="atom"),
        ),
    )


def test_a_feed_is_kept_once_where_it_was_named_first() -> None:
    said = read(
        '<outline text="A"><outline text="one" xmlUrl="https://a.example/"/></outline>'
        '<outline text="two" xmlUrl="https://a.example/"/>'
    )

    assert said.outlines == (Outline("https://a.example/", "one", folder=("A",)),)


def test_what_names_no_feed_is_rejected_with_its_reason_and_its_neighbours_are_kept() -> None:
    said = read(
        '<outline text="one" xmlUrl="https://a.example/1"/>'
        '<outline text="gone" type="rss" htmlUrl="https://a.example/"/>'
        '<outline text="local" type="rss" xmlUrl="file:///etc/passwd"/>'
        '<outline text="empty folder"/>'
        '<outline text="cut" xmlUrl="https://[::1"/>'
        '<outline text="split" xmlUrl="https://a.example/a b"/>'
        f'<outline text="long" xmlUrl="https://a.example/{"x" * 3000}"/>'
        '<outline text="two" xmlUrl="https://a.example/2"/>'
    )

    assert [one.title for one in said.outlines] == ["one", "two"]
    assert [(one.position, one.title, one.error.code) for one in said.rejected] == [
        (1, "gone", "record.broken"),
        (2, "local", "address.malformed"),
        (4, "cut", "address.malformed"),
        (5, "split", "address.malformed"),
        (6, "long", "address.malformed"),
    ]
    assert said.rejected[0].excerpt == 'text="gone" type="rss" htmlurl="https://a.example/"'
    assert said.rejected[1].external_id == "file:///etc/passwd"
    assert all(len(one.excerpt) <= 2000 for one in said.rejected)


def test_outlines_inside_a_feed_lie_beside_it() -> None:
    said = read(
        '<outline text="F"><outline text="one" xmlUrl="https://a.example/1">'
        '<outline text="two" xmlUrl="https://a.example/2"/></outline></outline>'
        '<outline><outline text="three" xmlUrl="https://a.example/3"/></outline>'
        '<p><outline text="four" xmlUrl="https://a.example/4"/></p>'
    )

    assert [(one.title, one.folder) for one in said.outlines] == [
        ("one", ("F",)),
        ("two", ("F",)),
        ("three", ()),
    ]


def test_folders_are_followed_as_deep_as_is_sane() -> None:
    depth = 60
    feed = '<outline text="deep" xmlUrl="https://a.example/"/>'

    said = read('<outline text="f">' * depth + feed + "</outline>" * depth)

    assert said.outlines[0].folder == ("f",) * MOST_FOLDERS


BROKEN = """<?xml version="1.0"?>
<opml version="1.0"><head><title>Export of Plenary</title></head><body>
  <outline text="Science & Nature">
    <outline text="R&D > rest" description="one<br>two" xmlUrl="https://a.example/?a=1&b=2" type="rss" />
    <outline text="Second" xmlUrl="https://a.example/2"></outline>
    <outline text="half" xmlUrl="https://a.example/3 />
    <outline text="Third" xmlUrl='https://a.example/4'/>
  </outline>
  <outline text="Last" xmlUrl="https://a.example/5"/>
</body></opml>"""


def test_a_list_that_is_not_well_formed_is_read_tag_by_tag() -> None:
    said = read_opml(BROKEN.encode(), DEFAULT_LIMITS)

    folder = ("Science & Nature",)
    assert said.title == "Export of Plenary"
    assert said.outlines[:2] == (
        Outline("https://a.example/?a=1&b=2", "R&D > rest", folder=folder),
        Outline("https://a.example/2", "Second", folder=folder),
    )
    assert said.outlines[2:] == (
        Outline("https://a.example/4", "Third", folder=folder),
        Outline("https://a.example/5", "Last"),
    )
    (half,) = said.rejected
    assert (half.title, half.position, half.error.facts["line"]) == ("half", 3, 6)
    assert half.excerpt.startswith('<outline text="half"')
    assert said.warnings[0].startswith("not well-formed, read tag by tag: XML: ")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", FeedEmptyAnswer),
        (b"<rss version='2.0'/>", FeedUnreadable),
        (b"<html><body>Please log in</body></html>", FeedIsWebPage),
        (b"<opml><head>", FeedUnreadable),
        (b"<outline xmlUrl='https://a.example/'><", FeedUnreadable),
        (b"no list at all", FeedUnreadable),
        (b"<!DOCTYPE opml [", FeedUnreadable),
    ],
)
def test_what_is_no_list_is_refused(body: bytes, error: type[FeedError]) -> None:
    with pytest.raises(error):
        read_opml(body, DEFAULT_LIMITS)


def test_a_list_keeps_to_the_limits() -> None:
    feeds = "".join(f'<outline xmlUrl="https://a.example/{number}"/>' for number in range(11))

    with pytest.raises(FeedTooManyEntries):
        read(feeds, limits=Limits(entries=10))
    with pytest.raises(FeedTooManyEntries):
        read(feeds + "<broken", limits=Limits(entries=10))
    with pytest.raises(FeedTooLarge):
        read(feeds, limits=Limits(body_bytes=100))


def test_entities_that_would_grow_are_not_followed() -> None:
    bomb = b"""<!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>
      <opml><body><outline text="&b;&x;" xmlUrl="https://a.example/"/></body></opml>"""

    said = read_opml(bomb, DEFAULT_LIMITS)

    assert said.outlines == (Outline("https://a.example/", "&b;&x;"),)


@pytest.mark.parametrize(
    "piece", ['<outline text="', "<outline ", "<outline><", '<outline a="1" ', "<!--", "<opml>"]
)
def test_a_list_made_to_take_long_takes_no_longer_than_its_length_deserves(piece: str) -> None:
    body = ("<opml><body>" + piece * (1_000_000 // len(piece))).encode()

    started = time.process_time()
    with pytest.raises(FeedError):
        read_opml(body, DEFAULT_LIMITS)

    assert time.process_time() - started < 5


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda said: f"<opml><body>{said}".encode()))
def test_whatever_comes_in_place_of_a_list_raises_nothing_else(body: bytes) -> None:
    try:
        said: Opml | None = read_opml(body, DEFAULT_LIMITS)
    except FeedError:
        said = None

    assert said is None or all(one.url for one in said.outlines)


# -- writing --------------------------------------------------------------------------------------


def test_a_list_is_written_by_folder_and_the_same_each_time() -> None:
    outlines = (
        Outline("https://a.example/z", "zebra", folder=("B", "C")),
        Outline("https://a.example/1", "Ärger & <Freude>", "https://a.example/"),
        Outline("https://a.example/y", "yak", folder=("B",)),
        Outline("https://a.example/x", "", folder=("A",), type="atom"),
        Outline("https://a.example/1", "once more", folder=("A",)),
    )

    assert written(*outlines) == written(*outlines[::-1])
    assert (
        written(*outlines, title=' My "list" ')
        == """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head>
    <title>My "list"</title>
    <dateCreated>Thu, 18 Jun 2026 01:30:00 GMT</dateCreated>
  </head>
  <body>
    <outline text="Ärger &amp; &lt;Freude&gt;" title="Ärger &amp; &lt;Freude&gt;" type="rss" \
xmlUrl="https://a.example/1" htmlUrl="https://a.example/" />
    <outline text="A" title="A">
      <outline text="https://a.example/x" type="atom" xmlUrl="https://a.example/x" />
    </outline>
    <outline text="B" title="B">
      <outline text="yak" title="yak" type="rss" xmlUrl="https://a.example/y" />
      <outline text="C" title="C">
        <outline text="zebra" title="zebra" type="rss" xmlUrl="https://a.example/z" />
      </outline>
    </outline>
  </body>
</opml>
"""
    )


def test_an_empty_list_is_a_list() -> None:
    assert read_opml(written().encode(), DEFAULT_LIMITS) == Opml("Mine", ())


def test_what_xml_cannot_hold_is_left_out() -> None:
    odd = Outline("https://a.example/", "a\x00b\x1f\ud800c\ufffe\x85\x93d", folder=(" \x07", "x\ty"))

    said = read_opml(written(odd, title="\x01T").encode(), DEFAULT_LIMITS)

    assert (said.title, said.outlines) == ("T", (Outline("https://a.example/", "abc d", folder=("x y",)),))


PLAIN = st.text(max_size=12) | st.sampled_from(
    ["&amp;", "<b>", "]]>", "\"'", "é", "中文", "&copy;", "a/b,c", "\U0001f4da"]
)
LINKS = st.text("abcxyz019./?&=;%~_-é中", max_size=20).map("https://a.example/{}".format)
OUTLINES = st.builds(
    Outline,
    LINKS,
    PLAIN,
    LINKS | st.just(""),
    st.lists(PLAIN, max_size=4).map(tuple),
    st.sampled_from(["rss", "atom"]),
)


@given(st.lists(OUTLINES, max_size=8, unique_by=lambda one: one.url), PLAIN)
def test_what_is_written_is_read_again_as_it_was(outlines: list[Outline], title: str) -> None:
    tidy = in_order(outlines)

    said = read_opml(write_opml(outlines, title=title, created_at=datetime.now(UTC)), DEFAULT_LIMITS)

    assert said.outlines == tidy
    assert (said.rejected, said.warnings) == ((), ())
    assert (
        read_opml(write_opml(said.outlines, title=said.title, created_at=NOW), DEFAULT_LIMITS).outlines
        == tidy
    )


def test_real_lists_are_read_whole_and_written_again_without_loss(data: Callable[[str], Path]) -> None:
    paths = sorted(data("refs/feed_lists").rglob("*.opml"))

    assert len(paths) >= 10
    for path in paths:
        body = path.read_bytes()
        said = read_opml(body, DEFAULT_LIMITS)
        again = read_opml(write_opml(said.outlines, title=said.title, created_at=NOW), DEFAULT_LIMITS)
        assert len(said.outlines) == body.lower().count(b"xmlurl=")
        assert said.rejected == ()
        assert (again.outlines, again.title) == (in_order(said.outlines), said.title)
