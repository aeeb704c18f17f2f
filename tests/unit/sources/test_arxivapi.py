from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import (
    AnswerPageEmpty,
    AnswerUnknown,
    FeedEmptyAnswer,
    FeedError,
    FeedIsWebPage,
    FeedSaysError,
    FeedThrottled,
)
from academichub.sources.arxivapi import CONNECTOR, lookup, read
from academichub.sources.harvest import Step, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from academichub.model.papers import Feed

SPACES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
    ' xmlns:arxiv="http://arxiv.org/schemas/atom"'
)


def entry(name: str, *, title: str = "Lamps", summary: str = "We count.") -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/{name}</id><title>{title}</title><summary>{summary}</summary>"
        '<category term="cs.AI"/></entry>'
    )


def answer(*entries: str, total: int | None = None) -> bytes:
    told = "" if total is None else f"<opensearch:totalResults> {total}\n</opensearch:totalResults>"
    return f"<feed {SPACES}><title>arXiv Query</title>{told}{''.join(entries)}</feed>".encode()


# -- asking ---------------------------------------------------------------------------------------


def test_a_lookup_asks_for_as_many_as_it_names() -> None:
    step = lookup(["2606.10421", "arXiv:1706.03762v2", "math.GT/0309136", "https://arxiv.org/abs/2606.10421"])

    address, _, query = step.url.partition("?")
    assert address == "https://export.arxiv.org/api/query"
    assert parse_qs(query) == {
        "id_list": ["2606.10421,1706.03762v2,math/0309136"],
        "start": ["0"],
        "max_results": ["3"],
    }
    assert step.scope == "2606.10421,1706.03762v2,math/0309136"
    assert "," not in query


@pytest.mark.parametrize(
    "names", [[], ["2606.10421", "abc"], [f"2606.{number:05}" for number in range(1, 102)]]
)
def test_what_arxiv_would_refuse_is_not_asked(names: list[str]) -> None:
    with pytest.raises(ValueError, match="identifier"):
        lookup(names)


def test_a_hundred_are_asked_at_once() -> None:
    step = lookup([f"2606.{number:05}" for number in range(1, 101)])

    assert parse_qs(urlsplit(step.url).query)["max_results"] == ["100"]
    assert CONNECTOR.most_lookups == 100


# -- reading --------------------------------------------------------------------------------------


def test_papers_that_did_not_come_are_named() -> None:
    step = lookup(["2606.10421", "2606.10422v1", "2606.10423v3", "2606.10424"])

    page = read(
        answer(entry("2606.10421v2"), entry("2606.10422v1"), entry("2606.10423v4")), step, DEFAULT_LIMITS
    )

    assert page.feed.warnings == ("missing: 2606.10423v3", "missing: 2606.10424")
    assert page.next is None


def test_a_paper_that_came_and_cannot_be_read_is_not_missing() -> None:
    step = lookup(["2606.10421", "2606.10422"])
    body = answer(entry("2606.10421v1", summary="a" * 50), entry("2606.10422v1"))

    feed = read(body, step, Limits(text_characters=20)).feed

    assert [each.external_id for each in feed.rejected] == ["http://arxiv.org/abs/2606.10421v1"]
    assert feed.warnings == ()


def test_unknown_identifiers_are_an_honest_empty_answer() -> None:
    page = read(answer(total=0), lookup(["2606.10421"]), DEFAULT_LIMITS)

    assert (page.feed.records, page.total) == ((), 0)
    assert page.feed.warnings == ("missing: 2606.10421",)


def test_an_answer_that_counts_papers_and_holds_none_is_recognised() -> None:
    with pytest.raises(AnswerPageEmpty) as caught:
        read(answer(total=3), lookup(["2606.10421"]), DEFAULT_LIMITS)

    assert caught.value.facts == {"seen": 0, "total": 3}


def test_a_saved_answer_misses_nothing() -> None:
    page = read_saved(CONNECTOR, answer(entry("2606.10421v1"), total=214881))

    assert (len(page.feed.records), page.total, page.feed.warnings) == (1, 214881, ())


@pytest.mark.parametrize(
    ("name", "summary", "message"),
    [
        ("https://arxiv.org/api/errors#bad", "incorrect id format for abc", "incorrect id format for abc"),
        ("https://arxiv.org/errors/7", "too busy", "too busy"),
        ("urn:7", " ", "urn:7"),
        ("", " ", "error"),
    ],
)
def test_an_error_dressed_as_an_entry_is_an_error(name: str, summary: str, message: str) -> None:
    body = answer(
        f"<entry><id>{name}</id><title> Error </title><summary>{summary}</summary></entry>", total=1
    )

    with pytest.raises(FeedSaysError) as caught:
        read(body, lookup(["2606.10421"]), DEFAULT_LIMITS)

    assert caught.value.facts == {"message": message}


def test_a_paper_called_error_is_a_paper() -> None:
    page = read(answer(entry("2606.10421v1", title="Error")), lookup(["2606.10421"]), DEFAULT_LIMITS)

    assert page.feed.records[0].title.value == "Error"


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        (b"Rate exceeded.", FeedThrottled),
        (b"", FeedEmptyAnswer),
        (b"<html><title>503</title></html>", FeedIsWebPage),
        (b'<rss version="2.0"><channel><title>No Atom</title></channel></rss>', AnswerUnknown),
    ],
)
def test_what_is_no_answer_of_the_api_is_recognised(body: bytes, wrong: type[FeedError]) -> None:
    with pytest.raises(wrong):
        read(body, lookup(["2606.10421"]), DEFAULT_LIMITS)


def test_a_count_is_found_whatever_its_prefix_and_only_in_an_element() -> None:
    said = answer(entry("2606.10421v1", summary="&lt;totalResults&gt;9&lt;/totalResults&gt;"))

    assert read_saved(CONNECTOR, said).total is None
    assert (
        read_saved(
            CONNECTOR, said.replace(b"<entry>", b'<o:totalResults a="b">2</o:totalResults><entry>', 1)
        ).total
        == 2
    )


def test_answers_are_not_recognised_by_the_root_of_every_feed() -> None:
    assert CONNECTOR.recognises_xml is None
    assert CONNECTOR.first is None


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_feed_error(body: bytes) -> None:
    try:
        read_saved(CONNECTOR, body)
    except FeedError:
        return


def real(data: Callable[[str], Path], name: str) -> tuple[Feed, int | None]:
    path = data(f"captures/arxiv_api/arxiv.py/tests/fixtures/{name}.json")
    saved = json.loads(path.read_text(encoding="utf-8"))
    asked = parse_qs(urlsplit(saved["url"]).query).get("id_list", [""])[0]
    page = read(saved["body"].encode(), Step(url="", scope=asked), DEFAULT_LIMITS)
    return page.feed, page.total


def test_real_answers_name_what_is_missing(data: Callable[[str], Path]) -> None:
    feed, total = real(data, "id_0808.05394_1707.08567_s0_m100_42e5aa0ec3af")

    assert (len(feed.records), total, feed.warnings) == (1, 1, ("missing: 0808.05394",))


def test_a_real_refusal_is_told(data: Callable[[str], Path]) -> None:
    with pytest.raises(FeedSaysError) as caught:
        real(data, "id_abc_s0_m100_b79c8dcf6bc3")

    assert caught.value.facts == {"message": "incorrect id format for abc"}
